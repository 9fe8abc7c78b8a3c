import assert from "node:assert/strict";
import { decodeProof, encodeProof, type Proof } from "../../src/protocol/proof.ts";
import { encodeScalars, mod, R } from "../../src/protocol/field.ts";
import { encodePoints } from "../../src/protocol/points.ts";
import { ScalarList } from "../../src/protocol/scalarList.ts";
import { shapeOf } from "../../src/protocol/shape.ts";
import { evaluate } from "../../src/verifier/affine.ts";
import { type Verdict, verify } from "../../src/verifier/index.ts";
import { mergeSamples } from "../../src/verifier/sigma.ts";
import { GENERATORS, toy, type ToyOptions } from "../model/toy.ts";

const base: ToyOptions = { widths: [2, 2, 1], tau: 1, beta: 0, seed: "sigma" };
const options = { generators: GENERATORS };
const check = (one: Pick<ToyOptions, "cheat">): string => name(proveAndVerify(one));
const name = (verdict: Verdict): string => (verdict.ok ? "accepted" : verdict.check);
function proveAndVerify(change: Pick<ToyOptions, "cheat">): Verdict {
  const one = toy({ ...base, ...change });
  return verify(one.bytes, one.proof, one, options);
}

/**
 * Each prover here is honest but for one secret of the Σ-protocol, so that exactly one term of
 * PROTOCOL §16's equations is wrong: a verifier that drops the term would accept.
 */
describe("verify: every term of the final equations is checked", () => {
  it("accepts the honest prover", () => {
    assert.equal(check({}), "accepted");
  });

  it("ℓ' is not the form of the masks: V4", () => {
    assert.equal(check({ cheat: { form: (form) => form + 1n } }), "V4");
  });

  it("e0 or e1 does not match the products: V5", () => {
    assert.equal(check({ cheat: { e0: (e) => e + 1n } }), "V5");
    assert.equal(check({ cheat: { e1: (e) => e + 1n } }), "V5");
  });

  it("a false product, hidden by nothing else: V5", () => {
    // inv = 1/c2 occurs in one product and no affine constraint
    const tamper = (label: string, _: number, values: bigint[]): void => {
      if (label === "lookup.roots") values[6]! += 1n;
    };
    const one = toy({ ...base, tamper });
    assert.equal(name(verify(one.bytes, one.proof, one, options)), "V5");
  });

  it("a combined row that is not the committed one, with a form that holds: V5", () => {
    // another u with the same ⟨u, χ(y)⟩: an element of the kernel is added after y is known
    const change = (u: bigint[], columns: readonly bigint[]): void => {
      u[0] = mod(u[0]! + columns[1]!);
      u[1] = mod(u[1]! - columns[0]!);
    };
    assert.equal(check({ cheat: { u: change } }), "V5");
  });

  it("pads that are not the committed ones, with a form that holds: V5", () => {
    assert.equal(
      check({ cheat: { committedPads: (pads) => (pads[0] = mod(pads[0]! + 1n)) } }),
      "V5",
    );
  });

  it("blindings of the rows, the pads or the products that do not match: V5", () => {
    const one = toy(base);
    const proof = decodeProof(one.proof, one.statement, shapeOf(one.statement)) as Proof;
    for (let i = 0; i < 3; i++) {
      const { values } = proof.answerBlindings;
      const answerBlindings = values.with(i, values[i]! ^ 1n);
      const changed = encodeProof({ ...proof, answerBlindings });
      assert.equal(name(verify(one.bytes, changed, one, options)), "V5", `blinding ${i}`);
    }
  });

  it("answers moved within the form's kernel: V5", () => {
    const one = toy(base);
    const proof = decodeProof(one.proof, one.statement, shapeOf(one.statement)) as Proof;
    // the form's coefficients do not depend on the answers; move z_u along its kernel
    const columns = one.columns;
    const { values } = proof.answerRow;
    const answerRow = values
      .with(0, mod(values[0]! + columns[1]!))
      .with(1, mod(values[1]! - columns[0]!));
    const moved = encodeProof({ ...proof, answerRow });
    assert.equal(name(verify(one.bytes, moved, one, options)), "V5");
  });
});

describe("affine expressions", () => {
  it("evaluate with their constant scaled", () => {
    const e = { constant: 5n, terms: new Map([[1, 3n]]) };
    assert.equal(evaluate(e, [9n, 7n], 2n), 31n);
  });
});

describe("samples that several rows use", () => {
  const points = encodePoints([0, 1, 0, 2, 1, 0].map((i) => GENERATORS.G(i)));
  const scalars = encodeScalars([1n, 2n, R - 1n, 4n, R - 1n, 7n]);

  it("become one term each, with the sum of their scalars modulo r", () => {
    const merged = mergeSamples({ points, scalars }, Uint32Array.of(9, 5, 9, 7, 5, 9));
    assert.deepEqual(merged.points, encodePoints([0, 1, 2].map((i) => GENERATORS.G(i))));
    assert.deepEqual(new ScalarList(merged.scalars).values, [7n, 1n, 4n]);
  });

  it("are left as they are where all differ", () => {
    assert.deepEqual(mergeSamples({ points, scalars }, Uint32Array.of(0, 1, 2, 3, 4, 5)), {
      points,
      scalars,
    });
  });
});
