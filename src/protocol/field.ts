import { readUint256, writeUint256 } from "./bytes.ts";

/** F: the scalar field of BN254. Elements are bigints in [0, R) (PROTOCOL §1). */
export const R = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** The representative in [0, R) of any integer. */
export function mod(value: bigint): bigint {
  const rest = value % R;
  return rest < 0n ? rest + R : rest;
}

export function add(a: bigint, b: bigint): bigint {
  const sum = a + b;
  return sum >= R ? sum - R : sum;
}

export function sub(a: bigint, b: bigint): bigint {
  return a >= b ? a - b : a - b + R;
}

export const mul = (a: bigint, b: bigint): bigint => (a * b) % R;

/** base^exponent, exponent ≥ 0. */
export function pow(base: bigint, exponent: bigint, modulus: bigint = R): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** The inverse modulo a prime by Euclid's algorithm; a RangeError for zero. */
export function inverse(value: bigint, modulus: bigint = R): bigint {
  let [a, b] = [((value % modulus) + modulus) % modulus, modulus];
  if (a === 0n) throw new RangeError("inverse: zero has none");
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return ((x % modulus) + modulus) % modulus;
}

/** The inverses of all values at the price of one; a RangeError if one is zero. */
export function batchInverse(values: readonly bigint[], modulus: bigint = R): bigint[] {
  const prefix: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefix.push(product);
    product = (product * value) % modulus;
  }
  let rest = inverse(product, modulus);
  const out = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    out[i] = (rest * prefix[i]!) % modulus;
    rest = (rest * values[i]!) % modulus;
  }
  return out;
}

/** The scalar of 32 bytes at `offset`, or undefined where it is not canonical (≥ R). */
export function readScalar(bytes: Uint8Array, offset = 0): bigint | undefined {
  const value = readUint256(bytes, offset);
  return value < R ? value : undefined;
}

/** Scalars as 32 big-endian bytes each. */
export function encodeScalars(values: readonly bigint[]): Uint8Array {
  const out = new Uint8Array(32 * values.length);
  values.forEach((value, i) => writeUint256(out, 32 * i, value));
  return out;
}

/** ⌈log2 n⌉ of a positive integer below 2^53; log2c(1) = 0. */
export function log2c(n: number): number {
  let bits = 0;
  for (let power = 1; power < n; power *= 2) bits++;
  return bits;
}
