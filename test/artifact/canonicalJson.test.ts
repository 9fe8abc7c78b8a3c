import assert from "node:assert/strict";
import fc from "fast-check";
import {
  canonicalBytes,
  canonicalJson,
  type Json,
  parseCanonicalJson,
} from "../../src/artifact/index.ts";

describe("canonical JSON", () => {
  it("sorts keys, leaves no space and skips undefined", () => {
    assert.equal(
      canonicalJson({ b: [1, "x"], a: { d: null, c: true }, e: undefined }),
      '{"a":{"c":true,"d":null},"b":[1,"x"]}',
    );
  });

  it("reads back what it wrote, whatever the order of keys", () => {
    const value = fc.letrec((tie) => ({
      json: fc.oneof(
        fc.maxSafeInteger(),
        fc.string({ unit: "grapheme" }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("json")),
        fc.dictionary(fc.string(), tie("json"), { noNullPrototype: true }),
      ),
    })).json;
    fc.assert(
      fc.property(value, (json) => {
        if (Object.is(json, -0)) return;
        assert.equal(
          canonicalJson(parseCanonicalJson(canonicalBytes(json as Json))),
          canonicalJson(json as Json),
        );
      }),
    );
  });

  it("refuses any other spelling", () => {
    for (const text of [
      '{"b":1,"a":2}',
      '{"a":1,"a":1}',
      '{"a": 1}',
      " {}",
      "{}\n",
      "1.0",
      "1e0",
      "0.5",
      "-0",
      "9007199254740993",
      '"\\u0061"',
      "\ufeff{}",
      "{",
      "",
    ])
      assert.throws(() => parseCanonicalJson(new TextEncoder().encode(text)), SyntaxError, text);
  });

  it("refuses bytes that are not UTF-8, and numbers that are no safe integers", () => {
    assert.throws(() => parseCanonicalJson(Uint8Array.of(0x22, 0xff, 0x22)), TypeError);
    for (const bad of [0.5, NaN, Infinity, 2 ** 53])
      assert.throws(() => canonicalJson(bad), RangeError);
  });
});
