import assert from "node:assert/strict";
import fc from "fast-check";
import { mnistPaths, openDataset } from "../../src/dataset/index.ts";
import { evaluate, forwardPass, type Weights, weightsFromSeed } from "../../src/model/index.ts";

/** PROTOCOL §4, word for word, in integers. */
function reference(
  { widths, layers }: Weights,
  fA: number,
  R: number,
  x: readonly number[],
): number[] {
  let a = x.map(BigInt);
  layers.forEach((w, l) => {
    const outputs = widths[l + 1]!;
    const inputs = [...a, 1n << BigInt(fA)];
    a = Array.from({ length: outputs }, (_, j) => {
      const Z = inputs.reduce((sum, value, k) => sum + value * w[k * outputs + j]!, 0n);
      const z = (Z + (1n << BigInt(R - 1))) >> BigInt(R);
      return l < layers.length - 1 && z < 0n ? 0n : z;
    });
  });
  return a.map(Number);
}

describe("exact inference", () => {
  it("equals PROTOCOL §4 in integers, in doubles and beyond them", () => {
    let beyond = 0;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 0, max: 12 }),
        fc.constantFrom(8, 16, 32, 48),
        fc.integer({ min: 20, max: 62 }),
        fc.infiniteStream(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })),
        fc.infiniteStream(fc.integer({ min: -300, max: 300 })),
        (widths, fA, R, bits, entries, values) => {
          const size = BigInt(Math.min(bits, R + 4));
          const layers = widths
            .slice(1)
            .map((outputs, l) =>
              BigInt64Array.from({ length: (widths[l]! + 1) * outputs }, () =>
                BigInt.asIntN(Number(size), entries.next().value as bigint),
              ),
            );
          const weights = { widths, layers };
          const samples = [0, 1].map(() =>
            Array.from({ length: widths[0]! }, () => values.next().value as number),
          );
          const z = forwardPass(weights, { fA, R })(Float64Array.from(samples.flat()), 2);
          assert.deepEqual(
            [...z].map((v) => v + 0),
            samples.flatMap((x) => reference(weights, fA, R, x)),
          );
          if (R === 48) beyond++;
        },
      ),
      { numRuns: 300 },
    );
    assert.ok(beyond > 20);
  });

  it("rounds a half up, also below zero", () => {
    const forward = forwardPass(
      { widths: [1, 1], layers: [BigInt64Array.of(1n, 0n)] },
      { fA: 0, R: 1 },
    );
    assert.deepEqual([...forward(Float64Array.of(1, -1, 3, -3), 4)], [1, 0, 2, -1]);
  });

  it("refuses a batch of another size and outputs beyond 2^53", () => {
    const forward = forwardPass(
      { widths: [2, 1], layers: [BigInt64Array.of(1n, 2n, 3n)] },
      { fA: 0, R: 8 },
    );
    assert.throws(() => forward(new Float64Array(3), 2), /3 features for 2 samples of 2/);
    const huge = forwardPass(
      { widths: [1, 1], layers: [BigInt64Array.of(2n ** 62n, 0n)] },
      { fA: 0, R: 1 },
    );
    assert.throws(() => huge(Float64Array.of(2 ** 20), 1), /exceeds 2\^53/);
  });
});

describe("accuracy", () => {
  const samples = (
    rows: number[][],
    labelCount: number,
    encoding: "oneHot" | "real" = "oneHot",
  ) => ({
    count: rows.length,
    featureCount: rows[0]!.length - labelCount,
    labelCount,
    encoding,
    rows: (indices: ArrayLike<number>) =>
      Int32Array.from(Array.from(indices).flatMap((i) => rows[i]!)),
  });
  const identity = { widths: [2, 2], layers: [BigInt64Array.of(256n, 0n, 0n, 256n, 0n, 0n)] };
  const format = { fA: 8, R: 8, sigma: 8 };

  it("counts samples whose largest output is their class, the first of equals", () => {
    const rows = [
      [256, 0, 256, 0],
      [0, 256, 256, 0],
      [7, 7, 256, 0],
      [7, 7, 0, 256],
    ];
    const result = evaluate(identity, format, samples(rows, 2));
    assert.deepEqual([result.correct, result.accuracy], [2, 0.5]);
  });

  it("gives a loss and no accuracy for real-valued labels", () => {
    const result = evaluate(
      identity,
      format,
      samples(
        [
          [256, 0, 0, 0],
          [0, 512, 0, 512],
        ],
        2,
        "real",
      ),
    );
    assert.deepEqual(result, { count: 2, loss: 0.25 });
  });

  it("refuses data of other widths", () => {
    assert.throws(
      () => evaluate(identity, format, samples([[1, 2, 3]], 1)),
      /2 features and 1 labels/,
    );
  });

  it("evaluates MNIST's 10,000 test images on 784-128-10 in seconds", async function () {
    this.timeout(30_000);
    const { images, labels } = mnistPaths().test;
    const data = await openDataset({
      files: { format: "idx", features: images, labels },
      features: { subtract: 0, divideBy: 256 },
      labels: { encoding: "oneHot", classes: 10 },
      format: { fA: 8, sigma: 8, b: 16, x0: 0, y0: 0 },
    });
    const weights = weightsFromSeed(new Uint8Array(32), [784, 128, 10], 32);
    const { correct } = evaluate(weights, { ...format, R: 32 }, data);
    assert.equal(correct, 840); // untrained: what the public seed 0 … 0 gives, in exact integers
    const first = data.rows([0]).subarray(0, 784);
    const z = forwardPass(weights, { fA: 8, R: 32 })(Float64Array.from(first), 1);
    assert.deepEqual([...z], reference(weights, 8, 32, [...first]));
    data.close();
  });
});
