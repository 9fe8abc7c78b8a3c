import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { DataError } from "../../src/dataset/index.ts";
import { inspectCsv, inspectData, proposeScaling, proposeSizes } from "../../src/proposal/index.ts";
import { temporaryFolder } from "../dataset/files.ts";

describe("looking at data", () => {
  const folder = temporaryFolder();
  let count = 0;
  const csv = (text: string) => {
    const file = `data${count++}.csv`;
    fs.writeFileSync(path.join(folder.path, file), text);
    return file;
  };
  const facts = (text: string, extra: object = {}, classNames?: string[]) =>
    inspectData(
      {
        format: "csv",
        file: csv(text),
        header: true,
        delimiter: ",",
        labelColumns: ["y"],
        ...extra,
      },
      "train",
      folder.path,
      classNames,
    );
  const lines = (n: number, of: (i: number) => string) =>
    Array.from({ length: n }, (_, i) => of(i));

  it("tells samples, columns, ranges, whole numbers and classes", async () => {
    const found = await facts(
      ["a,b,y", ...lines(12, (i) => `${i},${255 - i},${i % 3}`)].join("\n"),
    );
    assert.equal(found.samples, 12);
    assert.deepEqual(
      [found.features.columns, found.features.least, found.features.most, found.features.whole],
      [2, 0, 255, true],
    );
    assert.deepEqual(found.labels.classes, [4, 4, 4]);
  });

  it("takes labels that are no class numbers for values: fractions, negatives, one of each", async () => {
    for (const label of ["0.5", "-1"])
      assert.equal(
        (await facts(["a,y", ...lines(12, (i) => `${i},${i % 2 ? label : 1}`)].join("\n"))).labels
          .classes,
        undefined,
      );
    const each = await facts(["a,y", ...lines(12, (i) => `0.5,${i}`)].join("\n"));
    assert.deepEqual([each.labels.classes, each.labels.most], [undefined, 11]);
  });

  it("finds values of any size, large or small or negative", async () => {
    const range = async (a: number, b: number) => {
      const { least, most } = (await facts(`a,y\n${a},0\n${b},1\n`)).features;
      return [least, most];
    };
    const near = (found: number[], expected: number[]) =>
      found.forEach((x, i) => {
        const size = Math.max(...expected.map(Math.abs));
        assert.ok(Math.abs(x - expected[i]!) <= 1e-5 * Math.max(1, size), `${found.join()}`);
      });
    near(await range(-3e9, 5e8), [-3e9, 5e8]);
    near(await range(-0.25, 0.125), [-0.25, 0.125]);
    near(await range(36.6, 41.2), [36.6, 41.2]);
  });

  it("says how unlike the columns are, and leaves constant ones out of it", async () => {
    const { evenness } = (await facts("a,b,c,y\n0,0,7,0\n1,4096,7,1\n")).features;
    assert.equal(evenness, 1 / 4096);
  });

  it("is an error, with the place, for a value that is no number", async () => {
    await assert.rejects(facts("a,y\n1,0\nx,1\n"), DataError);
  });

  it("finds a CSV file's header, delimiter, label column and class names", async () => {
    const of = (text: string, label?: string) =>
      inspectCsv(path.join(folder.path, csv(text)), label);
    const iris = await of("sepal;petal;species\n5.1;1.4;setosa\n6.3;6;virginica\n5;1;setosa\n");
    assert.deepEqual(iris, {
      header: true,
      delimiter: ";",
      columns: ["sepal", "petal", "species"],
      labelColumn: "species",
      classNames: ["setosa", "virginica"],
    });
    const bare = await of("1,2,0\n3,4,1\n");
    assert.deepEqual(
      [bare.header, bare.columns, bare.labelColumn, bare.classNames],
      [false, ["0", "1", "2"], 2, undefined],
    );
    const named = await of("y,a,b\n1,2,3\n0,5,6\n");
    assert.equal(named.labelColumn, "y");
    assert.equal((await of("y,a,b\n1,2,3\n", "a")).labelColumn, "a");
    const found = await facts("a,y\n1,no\n2,yes\n", {}, ["no", "yes"]);
    assert.deepEqual(found.labels.classes, [1, 1]);
  });

  it("scales bytes exactly, fractions by a power of two, and what lies far from zero by its difference", () => {
    const scaled = (least: number, most: number, whole: boolean) => {
      const { subtract, divideBy, exactBits } = proposeScaling({ least, most, whole });
      return [subtract, divideBy, exactBits];
    };
    assert.deepEqual(scaled(0, 255, true), [0, 256, 8]);
    assert.deepEqual(scaled(0, 1, true), [0, 2, 1]);
    assert.deepEqual(scaled(-1.5, 3, false), [0, 4, undefined]);
    assert.deepEqual(scaled(36.2, 41.8, false), [39, 4, undefined]);
    assert.deepEqual(scaled(0, 0, true), [0, 1, 0]);
  });

  it("goes through small data often enough, and never takes a batch larger than the data", () => {
    const facts = (samples: number) => ({
      samples,
      features: { least: 0, most: 1, whole: false, columns: 4, evenness: 1 },
      labels: { least: 0, most: 2, whole: true, columns: 1, classes: [1, 1, 1] },
    });
    const wishes = { name: "x", train: { format: "mnist" as const } };
    for (const samples of [1, 3, 150, 1e6]) {
      const { widths, batch, steps } = proposeSizes(wishes, facts(samples));
      assert.deepEqual(widths, [4, 32, 3]);
      assert.ok(batch <= samples && Number.isInteger(Math.log2(batch)), `${batch}`);
      assert.ok(steps >= 500 && steps * batch >= samples * 0.9, `${steps}`);
    }
    assert.deepEqual(proposeSizes({ ...wishes, hidden: [], steps: 7 }, facts(150)).widths, [4, 3]);
  });
});
