/**
 * Multilinear extensions over the hypercube (PROTOCOL §1). Points are written most significant
 * coordinate first. Where two points differ in length, the shorter gets leading zeros: an index of the
 * smaller cube has zeros in its upper bits.
 */
import { inverse, mod, mul, R, sub } from "../protocol/field.ts";

export type CubePoint = readonly bigint[];

const pad = (point: CubePoint, length: number): CubePoint =>
  point.length >= length ? point : [...new Array<bigint>(length - point.length).fill(0n), ...point];

/** eq(a, b) = Π_k (1 − a_k − b_k + 2 a_k b_k). */
export function eq(a: CubePoint, b: CubePoint): bigint {
  const length = Math.max(a.length, b.length);
  const [left, right] = [pad(a, length), pad(b, length)];
  return left.reduce((product, x, k) => (product * eqFactor(x, right[k]!)) % R, 1n);
}

const eqFactor = (x: bigint, y: bigint): bigint => mod(1n - x - y + 2n * x * y);

const bitOf = (index: number, bit: number): number => Math.floor(index / 2 ** bit) % 2;

/** χ_index(point): the weight of one vertex. */
export const chi = (index: number, point: CubePoint): bigint => chiRange(point, index, 1)[0]!;

/**
 * χ_i(point) for start ≤ i < start + count, a product each: coordinate after coordinate, each weight of the
 * smaller cube parts into its two.
 */
export function chiRange(point: CubePoint, start: number, count: number): bigint[] {
  if (start + count > 2 ** point.length) throw new RangeError("chiRange: indices exceed the cube");
  if (count === 0) return [];
  let [weights, first] = [[1n], 0]; // of the indices from `first` on in the cube of the coordinates so far
  point.forEach((x, k) => {
    const width = 2 ** (point.length - 1 - k);
    const [low, high] = [Math.floor(start / width), Math.floor((start + count - 1) / width)];
    const next: bigint[] = [];
    weights.forEach((weight, i) => {
      const index = 2 * (first + i);
      const one = mul(weight, x);
      if (index >= low) next.push(sub(weight, one));
      if (index + 1 >= low && index + 1 <= high) next.push(one);
    });
    [weights, first] = [next, low];
  });
  return weights;
}

/** Σ_{i<count} Π_k (bit k of i ? one_k : zero_k), by splitting at the bits of count. */
function prefixSum(
  count: number,
  factors: readonly (readonly [zero: bigint, one: bigint])[],
): bigint {
  const n = factors.length;
  const totals = new Array<bigint>(n + 1).fill(1n); // totals[k]: all of the coordinates from k on
  for (let k = n - 1; k >= 0; k--)
    totals[k] = ((factors[k]![0] + factors[k]![1]) * totals[k + 1]!) % R;
  if (count === 2 ** n) return totals[0]!;
  if (count > 2 ** n) throw new RangeError("prefixSum: count exceeds the cube");
  let [sum, leading] = [0n, 1n];
  for (let k = 0; k < n; k++) {
    const [zero, one] = factors[k]!;
    const bit = bitOf(count, n - 1 - k);
    if (bit === 1) sum += ((leading * zero) % R) * totals[k + 1]!;
    leading = (leading * (bit === 1 ? one : zero)) % R;
  }
  return sum % R;
}

/** Σ_{i<count} χ_i(point). */
export const chiPrefix = (count: number, point: CubePoint): bigint =>
  prefixSum(
    count,
    point.map((x) => [sub(1n, x), x]),
  );

/** Σ_{i<count} χ_i(a) χ_i(b). */
export function eqPrefix(count: number, a: CubePoint, b: CubePoint): bigint {
  const length = Math.max(a.length, b.length);
  const [left, right] = [pad(a, length), pad(b, length)];
  return prefixSum(
    count,
    left.map((x, k) => [mul(sub(1n, x), sub(1n, right[k]!)), mul(x, right[k]!)]),
  );
}

/**
 * Σ_{i<count} χ_i(a) χ_{shift+i}(b) in time proportional to the number of coordinates: from the lowest bit up, sums over the bits
 * so far of i, by the carry of shift + i and by whether they are below those of count.
 */
export function eqShifted(count: number, a: CubePoint, b: CubePoint, shift: number): bigint {
  if (count > 2 ** a.length || shift + count > 2 ** b.length)
    throw new RangeError("eqShifted: indices exceed the cube");
  const length = Math.max(a.length, b.length) + 1; // count and shift + count may be a power of two
  const [left, right] = [pad(a, length), pad(b, length)];
  let sums = [1n, 0n, 0n, 0n]; // at 2·carry + below
  for (let bit = 0; bit < length; bit++) {
    const [x, y] = [left[length - 1 - bit]!, right[length - 1 - bit]!];
    const both = mul(x, y);
    // at 2·(bit of i) + (bit of shift + i)
    const weights = [mod(1n - x - y + both), sub(y, both), sub(x, both), both];
    const next = [0n, 0n, 0n, 0n];
    for (const state of [0, 1, 2, 3])
      for (const one of [0, 1]) {
        const sum = (state >> 1) + one + bitOf(shift, bit);
        const border = bitOf(count, bit);
        const below = one === border ? state & 1 : border;
        next[(sum >> 1) * 2 + below]! += sums[state]! * weights[2 * one + (sum & 1)]!;
      }
    sums = next.map(mod);
  }
  return sums[1]!;
}

/** LT(a, b) = Σ_t χ_t(a) Σ_{t'>t} χ_{t'}(b), for points of one length (PROTOCOL §13). */
export function lessThan(a: CubePoint, b: CubePoint): bigint {
  let [sum, equal] = [0n, 1n];
  a.forEach((x, k) => {
    sum += equal * mul(sub(1n, x), b[k]!);
    equal = mul(equal, eqFactor(x, b[k]!));
  });
  return sum % R;
}

/** Σ_i a_i b_i over the shorter of the two. */
export function inner(a: readonly bigint[], b: readonly bigint[]): bigint {
  let sum = 0n;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) sum += a[i]! * b[i]!;
  return sum % R;
}

/** base, base², …, base^count. */
export function powers(base: bigint, count: number): bigint[] {
  const out: bigint[] = [];
  for (let i = 0, power = 1n; i < count; i++) out.push((power = mul(power, base)));
  return out;
}

/** The nodes 0 … degree. */
const NODES: readonly (readonly bigint[])[] = [[0n], [0n, 1n], [0n, 1n, 2n], [0n, 1n, 2n, 3n]];

/** 1 / Π_{j≠i} (i − j) over the nodes. */
const DENOMINATORS: readonly (readonly bigint[])[] = NODES.map((nodes) =>
  nodes.map((i) =>
    inverse(nodes.reduce((product, j) => (j === i ? product : product * (i - j)), 1n)),
  ),
);

/** The Lagrange coefficients at r of the values at 0, 1, …, degree; degree ≤ 3. */
export function lagrange(degree: number, r: bigint): bigint[] {
  const nodes = NODES[degree]!;
  return nodes.map((i, at) =>
    nodes.reduce(
      (product, j) => (j === i ? product : mod(product * (r - j))),
      DENOMINATORS[degree]![at]!,
    ),
  );
}
