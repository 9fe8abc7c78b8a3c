import { mod, mul } from "../protocol/field.ts";
import type { Generators } from "../protocol/generators.ts";
import type { Point } from "../protocol/points.ts";
import type { Proof } from "../protocol/proof.ts";
import { type Affine, combine, evaluate } from "./affine.ts";
import type { Context } from "./context.ts";
import { chiRange, inner, powers } from "./mle.ts";
import type { Terms } from "./msm.ts";
import { MATRICES, type Matrix, type Opening } from "./relations/opening.ts";

/** The row commitments of every committed matrix. */
export type RowCommitments = Readonly<Record<Matrix, readonly Point[]>>;

/** Σ_j ν^j e_j over all affine constraints, the opening's last (PROTOCOL §16). */
export interface Form {
  readonly expression: Affine;
  /** ν^{Q+1}, the coefficient of ⟨u, χ(y)⟩. */
  readonly last: bigint;
}

export function batchConstraints({ ledger }: Pick<Context, "ledger">, opening: Opening): Form {
  const scales = powers(opening.nu, ledger.zeros.length + 1);
  const last = scales.at(-1)!;
  const expression = combine([
    ...ledger.zeros.map((zero, j) => [scales[j]!, zero] as const),
    [last, opening.value],
  ]);
  return { expression, last };
}

/** The transcript's challenges of the Σ-protocol, after absorbing the proof's last messages. */
function challenges({ transcript }: Context, proof: Proof): { x: bigint; psi: bigint } {
  transcript.absorbPoints("sigma.masks", proof.masks);
  transcript.absorbScalars("sigma.form", proof.form);
  transcript.absorbPoints("sigma.cross", proof.cross);
  const x = transcript.challenge("sigma.x", 1)[0]!;
  transcript.absorbScalars("sigma.answer", [
    ...proof.answerRow,
    ...proof.answerPads,
    ...proof.answerBlindings,
  ]);
  return { x, psi: transcript.challenge("sigma.psi", 1)[0]! };
}

/**
 * The final Σ-protocol. `formHolds` is check V4; the terms must sum to the identity for check V5.
 */
export function sigma(
  ctx: Context,
  proof: Proof,
  opening: Opening,
  rows: RowCommitments,
  generators: Generators,
): { readonly formHolds: boolean; readonly equation: Terms } {
  const { x, psi } = challenges(ctx, proof);
  const { expression, last } = batchConstraints(ctx, opening);

  // ℓ(z_u, z_k) = ℓ' + x·c_ℓ, c_ℓ = b + Σ A_n ĥ_n
  const columns = chiRange(opening.y, 0, proof.answerRow.length);
  const left = evaluate(expression, proof.answerPads, 0n) + last * inner(proof.answerRow, columns);
  const right = proof.form[0]! + x * evaluate(expression, proof.hidden, 1n);
  const formHolds = mod(left - right) === 0n;

  return { formHolds, equation: groupEquation(ctx, proof, opening, rows, generators, x, psi) };
}

/** Σ_n γ^n (ζ(x_n)ζ(y_n) − x·ζ(z_n)), with ζ_n = x·ĥ_n − z_{k,n}. */
function productsValue({ ledger }: Context, proof: Proof, gamma: bigint, x: bigint): bigint {
  const zeta = proof.hidden.map((value, n) => mod(x * value - proof.answerPads[n]!));
  const scales = powers(gamma, ledger.products.length);
  return ledger.products.reduce((sum, product, n) => {
    const [left, right, result] = [product.x, product.y, product.z].map((expression) =>
      evaluate(expression, zeta, x),
    ) as [bigint, bigint, bigint];
    return mod(sum + scales[n]! * mod(left * right - x * result));
  }, 0n);
}

/** The three group equations of PROTOCOL §16, merged by ψ. */
function groupEquation(
  ctx: Context,
  proof: Proof,
  opening: Opening,
  rows: RowCommitments,
  generators: Generators,
  x: bigint,
  psi: bigint,
): Terms {
  const terms = new Map<Point, bigint>(); // a sample used twice is one term
  const term = (scalar: bigint, point: Point): void => {
    terms.set(point, mod((terms.get(point) ?? 0n) + scalar));
  };
  const psi2 = mul(psi, psi);
  const [rhoU, rhoK, rhoE] = proof.answerBlindings as [bigint, bigint, bigint];
  const cross = mul(psi2, productsValue(ctx, proof, opening.gamma, x));

  proof.answerRow.forEach((z, i) => term(i === 0 ? z + cross : z, generators.G(i)));
  proof.answerPads.forEach((z, n) => term(psi * z, generators.P(n)));
  term(rhoU + psi * rhoK + psi2 * rhoE, generators.H);
  term(-1n, proof.masks[0]!); // S_u
  term(-psi, proof.masks[1]!); // S_k
  term(-psi * x, proof.K[0]!);
  term(-psi2, proof.cross[0]!); // E0
  term(-psi2 * x, proof.cross[1]!); // E1

  // −x·C_u, C_u = Σ_k λ_O^k Σ_ρ χ_ρ(x)·(row ρ of matrix k)
  const longest = Math.max(...MATRICES.map((name) => rows[name].length));
  const weights = chiRange(opening.x, 0, longest);
  for (const [name, scale] of opening.scales) {
    const factor = mod(-x * scale);
    rows[name].forEach((row, index) => term(factor * weights[index]!, row));
  }
  return { points: [...terms.keys()], scalars: [...terms.values()] };
}
