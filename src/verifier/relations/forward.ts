import { mul } from "../../protocol/field.ts";
import { type Affine, combine } from "../affine.ts";
import type { Context } from "../context.ts";
import { chi, type CubePoint, eq, powers } from "../mle.ts";
import { rounds, sumcheck } from "../sumcheck.ts";

/** The points of the forward relation and the claims that it leaves (PROTOCOL §11). */
export interface Forward {
  /** p_t, p_i, p_j: where all Z_l are claimed to be `sum`, with weights λ^l. */
  readonly pT: CubePoint;
  readonly pI: CubePoint;
  readonly pJ: CubePoint;
  /** λ^1 … λ^L. */
  readonly lambdas: readonly bigint[];
  readonly sum: Affine;
  /** t*, k*: where the sumcheck ended. */
  readonly tEnd: CubePoint;
  readonly kEnd: CubePoint;
  /** a_1 … a_L on A_{l−1} and w_1 … w_L on W_l. */
  readonly a: readonly Affine[];
  readonly w: readonly Affine[];
}

/** Z_l = [A_{l−1}, 2^fA]·W_l for all layers and steps at once. */
export function forward(ctx: Context): Forward {
  const { statement, shape, ledger, transcript } = ctx;
  const { tau, beta, fA } = statement;
  const { L, J, K } = shape;
  const at = transcript.challenge("forward.point", tau + beta + J);
  const [pT, pI, pJ] = [at.slice(0, tau), at.slice(tau, tau + beta), at.slice(tau + beta)];
  const lambdas = powers(transcript.challenge("forward.lambda", 1)[0]!, L);
  const sum = ledger.say("forward.sum", 1)[0]!;
  const { claim, point } = sumcheck(ctx, "forward", sum, [...rounds(K, 2), ...rounds(tau, 3)]);
  const [tEnd, kEnd] = [point.slice(0, tau), point.slice(tau)];

  const values = ledger.say("forward.values", 3 * L);
  const [a, w, s] = [values.slice(0, L), values.slice(L, 2 * L), values.slice(2 * L)];
  for (const { layer, inputs } of shape.layers) {
    const bias = chi(inputs, kEnd) << BigInt(fA);
    ledger.product(combine([[1n, a[layer - 1]!]], bias), w[layer - 1]!, s[layer - 1]!);
  }
  const weight = eq(pT, tEnd); // C = eq(p_t, t*)·Σ_l λ^l s_l
  ledger.zero(
    combine([[1n, claim], ...s.map((sl, l) => [-mul(weight, lambdas[l]!), sl] as const)]),
  );
  return { pT, pI, pJ, lambdas, sum, tEnd, kEnd, a, w };
}
