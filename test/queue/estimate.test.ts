import assert from "node:assert/strict";
import { Estimate } from "../../src/queue/index.ts";

describe("the estimate of a run's end", () => {
  it("says nothing before the first proof", () => {
    const estimate = new Estimate(0);
    assert.equal(estimate.secondsLeft(10, 60_000), undefined);
  });

  it("goes by how often proofs come", () => {
    const estimate = new Estimate(0);
    for (let i = 1; i <= 5; i++) estimate.proven(2000 * i);
    assert.equal(estimate.secondsLeft(10, 10_000), 20);
    assert.equal(estimate.secondsLeft(0, 10_000), 0);
  });

  it("follows workers that come, within some fifty proofs", () => {
    const estimate = new Estimate(0);
    let now = 0;
    for (let i = 0; i < 100; i++) estimate.proven((now += 10_000));
    for (let i = 0; i < 100; i++) estimate.proven((now += 1000));
    assert.equal(estimate.secondsLeft(10, now), 10);
  });

  it("grows while nothing comes", () => {
    const estimate = new Estimate(0);
    for (let i = 1; i <= 4; i++) estimate.proven(1000 * i);
    const soon = estimate.secondsLeft(10, 4000)!;
    const late = estimate.secondsLeft(10, 104_000)!;
    assert.ok(late > 10 * soon, `${soon}, ${late}`);
  });
});
