import { type Affine, combine } from "./affine.ts";
import type { Context } from "./context.ts";
import { type CubePoint, lagrange } from "./mle.ts";

/** What a sumcheck reduces its claim to: the summand's value at a point. */
export interface Reduced {
  readonly claim: Affine;
  /** Most significant coordinate first; round k bound bit k − 1. */
  readonly point: CubePoint;
}

/**
 * Sumcheck(name, claim, degrees) over padded round polynomials (PROTOCOL §9). A round says s(0) and
 * s(2) … s(δ); s(1) is what the claim leaves, so the check s(0) + s(1) = claim holds by construction.
 */
export function sumcheck(
  { ledger, transcript }: Pick<Context, "ledger" | "transcript">,
  name: string,
  claim: Affine,
  degrees: readonly number[],
): Reduced {
  const point: bigint[] = [];
  let rest = claim;
  for (const degree of degrees) {
    const [s0, ...higher] = ledger.say(`${name}.round`, degree);
    const [r] = transcript.challenge(`${name}.r`, 1);
    const [at0, at1, ...above] = lagrange(degree, r!);
    // s(r) = at0·s(0) + at1·(C − s(0)) + Σ_{i≥2} above_i·s(i)
    rest = combine([
      [at0! - at1!, s0!],
      [at1!, rest],
      ...higher.map((value, i) => [above[i]!, value] as const),
    ]);
    point.unshift(r!);
  }
  return { claim: rest, point };
}

/** `count` rounds of one degree. */
export const rounds = (count: number, degree: number): number[] =>
  new Array<number>(count).fill(degree);
