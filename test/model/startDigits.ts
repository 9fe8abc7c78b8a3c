/** The digits of an undisclosed start, for tests that choose them (PROTOCOL §8). */
import type { Statement } from "../../src/protocol/statement.ts";
import { shapeOf } from "../../src/protocol/shape.ts";
import { type Committed, startDigitAddress } from "./training.ts";

/** Writes one entry of D, and counts it in μ instead of what was there; a digit out of range has no count. */
export function setDigit({ D, mu }: Committed, address: number, digit: bigint): void {
  const count = (word: bigint, by: bigint): void => {
    if (word >= 0n && word < BigInt(mu.length)) mu[Number(word)]! += by;
  };
  count(D[address]!, -1n);
  count(digit, 1n);
  D[address] = digit;
}

/** Writes the digits of weight a, lowest first. */
export function setStartDigits(
  committed: Committed,
  s: Statement,
  a: number,
  digits: readonly bigint[],
): void {
  const shape = shapeOf(s);
  if (digits.length !== shape.startDigits) throw new RangeError("setStartDigits: another number");
  digits.forEach((digit, i) => {
    setDigit(committed, startDigitAddress(shape, i, a), digit);
  });
}

/** The digits of weight + 2^(w−1), which must be in [0, 2^w). */
export function digitsOf(s: Statement, weight: bigint): bigint[] {
  const { startDigits } = shapeOf(s);
  const word = weight + s.W0;
  const table = 1n << BigInt(s.b);
  return Array.from({ length: startDigits }, (_, i) => (word >> BigInt(s.b * i)) % table);
}

/** Puts a weight at an address that no layer uses, with its digits: nothing else depends on it. */
export function setPadding(committed: Committed, s: Statement, a: number, weight: bigint): void {
  committed.WIn[a] = weight;
  setStartDigits(committed, s, a, digitsOf(s, weight));
}

/** The addresses below |W| that no layer uses. */
export function paddingOf(s: Statement): number[] {
  const { layers, weightEntries } = shapeOf(s);
  const used = new Set<number>();
  for (const { inputs, outputs, base, columnBits } of layers)
    for (let k = 0; k <= inputs; k++)
      for (let j = 0; j < outputs; j++) used.add(base + k * 2 ** columnBits + j);
  return Array.from({ length: weightEntries }, (_, a) => a).filter((a) => !used.has(a));
}
