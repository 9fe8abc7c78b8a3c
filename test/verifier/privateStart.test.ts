import assert from "node:assert/strict";
import { shapeOf } from "../../src/protocol/shape.ts";
import { verify } from "../../src/verifier/index.ts";
import { paddingOf, setPadding } from "../model/startDigits.ts";
import { GENERATORS, toy, type ToyOptions } from "../model/toy.ts";

const accepted = { ok: true };
const options = { generators: GENERATORS };

describe("verify: starts from undisclosed weights", () => {
  /** Each with what it is for. */
  const shapes: [name: string, options: ToyOptions][] = [
    ["one layer", { widths: [2, 2], tau: 1, beta: 1 }],
    ["one weight and its bias", { widths: [1, 1], tau: 0, beta: 0, kappa: 1 }],
    ["a step of one sample: a row of D for each weight", { widths: [2, 3, 2], tau: 0, beta: 0 }],
    ["more columns of time than weights", { widths: [1, 1], tau: 2, beta: 2 }],
    ["three layers, padding between them", { widths: [3, 5, 3, 2], tau: 1, beta: 0 }],
    ["commitment rows shorter than those of D", { widths: [3, 4, 2], kappa: 3, tau: 0 }],
    ["one commitment row for everything", { widths: [2, 3, 2], kappa: 9, tau: 1, beta: 1 }],
  ];
  for (const [name, shape] of shapes)
    it(`accepts ${name}, and what continues it`, () => {
      const one = toy({ ...shape, seed: name, undisclosed: {} });
      assert.equal(one.statement.startKind, 2);
      assert.deepEqual(verify(one.bytes, one.proof, one, options), accepted);
      const next = toy({ after: one, seed: `${name}, next` });
      assert.deepEqual(verify(next.bytes, next.proof, next, options), accepted);
    });

  it("the shapes have |W| below, at and beside multiples of TB", () => {
    const rests = shapes.map(([, shape]) => {
      const { weightEntries, TB } = shapeOf(toy({ ...shape, undisclosed: {} }).statement);
      return [weightEntries < TB, weightEntries % TB === 0];
    });
    for (const wanted of [
      [true, false],
      [false, true],
      [false, false],
    ])
      assert.ok(
        rests.some((rest) => String(rest) === String(wanted)),
        String(wanted),
      );
  });

  for (const w of [8, 16, 24, 32, 40, 48, 56, 64])
    it(`accepts both ends of the range of ${w} bits, in ${w / 8} digits of 8`, () => {
      const end = 2n ** BigInt(w - 1);
      const corruptCommitted: ToyOptions["corruptCommitted"] = (committed, s) => {
        const [low, high] = paddingOf(s);
        setPadding(committed, s, low!, -end);
        setPadding(committed, s, high!, end - 1n);
      };
      const base = { widths: [2, 3, 2], tau: 1, beta: 0, undisclosed: { w } };
      const one = toy({ ...base, corruptCommitted, seed: `${w} bits` });
      assert.equal(shapeOf(one.statement).startDigits, w / 8);
      assert.equal(one.committed.WIn.filter((x) => x === -end || x === end - 1n).length, 2);
      assert.deepEqual(verify(one.bytes, one.proof, one, options), accepted);
    });

  it("accepts a model of such ends only", () => {
    for (const w of [8, 16]) {
      const end = 2n ** BigInt(w - 1);
      const weight = (a: number): bigint => (a % 2 === 0 ? -end : end - 1n);
      const one = toy({ undisclosed: { w, weight }, seed: "ends" });
      assert.deepEqual(verify(one.bytes, one.proof, one, options), accepted);
    }
  });

  for (const w of [16, 32, 64])
    it(`accepts ${w} bits in digits of 16`, () => {
      const one = toy({
        widths: [2, 1, 1],
        tau: 0,
        beta: 0,
        kappa: 11,
        parameters: { b: 16, dv: 1, dg: 2, R: 16 },
        undisclosed: { w },
        seed: `${w} bits by 16`,
      });
      assert.equal(shapeOf(one.statement).startDigits, w / 16);
      assert.deepEqual(verify(one.bytes, one.proof, one, options), accepted);
    }).timeout(120_000);
});
