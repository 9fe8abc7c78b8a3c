/** Exact training as PROTOCOL §4 states it, in dense BigInt arrays: a model for tests, not for speed. */
import type { Shape } from "../../src/protocol/shape.ts";
import type { Statement } from "../../src/protocol/statement.ts";

/** rows[k][j] */
export type Matrix = bigint[][];

/** All values of a segment. Layer l is at index l; rows of tensors are c = t·B + i. */
export interface Trace {
  readonly X: Matrix;
  readonly Y: Matrix;
  /** W[t][l], t = 0 … T. */
  readonly W: Matrix[][];
  readonly A: Matrix[];
  readonly Z: Matrix[];
  readonly m: Matrix[];
  readonly v: Matrix[];
  readonly r: Matrix[];
  readonly GA: Matrix[];
  readonly g: Matrix[];
  readonly h: Matrix[];
  readonly G: Matrix[];
}

const power = (exponent: number): bigint => 1n << BigInt(exponent);

export const zeros = (rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, () => new Array<bigint>(columns).fill(0n));

/** value = 2^bits·quotient + rest, rest in [0, 2^bits). */
function split(value: bigint, bits: number): [quotient: bigint, rest: bigint] {
  return [value >> BigInt(bits), value & (power(bits) - 1n)];
}

/** [A, 2^fA]: the inputs of a layer with the constant column of the bias. */
export const withConstant = (row: readonly bigint[], fA: number): bigint[] => [...row, power(fA)];

/** Trains T steps from `start` (start[l] for l ≥ 1) on the rows of X and Y. */
export function train(s: Statement, shape: Shape, start: Matrix[], X: Matrix, Y: Matrix): Trace {
  const { L, T, B, TB } = shape;
  const tensors = (): Matrix[] => s.widths.map((n) => zeros(TB, n));
  const [A, Z, m, v, r, GA] = [tensors(), tensors(), tensors(), tensors(), tensors(), tensors()];
  const [g, h, G] = [tensors(), tensors(), tensors()];
  A[0] = X;
  const W: Matrix[][] = [start];
  for (let t = 0; t < T; t++) {
    const now = W[t]!;
    for (let c = t * B; c < (t + 1) * B; c++) {
      for (let l = 1; l <= L; l++) {
        const input = withConstant(A[l - 1]![c]!, s.fA);
        for (let j = 0; j < s.widths[l]!; j++) {
          const z = input.reduce((sum, a, k) => sum + a * now[l]![k]![j]!, 0n);
          const [rounded, rest] = split(z + power(s.R - 1), s.R);
          const [sign, low] = split(rounded, s.b * s.dv);
          if (sign !== 0n && sign !== -1n) throw new RangeError("model: z is out of range");
          Z[l]![c]![j] = z;
          r[l]![c]![j] = rest;
          m[l]![c]![j] = sign + 1n;
          v[l]![c]![j] = low;
          A[l]![c]![j] = (sign + 1n) * low;
        }
      }
      for (let l = L; l >= 1; l--)
        for (let j = 0; j < s.widths[l]!; j++) {
          if (l === L) {
            const z = power(s.b * s.dv) * (m[l]![c]![j]! - 1n) + v[l]![c]![j]!;
            G[l]![c]![j] = power(s.fG - s.fA) * z - power(s.fG - s.sigma) * Y[c]![j]!;
            continue;
          }
          const sum = G[l + 1]![c]!.reduce((total, d, k) => total + d * now[l + 1]![j]![k]!, 0n);
          const [rounded, rest] = split(sum + power(s.R - 1), s.R);
          const half = power(s.b * s.dg - 1);
          if (rounded < -half || rounded >= half) throw new RangeError("model: g is out of range");
          GA[l]![c]![j] = sum;
          g[l]![c]![j] = rounded;
          h[l]![c]![j] = rest;
          G[l]![c]![j] = m[l]![c]![j]! * rounded;
        }
    }
    W.push(
      now.map((matrix, l) =>
        matrix.map((row, k) =>
          row.map((weight, j) => {
            let gradient = 0n;
            for (let c = t * B; c < (t + 1) * B; c++)
              gradient += withConstant(A[l - 1]![c]!, s.fA)[k]! * G[l]![c]![j]!;
            return weight - s.eta * gradient;
          }),
        ),
      ),
    );
  }
  return { X, Y, W, A, Z, m, v, r, GA, g, h, G };
}

