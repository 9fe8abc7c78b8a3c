import { mul, sub } from "../protocol/field.ts";
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
  const said: { readonly values: readonly Affine[]; readonly at: readonly bigint[] }[] = [];
  for (const degree of degrees) {
    const values = ledger.say(`${name}.round`, degree);
    const [r] = transcript.challenge(`${name}.r`, 1);
    said.push({ values, at: lagrange(degree, r!) });
    point.push(r!);
  }
  // A round makes C into s(r) = at_0·s(0) + at_1·(C − s(0)) + Σ_{i≥2} at_i·s(i): its values come to
  // the end times the at_1 of all later rounds.
  const parts: (readonly [bigint, Affine])[] = [];
  let later = 1n;
  for (const { values, at } of said.reverse()) {
    const [at0, at1, ...above] = at as [bigint, bigint, ...bigint[]];
    const [s0, ...higher] = values as [Affine, ...Affine[]];
    parts.push([mul(later, sub(at0, at1)), s0]);
    higher.forEach((value, i) => parts.push([mul(later, above[i]!), value]));
    later = mul(later, at1);
  }
  parts.push([later, claim]);
  return { claim: combine(parts), point: point.reverse() };
}

/** `count` rounds of one degree. */
export const rounds = (count: number, degree: number): number[] =>
  new Array<number>(count).fill(degree);
