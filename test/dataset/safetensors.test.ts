import assert from "node:assert/strict";
import { DataFormatError, DataMismatchError, DataRangeError } from "../../src/dataset/errors.ts";
import { openSafetensors } from "../../src/dataset/safetensors.ts";
import { DATA_LIMITS } from "../../src/dataset/source.ts";
import { encodeSafetensors, type TensorType } from "../../src/model/index.ts";
import { all, temporaryFolder } from "./files.ts";

describe("safetensors reader for data", () => {
  const folder = temporaryFolder();
  const file = (type: TensorType, shape: number[], hex: string) =>
    encodeSafetensors({
      metadata: {},
      tensors: new Map([
        ["before", { type: "U8" as const, shape: [3], bytes: new Uint8Array(3) }],
        ["x", { type, shape, bytes: Buffer.from(hex, "hex") }],
      ]),
    });
  const open = (bytes: Uint8Array, name = "x", limits = DATA_LIMITS) =>
    openSafetensors(folder.write("a.safetensors", bytes), name, limits);

  it("reads every element type little-endian, at any alignment", () => {
    const cases: [TensorType, string, number][] = [
      ["BOOL", "01", 1],
      ["U8", "ff", 255],
      ["I8", "ff", -1],
      ["U16", "0100", 1],
      ["I16", "feff", -2],
      ["U32", "00000080", 2 ** 31],
      ["I32", "00000080", -(2 ** 31)],
      ["U64", "0001000000000000", 256],
      ["I64", "ffffffffffffffff", -1],
      ["F16", "00c1", -2.5],
      ["BF16", "c0bf", -1.5],
      ["F32", "0000c03f", 1.5],
      ["F64", "000000000000f8bf", -1.5],
    ];
    for (const [type, hex, value] of cases)
      assert.deepEqual(all(open(file(type, [1], hex))), [value], type);
  });

  it("flattens a sample's dimensions to a row", () => {
    const matrix = open(file("U8", [2, 1, 2], "01020304"));
    assert.deepEqual([matrix.rows, matrix.columns], [2, 2]);
    assert.deepEqual(all(matrix), [1, 2, 3, 4]);
  });

  it("lists the tensors where the named one is absent", () => {
    assert.throws(
      () => open(file("U8", [1], "00"), "y"),
      (e) =>
        e instanceof DataMismatchError && /no tensor "y"\. The file has: before, x/.test(e.message),
    );
  });

  it("refuses every truncation and trailing bytes", () => {
    const good = file("F32", [1], "0000c03f");
    for (let length = 0; length < good.length; length++)
      assert.throws(() => open(good.subarray(0, length)), DataFormatError, `${length}`);
    assert.throws(() => open(Buffer.concat([good, Buffer.alloc(1)])), DataFormatError);
  });

  it("refuses tensors without a sample, too wide ones and integers beyond 2^53", () => {
    assert.throws(() => open(file("U8", [0, 4], "")), /without any sample/);
    assert.throws(() => open(file("U8", [1, 8193], "00".repeat(8193))), /8192 values a row/);
    assert.throws(() => all(open(file("U64", [1], "ff".repeat(8)))), DataRangeError);
  });

  it("reads no header beyond the limit into memory", () => {
    assert.throws(
      () => open(file("U8", [1], "00"), "x", { ...DATA_LIMITS, footerBytes: 16 }),
      /a header of \d+ bytes; the limit is 16/,
    );
  });
});
