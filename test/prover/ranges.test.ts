import assert from "node:assert/strict";
import { moreRoom, type RangeUse, rangeUse, RangeWatch } from "../../src/prover/index.ts";

const fixedPoint = { fA: 8, fG: 13, R: 32, sigma: 8, b: 16 as const, dv: 1, dg: 1 };

const use = (share: number, step: number, changes: Partial<RangeUse> = {}): RangeUse => ({
  quantity: "pre-activation",
  layer: 2,
  step,
  largest: share * 65536,
  limit: 65536,
  ...changes,
});

describe("ranges", () => {
  it("takes each layer's largest value with the step of the run that had it", () => {
    const training = {
      loss: new Float64Array(3),
      largestPreActivations: Float64Array.of(5, 70, 9, 60, 2, 65), // 3 steps, 2 layers
      largestGradients: Float64Array.of(1, 3, 3),
    };
    assert.deepEqual(rangeUse(training, fixedPoint, 64), [
      { quantity: "pre-activation", layer: 1, step: 65, largest: 9, limit: 65536 },
      { quantity: "pre-activation", layer: 2, step: 64, largest: 70, limit: 65536 },
      { quantity: "gradient", layer: 1, step: 65, largest: 3, limit: 32768 },
    ]);
  });

  it("a network of one layer has no gradients to round", () => {
    const training = {
      loss: new Float64Array(1),
      largestPreActivations: Float64Array.of(4),
      largestGradients: new Float64Array(0),
    };
    assert.equal(rangeUse(training, fixedPoint, 0).length, 1);
  });

  it("warns above four fifths of a range, with the layer, the step and what to change", () => {
    const watch = new RangeWatch(fixedPoint, 1000);
    assert.deepEqual(watch.look([use(0.79, 10)]), []);
    const [warning] = watch.look([use(0.81, 10)]);
    assert.match(warning!, /layer 2: a pre-activation reached 81 % of its range at step 10/);
    assert.match(warning!, /raise dv to 2, or lower fA to 7 and scale the features with it/);
  });

  it("warns of growth that would leave the range before the end, and not of growth that would not", () => {
    const grows = [use(0.25, 100), use(0.5, 164)]; // doubles in 64 steps: leaves at 228
    const long = new RangeWatch(fixedPoint, 1000);
    assert.deepEqual(long.look([grows[0]!]), []);
    assert.match(long.look([grows[1]!]).join(), /50 % .*leaves about step 228/);
    const short = new RangeWatch(fixedPoint, 228);
    assert.deepEqual(
      grows.flatMap((one) => short.look([one])),
      [],
    );
  });

  it("says the same thing once, until it comes a tenth nearer", () => {
    const watch = new RangeWatch(fixedPoint, 1000);
    const said = [0.81, 0.85, 0.82, 0.92, 0.95].map((x) => watch.look([use(x, 5)]).length);
    assert.deepEqual(said, [1, 0, 0, 1, 0]);
    assert.equal(watch.look([use(0.81, 5, { layer: 1 })]).length, 1);
  });

  it("suggests only what the plan can take", () => {
    assert.match(moreRoom("gradient", fixedPoint), /^raise dg to 2, or lower fG to 12/);
    assert.equal(moreRoom("gradient", { ...fixedPoint, dg: 2, fG: 8 }), "lower eta");
    assert.equal(moreRoom("pre-activation", { ...fixedPoint, dv: 2, fA: 0 }), "lower eta");
  });
});
