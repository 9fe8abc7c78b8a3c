import { log2c } from "./field.ts";
import type { Statement } from "./statement.ts";

/** A layer's place in the linear order of all weights (PROTOCOL §7). */
export interface LayerShape {
  /** l = 1 … L. */
  readonly layer: number;
  /** n_{l−1} and n_l. W_l has inputs + 1 rows, the last for the bias, and outputs columns. */
  readonly inputs: number;
  readonly outputs: number;
  /** o_l, index of the layer's first feature among all layers'. */
  readonly offset: number;
  /** Entry (k, j) has address base + k·2^columnBits + j. */
  readonly base: number;
  readonly columnBits: number;
}

/** Everything that PROTOCOL §5, §8 and §9 derive from a statement's parameters. */
export interface Shape {
  readonly L: number;
  readonly T: number;
  readonly B: number;
  /** T·B = 2^omega. */
  readonly TB: number;
  readonly omega: number;
  readonly layers: readonly LayerShape[];
  readonly n0: number;
  readonly nL: number;
  /** Φ, features of layers 1 … L together. */
  readonly features: number;
  readonly featureBits: number;
  readonly dr: number;
  readonly kinds: number;
  /** startKind 2: d_w digits of each entry of W^in, N_w rows of D for each of them, Λ; else 0. */
  readonly startDigits: number;
  readonly startRows: number;
  readonly startBits: number;
  /** U, rows of digits: kinds·Φ, and for startKind 2 those of W^in after them. */
  readonly digitRows: number;
  /** First digit kind of v, r, g and h; g and h exist for L > 1. */
  readonly firstKind: {
    readonly v: number;
    readonly r: number;
    readonly g: number;
    readonly h: number;
  };
  readonly J: number;
  readonly K: number;
  /** Depth of the lookup's first tree. */
  readonly d1: number;
  /** |W|. */
  readonly weightEntries: number;
  /** Rows of 2^kappa columns of each committed matrix. */
  readonly rows: {
    readonly D: number;
    readonly M: number;
    readonly mu: number;
    readonly W: number;
    readonly X: number;
  };
  /** o, number of variables of the opening. */
  readonly openingBits: number;
  /** N, number of hidden values. */
  readonly hiddenValues: number;
  readonly proofBytes: number;
}

/** The shape of any statement with small enough numbers; V1 is checkStatement's. */
export function shapeOf(s: Statement): Shape {
  const L = s.widths.length - 1;
  const layers = placeLayers(s.widths);
  const last = layers.at(-1)!;
  const [n0, nL] = [s.widths[0]!, s.widths[L]!];
  const features = last.offset + nL;
  const omega = s.tau + s.beta;
  const TB = 2 ** omega;
  const dr = s.R / s.b;
  const kinds = L === 1 ? s.dv + dr : s.dv + s.dg + 2 * dr;
  const J = log2c(Math.max(...s.widths.slice(1)));
  const K = log2c(Math.max(...s.widths.slice(0, L)) + 1);
  const featureBits = log2c(features);
  const weightEntries = last.base + (last.inputs + 1) * 2 ** last.columnBits;
  const undisclosed = s.startKind === 2;
  const startDigits = undisclosed ? Math.ceil(rangeBits(s.W0) / s.b) : 0;
  const startRows = undisclosed ? Math.ceil(weightEntries / TB) : 0;
  const startBits = undisclosed ? log2c(weightEntries) : 0;
  const digitRows = kinds * features + startDigits * startRows;
  const d1 = omega + log2c(digitRows + n0 + nL);

  const rowsOf = (entries: number): number => Math.ceil(entries / 2 ** s.kappa);
  const rows = {
    D: rowsOf(digitRows * TB),
    M: rowsOf(features * TB),
    mu: rowsOf(2 ** s.b),
    W: rowsOf(weightEntries),
    X: TB,
  };
  const openingBits = s.kappa + log2c(Math.max(rows.D, rows.M, rows.mu, rows.W, rows.X));
  const start = s.startKind === 0 ? 0 : 1;
  const tree = (depth: number): number => (3 * depth * (depth - 1)) / 2 + 6 * depth;
  const hiddenValues =
    7 +
    tree(d1) +
    tree(s.b) + // lookup
    (1 + 2 * K + 3 * s.tau + 3 * L) + // forward
    (L > 1 ? 1 + 2 * J + 3 * s.tau + 3 * (L - 1) : 0) + // backward
    (1 + start + 2 * s.beta + 3 * s.tau + 3 * (3 * L - 1)) + // update
    (1 + 3 * (featureBits + omega) + (L > 1 ? 6 : 4)) + // zkReLU
    (2 * openingBits + 5 + start); // opening
  const proofBytes =
    4 + 64 * (rows.D + rows.M + rows.mu + 5) + 32 * (2 * hiddenValues + 2 ** s.kappa + 4);

  return {
    L,
    T: 2 ** s.tau,
    B: 2 ** s.beta,
    TB,
    omega,
    layers,
    n0,
    nL,
    features,
    featureBits,
    dr,
    kinds,
    startDigits,
    startRows,
    startBits,
    digitRows,
    firstKind: { v: 0, r: s.dv, g: s.dv + dr, h: s.dv + dr + s.dg },
    J,
    K,
    d1,
    weightEntries,
    rows,
    openingBits,
    hiddenValues,
    proofBytes,
  };
}

/** w: bits of W + 2^(w−1) for all W in [−W0, W0), where W0 = 2^(w−1) (PROTOCOL §5). */
export const rangeBits = (W0: bigint): number => W0.toString(2).length;

function placeLayers(widths: readonly number[]): LayerShape[] {
  const layers: LayerShape[] = [];
  let [offset, end] = [0, 0];
  for (let layer = 1; layer < widths.length; layer++) {
    const [inputs, outputs] = [widths[layer - 1]!, widths[layer]!];
    const columnBits = log2c(outputs);
    const columns = 2 ** columnBits;
    const base = Math.ceil(end / columns) * columns;
    layers.push({ layer, inputs, outputs, offset, base, columnBits });
    offset += outputs;
    end = base + (inputs + 1) * columns;
  }
  return layers;
}
