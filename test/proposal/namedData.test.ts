import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { zipSync } from "fflate";
import { parquetWriteBuffer } from "hyparquet-writer";
import { PNG } from "pngjs";
import { encodeSafetensors } from "../../src/model/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { runVerb } from "../e2e/verbs.ts";

type Json = Record<string, unknown>;

const SAMPLES = 48;
const value = (i: number, j: number) => ((i * 7 + j * 5 + (i % 3) * 11) % 32) / 32;
const classOf = (i: number) => i % 3;

/** A .npy array of float32, one row a sample, or of int64. */
function npy(shape: readonly number[], values: Float32Array | BigInt64Array): Uint8Array {
  const type = values instanceof Float32Array ? "<f4" : "<i8";
  const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const header = dictionary.padEnd(64 * Math.ceil((dictionary.length + 11) / 64) - 11) + "\n";
  const start = Buffer.from([
    0x93,
    ...Buffer.from("NUMPY"),
    1,
    0,
    header.length & 255,
    header.length >> 8,
  ]);
  return Buffer.concat([start, Buffer.from(header), Buffer.from(values.buffer)]);
}

describe("trainproof init, with data by its name", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const cwd = folder.path;
  const rows = Array.from({ length: SAMPLES }, (_, i) => i);
  const features = Float32Array.from(rows.flatMap((i) => [0, 1, 2, 3].map((j) => value(i, j))));
  const labels = BigInt64Array.from(rows, (i) => BigInt(classOf(i)));
  let count = 0;

  const init = async (code: number, train: string, ...more: string[]): Promise<Json> => {
    const out = `plan${count++}.json`;
    const args = ["init", "--train", train, "--trial", "8", "--steps", "8", "--batch", "4"];
    const result = await runVerb([...args, "--json", "--out", out, ...more], { cwd });
    assert.equal(result.code, code, `${train}: ${result.stdout}${result.stderr}`);
    return JSON.parse(result.stdout) as Json;
  };
  /** The plan's widths and what it says of the training data. */
  const planned = async (train: string, ...more: string[]) => {
    const { plan, data } = await init(0, train, ...more);
    assert.equal((data as Json)["samples"], SAMPLES);
    const { widths, data: files } = plan as {
      widths: number[];
      data: { train: Json; labels: Json };
    };
    return { widths, train: files.train, labels: files.labels };
  };

  before(() => {
    const write = (name: string, bytes: Uint8Array | string) =>
      fs.writeFileSync(path.join(cwd, name), bytes);
    const arrays = { x: npy([SAMPLES, 4], features), y: npy([SAMPLES], labels) };
    write(
      "set.npz",
      zipSync({ "x_train.npy": arrays.x, "y_train.npy": arrays.y, "x_test.npy": arrays.x }),
    );
    write("odd.npz", zipSync({ "one.npy": arrays.x, "two.npy": arrays.y }));
    const tensors = new Map([
      ["features", { type: "F32", shape: [SAMPLES, 4], bytes: new Uint8Array(features.buffer) }],
      ["labels", { type: "I64", shape: [SAMPLES], bytes: new Uint8Array(labels.buffer) }],
    ] as const);
    write("set.safetensors", encodeSafetensors({ metadata: {}, tensors }));
    const column = (j: number) => rows.map((i) => value(i, j));
    const table = (name: string, data: (string | number)[]) => ({
      columnData: [
        ...[0, 1, 2].map((j) => ({ name: `f${j}`, data: column(j) })),
        { name: "note", data: rows.map((i) => `n${i}`) },
        { name, data },
      ],
    });
    write("set.parquet", Buffer.from(parquetWriteBuffer(table("target", rows.map(classOf)))));
    const texts = rows.map((i) => ["no", "so", "yes"][classOf(i)]!);
    write("texts.parquet", Buffer.from(parquetWriteBuffer(table("answer", texts))));

    for (const [name, colour] of [
      ["photos", true],
      ["scans", false],
    ] as const) {
      fs.mkdirSync(path.join(cwd, name));
      const lines = rows.map((i) => {
        const png = new PNG({ width: 2, height: 3 });
        for (let p = 0; p < 6; p++) {
          const grey = 255 * value(i, p);
          png.data.set([grey, colour && i === 5 ? 255 - grey : grey, grey, 255], 4 * p);
        }
        write(`${name}/${i}.png`, PNG.sync.write(png));
        return `${i}.png,${["cat", "dog", "owl"][classOf(i)]}`;
      });
      write(`${name}/labels.csv`, ["file,animal", ...lines].join("\n"));
    }
  });

  it("finds the arrays of features and labels in .npz and safetensors, by their usual names", async () => {
    const npz = await planned("set.npz");
    assert.deepEqual(npz.widths, [4, 32, 3]);
    assert.deepEqual(npz.train, {
      ...{ format: "npz", file: "set.npz", features: "x_train", labels: "y_train" },
    });
    const { train, widths } = await planned("set.safetensors");
    assert.deepEqual(
      [widths, train["features"], train["labels"]],
      [[4, 32, 3], "features", "labels"],
    );
    const { error } = await init(2, "odd.npz");
    assert.match(String(error), /which arrays of odd\.npz.*It has one, two; say it in JSON/);
    const said = '{"format":"npz","file":"odd.npz","features":"one","labels":"two"}';
    assert.deepEqual((await planned(said)).widths, [4, 32, 3]);
  });

  it("takes a Parquet file's numbers, leaves other columns out, and asks for the classes of texts", async () => {
    const { train, widths } = await planned("set.parquet");
    assert.deepEqual(widths, [3, 32, 3]);
    assert.deepEqual([train["labelColumns"], train["ignoreColumns"]], [["target"], ["note"]]);
    const { error } = await init(2, "texts.parquet");
    assert.match(String(error), /answer holds texts: .*--classes a,b,c/);
    const texts = await planned("texts.parquet", "--classes", "no,so,yes");
    assert.deepEqual(texts.labels["classes"], ["no", "so", "yes"]);
    assert.match(
      String((await init(2, "set.parquet", "--label", "z"))["error"]),
      /has no column z: f0/,
    );
  });

  it("takes a folder of images with its labels file, grey or in colour as they are", async () => {
    const { train, widths, labels: encoded } = await planned("photos");
    assert.deepEqual(
      [widths, encoded["classes"]],
      [
        [18, 32, 3],
        ["cat", "dog", "owl"],
      ],
    );
    assert.deepEqual(
      [train["format"], train["folder"], train["labels"], train["fileColumn"], train["channels"]],
      ["images", "photos", "photos/labels.csv", "file", "rgb"],
    );
    assert.deepEqual(train["labelColumns"], ["animal"]);
    const scans = await planned("scans");
    assert.deepEqual([scans.widths, scans.train["channels"]], [[6, 32, 3], "grey"]);
    fs.renameSync(path.join(cwd, "scans/labels.csv"), path.join(cwd, "scans/labels.gone"));
    assert.match(String((await init(2, "scans"))["error"]), /scans has no CSV file: it needs one/);
    fs.writeFileSync(path.join(cwd, "scans/names.csv"), "a,b\nc,d\n");
    assert.match(String((await init(2, "scans"))["error"]), /names\.csv names no \.png/);
  });
});
