import assert from "node:assert/strict";
import { verify } from "../../src/verifier/index.ts";
import { Random } from "../model/random.ts";
import { GENERATORS, toy } from "../model/toy.ts";

const accepted = { ok: true };
const options = { generators: GENERATORS };

describe("verify: completeness", () => {
  const random = new Random("completeness");
  for (let i = 0; i < 12; i++) {
    const widths = Array.from({ length: random.integer(2, 4) }, () => random.integer(1, 5));
    const [tau, beta] = [random.integer(0, 2), random.integer(0, 1)];
    it(`accepts widths ${widths.join("-")}, ${2 ** tau} steps of ${2 ** beta}, all starts`, () => {
      const first = toy({ widths, tau, beta, seed: `shape ${i}` });
      assert.deepEqual(verify(first.bytes, first.proof, first, options), accepted);
      const next = toy({ after: first, seed: `shape ${i}, next` });
      assert.deepEqual(verify(next.bytes, next.proof, next, options), accepted);
      const other = toy({ widths, tau, beta, seed: `shape ${i}, undisclosed`, undisclosed: {} });
      assert.deepEqual(verify(other.bytes, other.proof, other, options), accepted);
    });
  }

  it("accepts other digit counts, offsets, fractions and commitment widths", () => {
    const variants = [
      { kappa: 5, parameters: { dv: 3, dg: 4, R: 24 } },
      { kappa: 4, parameters: { x0: 0, y0: 0, eta: 1n, sigma: 0 } },
      { kappa: 9, parameters: { fA: 2, fG: 2, sigma: 2, dv: 4 } },
    ];
    for (const variant of variants) {
      const one = toy({ widths: [3, 3, 2], tau: 1, beta: 1, ...variant });
      assert.deepEqual(verify(one.bytes, one.proof, one, options), accepted);
    }
  });

  it("accepts digits of 16 bits", function () {
    this.timeout(120_000);
    const one = toy({
      widths: [2, 2, 1],
      tau: 1,
      beta: 0,
      kappa: 11,
      parameters: { b: 16, dv: 1, dg: 2, R: 16 },
    });
    assert.deepEqual(verify(one.bytes, one.proof, one, options), accepted);
  });

  it("reports its phases in order", () => {
    const one = toy({ widths: [2, 1], tau: 0, beta: 0 });
    const phases: string[] = [];
    verify(one.bytes, one.proof, one, { ...options, onProgress: (phase) => phases.push(phase) });
    assert.deepEqual(phases, [
      "statement",
      "commitments",
      "proof",
      "lookup",
      "forward",
      "backward",
      "update",
      "zkrelu",
      "opening",
      "equations",
      "multiplication",
    ]);
  });
});
