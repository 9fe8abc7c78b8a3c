import assert from "node:assert/strict";
import { fitFactors } from "../../../scripts/bench/fit.ts";

const near = (actual: readonly number[], expected: readonly number[]) => {
  assert.equal(actual.length, expected.length);
  actual.forEach((x, i) =>
    assert.ok(Math.abs(x - expected[i]!) <= 1e-6 * expected[i]! + 1e-18, `${actual.join()}`),
  );
};

describe("fitFactors", () => {
  const cases = [
    [1e9, 4, 1],
    [3e6, 90, 1],
    [2e7, 11, 1],
    [5e8, 1000, 1],
    [1e5, 3, 1],
  ];
  const exact = (factors: readonly number[]) =>
    cases.map((terms) => ({
      terms,
      seconds: terms.reduce((sum, term, i) => sum + term * factors[i]!, 0),
    }));

  it("finds the factors that made the seconds, however different their sizes", () => {
    near(fitFactors(exact([2e-11, 3e-5, 0.004])), [2e-11, 3e-5, 0.004]);
  });

  it("leaves out an operation that explains nothing, and never makes one negative", () => {
    near(fitFactors(exact([2e-11, 0, 0.004])), [2e-11, 0, 0.004]);
    const falling = cases.map((terms) => ({ terms, seconds: 1 / terms[0]! }));
    assert.ok(fitFactors(falling).every((factor) => factor >= 0));
  });

  it("weighs errors by their share, so that a large case does not drown a small one", () => {
    const [factor] = fitFactors([
      { terms: [1], seconds: 1 },
      { terms: [1000], seconds: 2000 },
    ]);
    assert.ok(Math.abs(factor! - 1.2) < 1e-9, `${factor}`); // least (f − 1)² + (f/2 − 1)²
  });

  it("takes one of two operations that always come together", () => {
    const both = [1, 2, 3].map((n) => ({ terms: [n, 2 * n], seconds: 4 * n }));
    const [a, b] = fitFactors(both);
    assert.ok(Math.abs(a! + 2 * b! - 4) < 1e-9);
  });
});
