import { mul } from "../../protocol/field.ts";
import { type Affine, combine } from "../affine.ts";
import type { Context } from "../context.ts";
import { type CubePoint, eq, powers } from "../mle.ts";
import { rounds, sumcheck } from "../sumcheck.ts";

/** The points of the backward relation and the claims that it leaves (PROTOCOL §12). */
export interface Backward {
  /** p'_t, p'_i, p'_k: where all GA_l, l < L, are claimed to be `sum`, with weights λ'^l. */
  readonly pT: CubePoint;
  readonly pI: CubePoint;
  readonly pK: CubePoint;
  /** λ'^1 … λ'^{L−1}. */
  readonly lambdas: readonly bigint[];
  readonly sum: Affine;
  /** t°, j°: where the sumcheck ended. */
  readonly tEnd: CubePoint;
  readonly jEnd: CubePoint;
  /** g_1 … g_{L−1} on G_{l+1} and w'_1 … w'_{L−1} on W_{l+1} without its bias row. */
  readonly g: readonly Affine[];
  readonly w: readonly Affine[];
}

/** GA_l = G_{l+1}·(W_{l+1} without its bias row)ᵀ for l < L; nothing for a single layer. */
export function backward(ctx: Context): Backward | undefined {
  const { statement, shape, ledger, transcript } = ctx;
  const { tau, beta } = statement;
  const { L, J } = shape;
  if (L === 1) return undefined;
  const at = transcript.challenge("backward.point", tau + beta + J);
  const [pT, pI, pK] = [at.slice(0, tau), at.slice(tau, tau + beta), at.slice(tau + beta)];
  const lambdas = powers(transcript.challenge("backward.lambda", 1)[0]!, L - 1);
  const sum = ledger.say("backward.sum", 1)[0]!;
  const { claim, point } = sumcheck(ctx, "backward", sum, [...rounds(J, 2), ...rounds(tau, 3)]);
  const [tEnd, jEnd] = [point.slice(0, tau), point.slice(tau)];

  const count = L - 1;
  const values = ledger.say("backward.values", 3 * count);
  const g = values.slice(0, count);
  const w = values.slice(count, 2 * count);
  const s = values.slice(2 * count);
  s.forEach((sl, l) => ledger.product(g[l]!, w[l]!, sl));
  const weight = eq(pT, tEnd); // C = eq(p'_t, t°)·Σ_l λ'^l s'_l
  ledger.zero(
    combine([[1n, claim], ...s.map((sl, l) => [-mul(weight, lambdas[l]!), sl] as const)]),
  );
  return { pT, pI, pK, lambdas, sum, tEnd, jEnd, g, w };
}
