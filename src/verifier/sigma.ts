import { concat, readUint256, writeUint256 } from "../protocol/bytes.ts";
import { add, encodeScalars, mod, mul } from "../protocol/field.ts";
import type { Generators } from "../protocol/generators.ts";
import type { PointList } from "../protocol/pointList.ts";
import { POINT_BYTES } from "../protocol/points.ts";
import type { Proof } from "../protocol/proof.ts";
import { SCALAR_BYTES } from "../protocol/scalarList.ts";
import { type Affine, combine, evaluate } from "./affine.ts";
import { chiSums } from "./chiSums.ts";
import type { Context } from "./context.ts";
import { powers } from "./mle.ts";
import type { Terms } from "./msm.ts";
import { MATRICES, type Matrix, type Opening } from "./relations/opening.ts";

/** The row commitments of every committed matrix, and which sample each row of X is. */
export type RowCommitments = Readonly<Record<Matrix, PointList>> & {
  readonly samples: Uint32Array;
};

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
  transcript.absorbEncodedPoints("sigma.masks", proof.masks.bytes);
  transcript.absorbEncodedScalars("sigma.form", proof.form.bytes);
  transcript.absorbEncodedPoints("sigma.cross", proof.cross.bytes);
  const x = transcript.challenge("sigma.x", 1)[0]!;
  const { answerRow, answerPads, answerBlindings } = proof;
  const answer = concat(answerRow.bytes, answerPads.bytes, answerBlindings.bytes);
  transcript.absorbEncodedScalars("sigma.answer", answer);
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
  const row = chiSums().evaluate(opening.y, proof.answerRow.bytes);
  const left = evaluate(expression, proof.answerPads.values, 0n) + last * row;
  const right = proof.form.values[0]! + x * evaluate(expression, proof.hidden.values, 1n);
  const formHolds = mod(left - right) === 0n;

  return { formHolds, equation: groupEquation(ctx, proof, opening, rows, generators, x, psi) };
}

/** Σ_n γ^n (ζ(x_n)ζ(y_n) − x·ζ(z_n)), with ζ_n = x·ĥ_n − z_{k,n}. */
function productsValue({ ledger }: Context, proof: Proof, gamma: bigint, x: bigint): bigint {
  const pads = proof.answerPads.values;
  const zeta = proof.hidden.values.map((value, n) => mod(x * value - pads[n]!));
  let [sum, scale] = [0n, 1n];
  for (const product of ledger.products) {
    scale = mul(scale, gamma);
    const left = evaluate(product.x, zeta, x) * evaluate(product.y, zeta, x);
    sum += scale * mod(left - x * evaluate(product.z, zeta, x));
  }
  return mod(sum);
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
  const terms: Terms[] = [];
  const { times, scaled } = chiSums();
  const psi2 = mul(psi, psi);
  const [rhoU, rhoK, rhoE] = proof.answerBlindings.values as [bigint, bigint, bigint];
  const cross = mul(psi2, productsValue(ctx, proof, opening.gamma, x));

  const answer = proof.answerRow.bytes.slice();
  writeUint256(answer, 0, add(readUint256(answer), cross));
  terms.push({ points: generators.encoded("G", proof.answerRow.length), scalars: answer });
  terms.push({
    points: generators.encoded("P", proof.answerPads.length),
    scalars: times(psi, proof.answerPads.bytes),
  });
  const single = [
    rhoU + psi * rhoK + psi2 * rhoE, // H
    -1n, // S_u
    -psi, // S_k
    -psi * x, // K
    -psi2, // E0
    -psi2 * x, // E1
  ];
  terms.push({
    points: concat(generators.encoded("H", 1), proof.masks.bytes, proof.K.bytes, proof.cross.bytes),
    scalars: encodeScalars(single.map(mod)),
  });

  // −x·C_u, C_u = Σ_k λ_O^k Σ_ρ χ_ρ(x)·(row ρ of matrix k)
  const present = MATRICES.filter((name) => opening.scales.has(name));
  const weights = scaled(
    opening.x,
    present.map((name) => [-x * opening.scales.get(name)!, rows[name].length]),
  );
  present.forEach((name, k) => {
    const own = { points: rows[name].bytes, scalars: weights[k]! };
    terms.push(name === "X" ? mergeSamples(own, rows.samples) : own);
  });
  return {
    points: concat(...terms.map(({ points }) => points)),
    scalars: concat(...terms.map(({ scalars }) => scalars)),
  };
}

/** Row i is a commitment of samples[i]: a sample used twice becomes one term. */
export function mergeSamples({ points, scalars }: Terms, samples: Uint32Array): Terms {
  const terms = new Map<number, number>(); // by sample
  samples.forEach((sample) => {
    if (!terms.has(sample)) terms.set(sample, terms.size);
  });
  if (terms.size === samples.length) return { points, scalars };
  const sums = new Array<bigint>(terms.size).fill(0n);
  const merged = new Uint8Array(POINT_BYTES * terms.size);
  samples.forEach((sample, row) => {
    const term = terms.get(sample)!;
    merged.set(points.subarray(POINT_BYTES * row, POINT_BYTES * (row + 1)), POINT_BYTES * term);
    sums[term] = add(sums[term]!, readUint256(scalars, SCALAR_BYTES * row));
  });
  return { points: merged, scalars: encodeScalars(sums) };
}
