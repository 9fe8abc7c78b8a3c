import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { ByteWriter, parquetWrite } from "hyparquet-writer";
import type { DatasetOptions } from "../../src/dataset/index.ts";
import { npyBytes, temporaryFolder } from "./files.ts";

/** A million samples of 40 features, 320 MB as doubles: more than the bound on memory. */
const ROWS = 1_000_000;
const COLUMNS = 40;
const BOUND_MIB = 256;
/** Of the process that decodes Parquet. */
const DECODER_BOUND_MIB = 300;

describe("a data set of a million rows", function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  const path = (name: string) => join(folder.path, name);
  /** Feature 0 tells rows apart; the others repeat. */
  const value = (row: number, column: number) => (column === 0 ? row % 997 : (row + column) % 10);
  const expected = (() => {
    const sum = (rows: Iterable<number>) => {
      let total = 0;
      for (const row of rows) total = (total + value(row, 0) * (row + 1)) % 1e9;
      return total;
    };
    return {
      count: ROWS,
      ordered: sum(Array(ROWS).keys()),
      shuffled: sum(Array.from({ length: 100_000 }, (_, i) => (i * 611_953) % ROWS)),
    };
  })();

  /** Writes a file of rows, a block of text or bytes at a time. */
  const write = (
    name: string,
    head: string | Uint8Array,
    block: (first: number) => string | Uint8Array,
  ) => {
    const file = fs.openSync(path(name), "w");
    fs.writeSync(file, Buffer.from(head));
    for (let first = 0; first < ROWS; first += 10_000)
      fs.writeSync(file, Buffer.from(block(first)));
    fs.closeSync(file);
    return path(name);
  };
  const doubles =
    (columns: number, at: (row: number, column: number) => number) => (first: number) => {
      const block = new Float64Array(10_000 * columns);
      for (let i = 0; i < block.length; i++)
        block[i] = at(first + Math.floor(i / columns), i % columns);
      return new Uint8Array(block.buffer);
    };
  const head = (descr: string, shape: number[]) => npyBytes(descr, shape, new Uint8Array(0));

  /** Reads the whole data set in another process; its figures must be right and its memory bounded. */
  const check = async (files: DatasetOptions["files"]) => {
    const options: DatasetOptions = {
      files,
      features: { subtract: 0, divideBy: 1 },
      labels: { encoding: "real", subtract: 0, divideBy: 1 },
      format: { fA: 0, sigma: 0, b: 16, x0: 0, y0: 0 },
    };
    const script = join(import.meta.dirname, "readAll.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [
      script,
      JSON.stringify(options),
    ]);
    const { peak, childPeak, ...figures } = JSON.parse(stdout) as Record<string, number>;
    assert.deepEqual(figures, expected);
    assert.ok(peak! < BOUND_MIB, `${files.format}: ${peak!} MiB, the bound is ${BOUND_MIB}`);
    assert.equal(childPeak! > 0, files.format === "parquet");
    assert.ok(childPeak! < DECODER_BOUND_MIB, `decoder: ${childPeak!} MiB`);
  };
  let labels: string;
  before(() => {
    labels = write(
      "y.npy",
      head("<f8", [ROWS]),
      doubles(1, (row) => row % 10),
    );
  });
  afterEach(() => {
    for (const name of fs.readdirSync(folder.path)) if (name !== "y.npy") fs.rmSync(path(name));
  });

  it("streams from .npy", async () => {
    const features = write("x.npy", head("<f8", [ROWS, COLUMNS]), doubles(COLUMNS, value));
    await check({ format: "npy", features, labels });
  });

  it("streams from gzip", async () => {
    // gzip members may follow each other: each block is one.
    const blocks = doubles(COLUMNS, value);
    const features = write("x.gz", gzipSync(head("<f8", [ROWS, COLUMNS])), (first) =>
      gzipSync(blocks(first), { level: 1 }),
    );
    await check({ format: "npy", features, labels });
  });

  it("streams from CSV", async () => {
    const file = write("t.csv", "", (first) => {
      let text = "";
      for (let row = first; row < first + 10_000; row++) {
        for (let column = 0; column < COLUMNS; column++) text += `${value(row, column)},`;
        text += `${row % 10}\n`;
      }
      return text;
    });
    await check({ format: "csv", file, header: false, delimiter: ",", labelColumns: [COLUMNS] });
  });

  it("streams from Parquet, a row group at a time", async () => {
    const writer = new ByteWriter();
    const column = (index: number) =>
      Float32Array.from({ length: ROWS }, (_, row) => value(row, index));
    await parquetWrite({
      writer,
      columnData: [
        ...Array.from({ length: COLUMNS }, (_, index) => ({
          name: `x${index}`,
          data: column(index),
          type: "FLOAT" as const,
        })),
        { name: "y", data: Int32Array.from({ length: ROWS }, (_, row) => row % 10), type: "INT32" },
      ],
      rowGroupSize: 100_000,
    });
    fs.writeFileSync(path("t.parquet"), writer.getBytes());
    await check({ format: "parquet", file: path("t.parquet"), labelColumns: ["y"] });
  });
});
