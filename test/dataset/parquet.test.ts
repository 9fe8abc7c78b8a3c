import assert from "node:assert/strict";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { DataFileError, DataFormatError, DataMismatchError } from "../../src/dataset/errors.ts";
import { openParquet } from "../../src/dataset/parquet.ts";
import { DATA_LIMITS } from "../../src/dataset/source.ts";
import { all, temporaryFolder } from "./files.ts";

type WriteOptions = Omit<Parameters<typeof parquetWriteBuffer>[0], "columnData">;

describe("Parquet reader", () => {
  const folder = temporaryFolder();
  const columns: ColumnSource[] = [
    { name: "a", data: [1, 2, 3, 4, 5], type: "INT32" },
    { name: "b", data: [0.5, -0.5, 1.5, 2.5, 1e-3], type: "DOUBLE" },
    { name: "y", data: [2, 0, 1, 1, 0], type: "INT32" },
  ];
  const write = (columnData: ColumnSource[] = columns, options: WriteOptions = {}) =>
    Buffer.from(parquetWriteBuffer({ columnData, ...options }));
  const open = async (bytes: Uint8Array, options = {}, limits = DATA_LIMITS) => {
    const file = folder.write("a.parquet", bytes);
    const { features, labels } = await openParquet(
      file,
      { labelColumns: ["y"], ...options },
      limits,
    );
    assert.equal(features.rows, labels.rows);
    return { x: all(features), y: all(labels), features };
  };
  const features = [1, 0.5, 2, -0.5, 3, 1.5, 4, 2.5, 5, 1e-3];

  it("reads columns to rows, over row groups", async () => {
    for (const rowGroupSize of [1, 2, 5, 100]) {
      const { x, y } = await open(write(columns, { rowGroupSize }));
      assert.deepEqual([x, y], [features, [2, 0, 1, 1, 0]], `${rowGroupSize}`);
    }
  });

  it("reads every compression that it names, and refuses another by its name", async () => {
    const compressors = {
      GZIP: (bytes: Uint8Array) => gzipSync(bytes),
      ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes),
      BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes),
      LZ4_RAW: (bytes: Uint8Array) => bytes,
    };
    const many = columns.map((column) => ({
      ...column,
      data: Array.from({ length: 3000 }, (_, i) => column.data[i % 5] as number),
    }));
    for (const codec of ["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "BROTLI"] as const) {
      const { x } = await open(write(many, { codec, compressors }));
      assert.deepEqual(x.slice(-10), features, codec);
    }
    await assert.rejects(
      () => open(write(many, { codec: "LZ4_RAW", compressors })),
      /not a readable Parquet file.*LZ4_RAW.*snappy, gzip, zstd/,
    );
  });

  it("reads integers of 8 bytes, booleans and half floats; ignores columns of any kind", async () => {
    const { x, y } = await open(
      write([
        { name: "n", data: [1n, -2n], type: "INT64" },
        { name: "t", data: [true, false], type: "BOOLEAN" },
        { name: "h", data: [0.25, -8], type: "FLOAT16" },
        { name: "when", data: [new Date(0), new Date(1)], type: "TIMESTAMP" },
        { name: "y", data: [0.5, 1], type: "FLOAT" },
      ]),
      { ignoreColumns: ["when"] },
    );
    assert.deepEqual(
      [x, y],
      [
        [1, 1, 0.25, -2, 0, -8],
        [0.5, 1],
      ],
    );
  });

  it("turns text labels into their classes' numbers", async () => {
    const texts: ColumnSource[] = [columns[0]!, { name: "y", data: ["b", "a", "b", "c", "a"] }];
    const { y } = await open(write(texts), { classNames: ["a", "b", "c"] });
    assert.deepEqual(y, [1, 0, 1, 2, 0]);
    await assert.rejects(
      () => open(write(texts, { rowGroupSize: 2 }), { classNames: ["a", "b"] }),
      /row 3, column "y": "c" is none of the classes/,
    );
    await assert.rejects(
      () => open(write(texts)),
      (e) =>
        e instanceof DataMismatchError && /column "y": holds text, where a number/.test(e.message),
    );
    await assert.rejects(
      () => open(write(), { classNames: ["a", "b"] }),
      /column "y": holds number, where a text/,
    );
  });

  it("refuses null, and says where", async () => {
    const holed = [{ ...columns[0]!, data: [1, 2, null, 4, 5] }, columns[2]!];
    await assert.rejects(
      () => open(write(holed, { rowGroupSize: 2 })),
      (e) =>
        e instanceof DataFormatError && /row 2, column "a": "(null|undefined)"/.test(e.message),
    );
  });

  it("refuses integers beyond 2^53, dates, texts and nested columns as features, unknown columns", async () => {
    const y = { name: "y", data: [1], type: "INT32" as const };
    const refuse = (name: string, column: ColumnSource, pattern: RegExp) =>
      assert.rejects(() => open(write([column, y])), pattern, name);
    await refuse("i8", { name: "a", data: [2n ** 60n], type: "INT64" }, /is no number.*2\^53/);
    await refuse("date", { name: "a", data: [new Date(0)], type: "TIMESTAMP" }, /holds TIMESTAMP/);
    await refuse("text", { name: "a", data: ["1"] }, /column "a": holds text/);
    await assert.rejects(
      () => open(write(), { labelColumns: ["z"] }),
      /column "z": no such column\. The header names: a, b, y/,
    );
  });

  it("refuses truncations, and files that are none", async () => {
    const good = write();
    for (let length = 0; length < good.length; length += 41)
      await assert.rejects(() => open(good.subarray(0, length)), DataFormatError, `${length}`);
    await assert.rejects(() => open(Buffer.from("hello, world")), /does not end with PAR1/);
    await assert.rejects(
      () => openParquet("/nowhere/a.parquet", { labelColumns: [0] }),
      DataFileError,
    );
  });

  it("refuses a footer and a column beyond the limits before it reads them", async () => {
    await assert.rejects(
      () => open(write(), {}, { ...DATA_LIMITS, footerBytes: 100 }),
      /a footer of \d+ bytes; the limit is 100/,
    );
    await assert.rejects(
      () => open(write(), {}, { ...DATA_LIMITS, columnBytes: 100 }),
      /of \d+ bytes; the limit is 100/,
    );
  });

  it("refuses a page that claims more values than its row group has rows, before it is decoded", async () => {
    const data = Array.from({ length: 3000 }, (_, i) => i);
    const column = (name: string): ColumnSource => ({
      name,
      data,
      type: "INT32",
      encoding: "PLAIN",
    });
    const good = write([column("a"), column("y")], { rowGroupSize: 3000 });
    // A page header's first i32 field is its number of values: 3000 as a zigzag varint, made 8191.
    const bad = Buffer.from(good);
    const at = bad.indexOf("15f02e", "hex");
    assert.ok(at > 0);
    Buffer.from("15fe7f", "hex").copy(bad, at);
    await open(good);
    await assert.rejects(() => open(bad), /a page claims 8191 values, its row group has 3000/);
  });

  it("survives a page whose levels unpack to billions of values", async function () {
    this.timeout(120_000);
    // The first run of dictionary indices, after their width, claims 2^31 − 1: the decoder fills an array of them.
    const tampered = (bytes: Uint8Array) => {
      const page = Buffer.from(bytes);
      if (page[0] === 1) Buffer.from("feffffff0f00", "hex").copy(page, 1);
      return gzipSync(page);
    };
    const column = (name: string): ColumnSource => ({
      name,
      data: Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? 7 : 1000)),
      type: "INT32",
    });
    const file = write([column("a"), column("y")], {
      codec: "GZIP",
      compressors: { GZIP: tampered },
    });
    await assert.rejects(
      () => open(file),
      (e) =>
        e instanceof DataFormatError &&
        /process ended \(SIGABRT\): it may take more than 512 MiB/.test(e.message),
    );
  });

  it("ends in an error for single changed bytes, or reads as many rows", async function () {
    this.timeout(300_000);
    const good = write(columns, { codec: "SNAPPY" });
    for (let at = 4; at < good.length; at += 37) {
      const bad = Uint8Array.from(good);
      bad[at]! ^= 0xff;
      try {
        assert.equal((await open(bad)).y.length % 5, 0, `byte ${at}`);
      } catch (error) {
        assert.ok(
          error instanceof DataFormatError || error instanceof DataMismatchError,
          `byte ${at}: ${String(error)}`,
        );
      }
    }
  });
});