/** The committed matrices by linear address (PROTOCOL §8), from a trace. */
export interface Committed {
  readonly D: bigint[];
  readonly M: bigint[];
  readonly mu: bigint[];
  readonly WIn: bigint[];
  readonly WOut: bigint[];
  readonly X: bigint[];
}

export function commitTrace(s: Statement, shape: Shape, trace: Trace): Committed {
  const { TB, features, digitRows, firstKind, dr, L, n0, nL } = shape;
  const D = new Array<bigint>(digitRows * TB).fill(0n);
  const M = new Array<bigint>(features * TB).fill(0n);
  const put = (kind: number, count: number, feature: number, c: number, value: bigint): void => {
    for (let i = 0; i < count; i++)
      D[((kind + i) * features + feature) * TB + c] =
        (value >> BigInt(s.b * i)) & (power(s.b) - 1n);
  };
  for (const { layer: l, offset, outputs } of shape.layers)
    for (let j = 0; j < outputs; j++)
      for (let c = 0; c < TB; c++) {
        const feature = offset + j;
        M[feature * TB + c] = trace.m[l]![c]![j]!;
        put(firstKind.v, s.dv, feature, c, trace.v[l]![c]![j]!);
        put(firstKind.r, dr, feature, c, trace.r[l]![c]![j]!);
        if (l === L) continue;
        put(firstKind.g, s.dg, feature, c, trace.g[l]![c]![j]! + power(s.b * s.dg - 1));
        put(firstKind.h, dr, feature, c, trace.h[l]![c]![j]!);
      }
  const WIn = flattenWeights(shape, trace.W[0]!);
  WIn.forEach((weight, a) => {
    for (let i = 0; i < shape.startDigits; i++)
      D[startDigitAddress(shape, i, a)] = ((weight + s.W0) >> BigInt(s.b * i)) & (power(s.b) - 1n);
  });
  const X = new Array<bigint>(TB * 2 ** s.kappa).fill(0n);
  for (let c = 0; c < TB; c++) {
    trace.X[c]!.forEach((x, f) => (X[c * 2 ** s.kappa + f] = x));
    trace.Y[c]!.forEach((y, j) => (X[c * 2 ** s.kappa + n0 + j] = y));
  }
  const mu = new Array<bigint>(2 ** s.b).fill(0n);
  const count = (word: bigint): void => {
    mu[Number(word)]! += 1n;
  };
  D.forEach(count);
  for (let c = 0; c < TB; c++) {
    for (let f = 0; f < n0; f++) count(trace.X[c]![f]! + BigInt(s.x0));
    for (let j = 0; j < nL; j++) count(trace.Y[c]![j]! + BigInt(s.y0));
  }
  return {
    D,
    M,
    mu,
    WIn,
    WOut: flattenWeights(shape, trace.W.at(-1)!),
    X,
  };
}

/** Where D holds digit i of weight a of an undisclosed start (PROTOCOL §8). */
export const startDigitAddress = (
  { kinds, features, startRows, TB }: Shape,
  i: number,
  a: number,
): number => (kinds * features + i * startRows) * TB + a;

/** Weights by linear address (PROTOCOL §7). */
export function flattenWeights(shape: Shape, weights: Matrix[]): bigint[] {
  const out = new Array<bigint>(shape.weightEntries).fill(0n);
  for (const { layer, base, columnBits } of shape.layers)
    weights[layer]!.forEach((row, k) => {
      row.forEach((weight, j) => (out[base + k * 2 ** columnBits + j] = weight));
    });
  return out;
}
