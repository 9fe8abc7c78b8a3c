import { mod } from "../protocol/field.ts";

/**
 * An affine expression a_0 + Σ a_n h_n in the hidden values h_n (PROTOCOL §9). The verifier knows
 * coefficients only: it never learns a hidden value.
 */
export interface Affine {
  readonly constant: bigint;
  /** Coefficients by the number n of the hidden value. */
  readonly terms: ReadonlyMap<number, bigint>;
}

export const constant = (value: bigint): Affine => ({ constant: mod(value), terms: new Map() });

export const hidden = (n: number): Affine => ({ constant: 0n, terms: new Map([[n, 1n]]) });

/** Σ coefficient·expression + offset. */
export function combine(
  parts: readonly (readonly [coefficient: bigint, expression: Affine])[],
  offset = 0n,
): Affine {
  let sum = offset;
  const terms = new Map<number, bigint>();
  for (const [coefficient, expression] of parts) {
    sum += coefficient * expression.constant;
    expression.terms.forEach((a, n) => terms.set(n, (terms.get(n) ?? 0n) + coefficient * a));
  }
  terms.forEach((a, n) => terms.set(n, mod(a)));
  return { constant: mod(sum), terms };
}

/** The value of an expression when h_n is values[n] and 1 is `one`. */
export function evaluate(expression: Affine, values: readonly bigint[], one: bigint): bigint {
  let sum = expression.constant * one;
  expression.terms.forEach((a, n) => (sum += a * values[n]!));
  return mod(sum);
}
