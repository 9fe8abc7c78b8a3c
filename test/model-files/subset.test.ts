import assert from "node:assert/strict";
import { affordableSamples, type Samples, spread } from "../../src/model/index.ts";

/** Sample i has the one feature i and the label 0. */
const numbered = (count: number): Samples => ({
  count,
  featureCount: 1,
  labelCount: 1,
  encoding: "real",
  rows: (indices) => Int32Array.from(Array.from(indices).flatMap((i) => [i, 0])),
});
const all = (set: Samples) =>
  [...set.rows(Array.from({ length: set.count }, (_, i) => i))].filter((_, i) => i % 2 === 0);

describe("a part of a validation set", () => {
  it("is spread evenly over the whole, each sample once", () => {
    assert.deepEqual(all(spread(numbered(10), 4)), [0, 2, 5, 7]);
    const chosen = all(spread(numbered(1000), 333));
    assert.equal(new Set(chosen).size, 333);
    assert.ok(chosen.every((i) => i < 1000));
  });

  it("is the whole where that is small enough", () => {
    const set = numbered(10);
    assert.equal(spread(set, 10), set);
    assert.equal(spread(set, 11), set);
  });

  it("is smaller for larger networks, but never too small to tell anything", () => {
    assert.equal(affordableSamples(10_000, [784, 128, 10]), 983);
    assert.equal(affordableSamples(10_000, [3072, 1024, 1024, 10]), 256);
    assert.equal(affordableSamples(100, [3072, 1024, 1024, 10]), 100);
    assert.equal(affordableSamples(10_000, [4, 5, 3]), 10_000);
  });
});
