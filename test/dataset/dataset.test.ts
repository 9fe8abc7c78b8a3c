import assert from "node:assert/strict";
import {
  DataMismatchError,
  DataRangeError,
  openDataset,
  type DatasetOptions,
} from "../../src/dataset/index.ts";
import { idxBytes, npyBytes, temporaryFolder } from "./files.ts";

describe("data set", () => {
  const folder = temporaryFolder();
  const f8 = (values: number[]) => new Uint8Array(Float64Array.from(values).buffer);
  const format = { fA: 8, sigma: 8, b: 16, x0: 0, y0: 0 };
  const images = folder.write("x", idxBytes(8, [4, 2], Uint8Array.of(0, 1, 2, 3, 254, 255, 6, 7)));
  const labels = folder.write("y", idxBytes(8, [4], Uint8Array.of(2, 0, 1, 2)));
  const mnist: DatasetOptions = {
    files: { format: "idx", features: images, labels },
    features: { subtract: 0, divideBy: 256 },
    labels: { encoding: "oneHot", classes: 3 },
    format,
  };
  const real = (x: number[], y: number[], options: Partial<DatasetOptions> = {}) =>
    openDataset({
      files: {
        format: "npy",
        features: folder.write("x.npy", npyBytes("<f8", [x.length, 1], f8(x))),
        labels: folder.write("y.npy", npyBytes("<f8", [y.length], f8(y))),
      },
      features: { subtract: 0, divideBy: 1 },
      labels: { encoding: "real", subtract: 0, divideBy: 1 },
      format,
      ...options,
    });

  it("gives pixels as they are at fA = 8, and labels one-hot at 2^sigma", async () => {
    const data = await openDataset(mnist);
    assert.deepEqual([data.count, data.featureCount, data.labelCount], [4, 2, 3]);
    assert.deepEqual([...data.rows([2, 0])], [254, 255, 0, 256, 0, 0, 1, 0, 0, 256]);
    data.close();
  });

  it("gives the same rows whether neighbours are read together or not", async () => {
    const data = await openDataset(mnist);
    const together = [...data.rows([0, 1, 2, 3])];
    assert.deepEqual(
      [0, 1, 2, 3].flatMap((i) => [...data.rows([i])]),
      together,
    );
    data.close();
  });

  it("scales real values and rounds half up", async () => {
    const data = await real([1.5 / 256, -1.5 / 256, 0.25], [0.5, 1, -1], {
      format: { ...format, x0: 10, y0: 300 },
    });
    assert.deepEqual([...data.rows([0, 1, 2])], [2, 128, -1, 256, 64, -256]);
    data.close();
  });

  it("names file, row, column, value and way out of a value that is out of range", async () => {
    const data = await real([0, 0.5, -0.5], [0, 0, 0]);
    assert.deepEqual([...data.rows([1])], [128, 0]);
    assert.throws(
      () => data.rows([2]),
      (error) => {
        assert.ok(error instanceof DataRangeError);
        assert.match(
          error.message,
          /x\.npy, row 2, column 0: the feature -0\.5 becomes -128 .*\[0, 2\^16\)/,
        );
        assert.match(error.message, /Raise data\.features\.offset to at least 128/);
        return true;
      },
    );
    assert.throws(() => data.checkAll(), DataRangeError);
    data.close();
  });

  it("refuses values above the digits, NaN, infinities, and labels likewise", async () => {
    for (const value of [256, 1e300, NaN, Infinity, -Infinity]) {
      const data = await real([value], [0]);
      assert.throws(() => data.rows([0]), DataRangeError, `${value}`);
      data.close();
      const other = await real([0], [value]);
      assert.throws(() => other.rows([0]), /the label/, `${value}`);
      other.close();
    }
  });

  it("accepts exactly the range that b and the offset leave", async () => {
    const narrow = { fA: 0, sigma: 0, b: 8, x0: 5, y0: 0 };
    const data = await real([-5, 250, -6, 251], [0, 255, 0, 0], { format: narrow });
    assert.deepEqual([...data.rows([0, 1])], [-5, 0, 250, 255]);
    for (const index of [2, 3]) assert.throws(() => data.rows([index]), DataRangeError);
    data.close();
  });

  it("refuses a class number outside the classes, and one that is no integer", async () => {
    const data = await openDataset({ ...mnist, labels: { encoding: "oneHot", classes: 2 } });
    assert.throws(
      () => data.rows([0]),
      /row 0, column 0: the label 2 is not a class number from 0 to 1/,
    );
    data.close();
    const half = await real([0], [0.5], { labels: { encoding: "oneHot", classes: 2 } });
    assert.throws(() => half.rows([0]), /0\.5 is not a class number/);
    half.close();
  });

  it("refuses images and labels of different number, and vectors as class numbers", async () => {
    const three = folder.write("y3", idxBytes(8, [3], Uint8Array.of(0, 1, 2)));
    const pairs = folder.write("y2", idxBytes(8, [4, 2], new Uint8Array(8)));
    const use = (file: string) => () =>
      openDataset({ ...mnist, files: { format: "idx", features: images, labels: file } });
    await assert.rejects(
      use(three),
      (e) => e instanceof DataMismatchError && /3 labels for the 4 samples/.test(e.message),
    );
    await assert.rejects(use(pairs), /2 label columns; one-hot/);
  });

  it("refuses indices outside the data set", async () => {
    const data = await openDataset(mnist);
    for (const index of [-1, 4, 1.5, NaN]) assert.throws(() => data.rows([index]), RangeError);
    assert.throws(() => data.rows([3, 4]), RangeError);
    data.close();
  });

  it("refuses a one-hot 1 that the digits cannot hold", async () => {
    const open = () => openDataset({ ...mnist, format: { ...format, b: 8, sigma: 8 } });
    await assert.rejects(open, /must lie in \[0, 2\^8\)/);
  });
});
