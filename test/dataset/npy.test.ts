import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { DataFormatError, DataRangeError } from "../../src/dataset/errors.ts";
import { openNpy } from "../../src/dataset/npy.ts";
import { npyBytes, temporaryFolder } from "./files.ts";

describe(".npy reader", () => {
  const folder = temporaryFolder();
  const read = async (bytes: Uint8Array) => {
    const matrix = await openNpy(folder.write("a.npy", bytes));
    const out = new Float64Array(matrix.rows * matrix.columns);
    try {
      matrix.read(0, matrix.rows, out);
    } finally {
      matrix.close();
    }
    return [...out];
  };
  const hex = (text: string) => Buffer.from(text, "hex");

  it("reads every element type in both byte orders", async () => {
    const cases: [string, string, number][] = [
      ["|u1", "ff", 255],
      ["|i1", "ff", -1],
      ["|b1", "01", 1],
      ["<u2", "0100", 1],
      [">u2", "0100", 256],
      ["<i2", "feff", -2],
      [">i2", "fffe", -2],
      ["<i4", "00000080", -(2 ** 31)],
      [">i4", "80000000", -(2 ** 31)],
      ["<u4", "00000080", 2 ** 31],
      ["<u8", "0001000000000000", 256],
      ["<f2", "00c1", -2.5],
      [">f2", "7bff", 65504],
      ["<f2", "0100", 2 ** -24],
      ["<i8", "ffffffffffffff7f".replace("7f", "ff"), -1],
      [">i8", "0000000000000100", 256],
      ["<f4", "0000c03f", 1.5],
      [">f4", "3fc00000", 1.5],
      ["<f8", "000000000000f8bf", -1.5],
      [">f8", "bff8000000000000", -1.5],
    ];
    for (const [descr, bytes, value] of cases)
      assert.deepEqual(await read(npyBytes(descr, [1], hex(bytes))), [value], descr);
  });

  it("reads versions 1, 2 and 3, vectors and many dimensions, packed or not", async () => {
    for (const version of [1, 2, 3])
      assert.deepEqual(
        await read(npyBytes("|u1", [2, 1, 2], hex("01020304"), { version })),
        [1, 2, 3, 4],
      );
    assert.deepEqual(await read(gzipSync(npyBytes("|u1", [3], hex("010203")))), [1, 2, 3]);
  });

  it("accepts the header's keys in another order", async () => {
    const header = "{'shape': (1, 2), 'fortran_order': False, 'descr': '|u1'}";
    assert.deepEqual(await read(npyBytes("", [], hex("0102"), { header })), [1, 2]);
  });

  it("refuses every truncation and trailing bytes", async () => {
    const good = npyBytes("<i2", [2, 2], hex("0100020003000400"));
    for (let length = 0; length < good.length; length++)
      await assert.rejects(() => read(good.subarray(0, length)), DataFormatError, `${length}`);
    await assert.rejects(() => read(Buffer.concat([good, hex("00")])), /trailing bytes/);
  });

  it("refuses Fortran order, object arrays, complex numbers and structured types", async () => {
    const fortran = "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2)}";
    await assert.rejects(
      () => read(npyBytes("", [], hex("00"), { header: fortran })),
      /Fortran order/,
    );
    for (const type of ["|O", "<c8", "<f16", "|S3", "<U4"])
      await assert.rejects(() => read(npyBytes(type, [1], hex("00"))), /element type is/);
    const structured = "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,)}";
    await assert.rejects(
      () => read(npyBytes("", [], hex("00"), { header: structured })),
      /structured types/,
    );
  });

  it("refuses headers that are no plain dictionary, without evaluating them", async () => {
    for (const header of [
      "",
      "[]",
      "{}",
      "{'descr': '|u1', 'fortran_order': False}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'descr': '|u1'}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'extra': 'x'}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': '1'}",
      "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}",
    ])
      await assert.rejects(
        () => read(npyBytes("", [], hex("00"), { header })),
        DataFormatError,
        header,
      );
  });

  it("refuses other magics, versions, long headers, scalars and empty arrays", async () => {
    const good = npyBytes("|u1", [1], hex("00"));
    const at = (index: number, value: number) =>
      Uint8Array.from(good).fill(value, index, index + 1);
    await assert.rejects(() => read(at(0, 0x92)), /does not start with/);
    await assert.rejects(() => read(at(6, 4)), /version 4/);
    await assert.rejects(() => read(at(6, 0)), /version 0/);
    const long = npyBytes("", [], hex("00"), { header: `{${" ".repeat(20000)}}`, version: 2 });
    await assert.rejects(() => read(long), /limit is 10000/);
    await assert.rejects(() => read(npyBytes("|u1", [0, 3], hex(""))), /without any sample/);
    const scalar = "{'descr': '|u1', 'fortran_order': False, 'shape': ()}";
    await assert.rejects(
      () => read(npyBytes("", [], hex("00"), { header: scalar })),
      /without any sample/,
    );
  });

  it("refuses 8-byte integers that a double cannot hold, and says where", async () => {
    const bytes = npyBytes("<i8", [2, 1], hex("0000000000000000" + "ffffffffffffff7f"));
    await assert.rejects(
      () => read(bytes),
      (e) => e instanceof DataRangeError && /row 1, column 0/.test(e.message),
    );
  });
});
