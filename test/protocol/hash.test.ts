import assert from "node:assert/strict";
import { keccak256, nobleKeccak, wasmKeccak } from "../../src/protocol/hash.ts";
import { engine } from "../../src/protocol/wasm/engine.ts";
import { ascii, toHex } from "../../src/protocol/bytes.ts";

const wasm = wasmKeccak(engine)!;
const bytes = Uint8Array.from({ length: 140_000 }, (_, i) => (i * i + (i >> 8)) % 251);

describe("keccak256 by WebAssembly", () => {
  it("agrees with Ethereum's published digests", () => {
    const digests = {
      "": "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
      abc: "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    };
    for (const [text, digest] of Object.entries(digests)) {
      assert.equal(toHex(wasm([ascii(text)])), digest);
      assert.equal(toHex(keccak256(ascii(text))), digest);
    }
  });

  it("agrees with noble's for each length to three blocks, and around each chunk", () => {
    const around = [65_280 - 136, 65_280, 65_280 + 136, 130_560];
    const lengths = around.flatMap((at) => [at - 1, at, at + 1]);
    for (const length of [...Array.from({ length: 420 }, (_, i) => i), ...lengths]) {
      const message = bytes.subarray(7, 7 + length);
      assert.deepEqual(wasm([message]), nobleKeccak([message]), `${length} bytes`);
    }
  });

  it("agrees with noble's however a message is cut into parts", () => {
    for (const cuts of [[0], [1, 1], [135, 1, 136], [65_279, 2, 70_000], [65_280, 0, 65_280], []]) {
      let at = 0;
      const parts = cuts.map((length) => bytes.subarray(at, (at += length)));
      assert.deepEqual(wasm(parts), nobleKeccak([bytes.subarray(0, at)]), cuts.join());
      assert.deepEqual(wasm(parts), nobleKeccak(parts), cuts.join());
    }
  });

  it("gives digests that later calls leave alone", () => {
    const first = wasm([ascii("abc")]);
    const copy = first.slice();
    wasm([bytes]);
    assert.deepEqual(first, copy);
  });

  it("begins anew after a message that could not be read to its end", () => {
    assert.throws(() => wasm([bytes, undefined as unknown as Uint8Array]), TypeError);
    assert.deepEqual(wasm([ascii("abc")]), nobleKeccak([ascii("abc")]));
  });

  it("has no module without an engine, or without memory", () => {
    assert.equal(wasmKeccak(undefined), undefined);
    class Full {
      exports = { memory: { buffer: new ArrayBuffer(0) }, buffer: () => 0 };
    }
    assert.equal(wasmKeccak({ Module: Object, Instance: Full }), undefined);
  });
});
