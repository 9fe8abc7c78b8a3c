import assert from "node:assert/strict";
import { decodeSafetensors, encodeSafetensors, ModelFileError } from "../../src/model/index.ts";

/** A file from any header text. */
function file(
  header: string | object,
  data: Uint8Array = new Uint8Array(0),
  length?: number,
): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(length ?? json.length));
  return Buffer.concat([head, json, data]);
}

describe("safetensors", () => {
  const good = encodeSafetensors({
    metadata: { a: "b" },
    tensors: new Map([
      ["one", { type: "U8", shape: [3], bytes: Uint8Array.of(1, 2, 3) }],
      ["two", { type: "I64", shape: [1, 2], bytes: new Uint8Array(16).fill(7) }],
    ]),
  });

  it("reads back what it wrote, header padded to 8 bytes", () => {
    const { metadata, tensors } = decodeSafetensors(good, "f");
    assert.deepEqual(metadata, { a: "b" });
    assert.deepEqual([...tensors.keys()], ["one", "two"]);
    assert.deepEqual([...tensors.get("one")!.bytes], [1, 2, 3]);
    assert.equal(new DataView(good.buffer).getBigUint64(0, true) % 8n, 0n);
  });

  it("reads tensors in the order of their bytes, and files without metadata", () => {
    const header = {
      b: { dtype: "U8", shape: [1], data_offsets: [1, 2] },
      a: { dtype: "U8", shape: [1], data_offsets: [0, 1] },
    };
    const { tensors, metadata } = decodeSafetensors(file(header, Uint8Array.of(1, 2)), "f");
    assert.deepEqual([...tensors.keys()], ["a", "b"]);
    assert.deepEqual(metadata, {});
  });

  const bad = (bytes: Uint8Array, pattern: RegExp) =>
    assert.throws(
      () => decodeSafetensors(bytes, "w.safetensors"),
      (error) => {
        assert.ok(error instanceof ModelFileError, String(error));
        assert.match(error.message, /^w\.safetensors: /);
        assert.match(error.message, pattern);
        return true;
      },
    );

  it("refuses every truncation and trailing bytes", () => {
    for (let length = 0; length < good.length; length++) bad(good.subarray(0, length), /./);
    bad(Buffer.concat([good, Buffer.alloc(1)]), /trailing bytes/);
  });

  it("refuses header lengths beyond the file without allocating them", () => {
    bad(file("{}", new Uint8Array(0), 3), /claims 3 bytes/);
    bad(Buffer.from("ffffffffffffffff7b7d", "hex"), /claims 18446744073709551615 bytes/);
  });

  it("refuses headers that are no JSON object", () => {
    for (const header of [" {}", "[]", "null", "{", '{"a":}', ""]) bad(file(header), /header/);
    bad(file({ __metadata__: { a: 1 } }), /__metadata__/);
    bad(file({ __metadata__: "x" }), /__metadata__/);
  });

  it("refuses unknown types and fields, negative or fractional sizes", () => {
    const entry = { dtype: "U8", shape: [1], data_offsets: [0, 1] };
    for (const change of [
      { dtype: "BF16" },
      { dtype: 3 },
      { shape: [-1] },
      { shape: [0.5] },
      { shape: 1 },
      { shape: [1, 1, 1, 1, 1, 1, 1, 1, 1] },
      { data_offsets: [0] },
      { data_offsets: [0, -1] },
      { extra: 1 },
    ])
      bad(file({ t: { ...entry, ...change } }, Uint8Array.of(0)), /tensor "t"/);
  });

  it("refuses gaps, overlaps, and offsets that do not fit the shape", () => {
    const tensor = (from: number, to: number, shape = [to - from]) => ({
      dtype: "U8",
      shape,
      data_offsets: [from, to],
    });
    const four = new Uint8Array(4);
    bad(file({ a: tensor(0, 1), b: tensor(2, 4) }, four), /tensor "b" spans/);
    bad(file({ a: tensor(0, 3), b: tensor(2, 4) }, four), /tensor "b" spans/);
    bad(file({ a: tensor(0, 4, [3]) }, four), /tensor "a" spans/);
    bad(file({ a: tensor(1, 4) }, four), /tensor "a" spans/);
    bad(file({ a: tensor(0, 4, [2 ** 53 - 1, 2 ** 53 - 1]) }, four), /tensor "a" spans/);
    bad(file({ a: tensor(0, 3) }, four), /trailing/);
  });

  it("will not write tensors whose bytes do not fit their shape", () => {
    const tensors = new Map([
      ["t", { type: "F32" as const, shape: [2], bytes: new Uint8Array(4) }],
    ]);
    assert.throws(() => encodeSafetensors({ metadata: {}, tensors }), RangeError);
  });
});
