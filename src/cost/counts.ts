import { log2c } from "../protocol/field.ts";
import { type Shape, shapeOf, type Statement } from "../protocol/index.ts";

/** How much of the operations that a segment's time is made of its statement implies, without padding. */
export interface SegmentCounts {
  /** Multiplications of exact matrix products: forward, the weights' gradient, and back in all layers but the first. */
  readonly products: number;
  /** Digits of all kinds, those of undisclosed start weights included. */
  readonly digits: number;
  /** Pre-activations of all samples, and as many bits. */
  readonly bits: number;
  /** Features and labels of all samples. */
  readonly data: number;
  readonly weights: number;
  /** Entries of every matrix that is opened. */
  readonly opened: number;
  /** Points of the verifier's multi-scalar multiplication. */
  readonly points: number;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** The counts of a statement; `shape` is its own. */
export function countsOf(statement: Statement, shape: Shape = shapeOf(statement)): SegmentCounts {
  const { layers, digitRows, features, TB, n0, nL, rows, hiddenValues } = shape;
  const weights = sum(layers.map(({ inputs, outputs }) => (inputs + 1) * outputs));
  const digits = digitRows * TB;
  const bits = features * TB;
  const data = (n0 + nL) * TB;
  const matrices = statement.startKind !== 0 ? 2 : 1;
  return {
    products:
      TB *
      sum(layers.map(({ layer, inputs, outputs }) => (layer === 1 ? 2 : 3) * inputs * outputs)),
    digits,
    bits,
    data,
    weights,
    opened: digits + bits + 2 ** statement.b + matrices * weights + data,
    points:
      rows.D + rows.M + rows.mu + matrices * rows.W + TB + 2 ** statement.kappa + hiddenValues,
  };
}

/** The phases that time is predicted for. */
export const PHASES = [
  "train",
  "commit weights",
  "commit",
  "lookup",
  "products",
  "zkrelu",
  "opening",
  "rest",
  "verify",
] as const;
export type CostPhase = (typeof PHASES)[number];

/** The native prover's phases that a predicted one is made of (the rest is "rest"). */
export const PARTS: Partial<Record<CostPhase, readonly string[]>> = {
  train: ["train"],
  "commit weights": ["commit weights"],
  commit: ["commit digits", "commit bits", "commit multiplicities"],
  lookup: ["lookup"],
  products: ["forward", "backward", "update"],
  zkrelu: ["zkrelu"],
  opening: ["opening"],
};

/**
 * What each phase's time is taken to be a sum of, with a factor each (data/cost.json) that is never negative: how often its operations
 * are done, and 1 for what every segment pays.
 */
export function termsOf(statement: Statement): Record<CostPhase, readonly number[]> {
  const shape = shapeOf(statement);
  const { products, digits, bits, data, weights, opened, points } = countsOf(statement, shape);
  const { T, TB, L } = shape;
  const windows = (entryBits: number) => Math.ceil(entryBits / 8);
  return {
    train: [products, weights * T, bits + data, L * T],
    "commit weights": [weights * windows(statement.R + 1), 1],
    commit: [digits * windows(statement.b), bits, 1],
    lookup: [digits + data + 2 ** statement.b, 1],
    products: [bits + data, weights, 1],
    zkrelu: [bits, 1],
    opening: [opened, 1],
    rest: [digits + data, weights, 1],
    verify: [points, TB * log2c(TB), 1],
  };
}

/** The same for committing to the data set: its values, its samples, and once the tables of its columns. */
export const dataTerms = (samples: number, columns: number): readonly number[] => [
  samples * columns,
  samples,
  columns,
];
