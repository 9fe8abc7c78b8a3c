import {
  etaAt,
  type EtaChange,
  type EtaSchedule,
  initialBound,
  shapeOf,
  type Statement,
  weightBound,
} from "../protocol/index.ts";
import type { FixedPoint } from "./planSchema.ts";

/** One segment of a run: 2^tau steps from firstStep. */
export interface Segment {
  readonly index: number;
  readonly firstStep: number;
  readonly steps: number;
}

/** Most segments of a run: their folders are numbered with six digits. */
export const MAX_SEGMENTS = 1_000_000;

/** Steps are cut into this many full segments; `rest` steps are left for shorter ones. */
function fullSegments(steps: number, segmentSteps: number): { full: number; rest: number } {
  const full = Math.floor(steps / segmentSteps);
  return { full, rest: steps - full * segmentSteps };
}

/** How many segments a run is cut into. */
export function segmentCount(steps: number, segmentSteps: number): number {
  const { full, rest } = fullSegments(steps, segmentSteps);
  return full + rest.toString(2).replaceAll("0", "").length;
}

/**
 * One segment of a run: as many full segments as fit, then the rest in falling powers of two (41 = 32 + 8 + 1). In time that does
 * not grow with the run; undefined beyond its end.
 */
export function segmentAt(index: number, steps: number, segmentSteps: number): Segment | undefined {
  if (!Number.isInteger(index) || index < 0) return undefined;
  const { full, rest } = fullSegments(steps, segmentSteps);
  if (index < full) return { index, firstStep: index * segmentSteps, steps: segmentSteps };
  let firstStep = steps - rest;
  for (let at = full; firstStep < steps; at++) {
    const length = 2 ** Math.floor(Math.log2(steps - firstStep));
    if (at === index) return { index, firstStep, steps: length };
    firstStep += length;
  }
  return undefined;
}

/** All segments of a run, in order. */
export const cutSegments = (steps: number, segmentSteps: number): Segment[] =>
  Array.from({ length: segmentCount(steps, segmentSteps) }, (_, index) =>
    segmentAt(index, steps, segmentSteps)!,
  );

/** Whether a segment of cutSegments(steps, segmentSteps) starts at a step; in time that does not grow with them. */
export function startsSegment(step: number, steps: number, segmentSteps: number): boolean {
  if (step < 0 || step >= steps) return false;
  const full = Math.floor(steps / segmentSteps) * segmentSteps;
  if (step <= full) return step % segmentSteps === 0;
  let at = full;
  while (at < step) at += 2 ** Math.floor(Math.log2(steps - at));
  return at === step;
}

/** What the statements of a run share, and the step sizes, which they may share. */
export interface RunParameters {
  readonly widths: readonly number[];
  readonly fixedPoint: FixedPoint;
  readonly eta: bigint;
  /** Later step sizes, ascending, each from a segment's first step on; eta counts before them. */
  readonly etaChanges?: readonly EtaChange[];
  readonly batch: number;
  readonly kappa: number;
  readonly samples: number;
  readonly x0: number;
  readonly y0: number;
  readonly scheduleSeed: Uint8Array;
}

/** 0: a public seed; 1: the weights of an earlier segment or run; 2: undisclosed weights (PROTOCOL §5). */
export type StartKind = 0 | 1 | 2;

/** What a segment's statement adds. */
export interface SegmentFacts {
  readonly runId: Uint8Array;
  readonly dataRoot: Uint8Array;
  readonly W0: bigint;
  readonly startKind: StartKind;
  readonly start: Uint8Array;
  readonly weightsOut: Uint8Array;
}

/** The step sizes of a run, from its first step on. */
export const etaScheduleOf = ({
  eta,
  etaChanges = [],
}: Pick<RunParameters, "eta" | "etaChanges">): EtaSchedule => [{ fromStep: 0, eta }, ...etaChanges];

/** The statement of a segment (PROTOCOL §5). */
export function segmentStatement(
  run: RunParameters,
  { firstStep, steps }: Pick<Segment, "firstStep" | "steps">,
  facts: SegmentFacts,
): Statement {
  const { widths, fixedPoint, kappa, x0, y0, scheduleSeed } = run;
  return {
    ...facts,
    ...fixedPoint,
    widths,
    eta: etaAt(etaScheduleOf(run), firstStep),
    kappa,
    x0,
    y0,
    scheduleSeed,
    firstStep: BigInt(firstStep),
    tau: Math.log2(steps),
    beta: Math.log2(run.batch),
    samples: BigInt(run.samples),
  };
}

const NONE = new Uint8Array(32);

/** A statement with the run's shape and empty digests: for shapes, bounds and V1. */
export function exampleStatement(
  run: RunParameters,
  segment: Pick<Segment, "firstStep" | "steps">,
  startKind: StartKind,
  W0: bigint,
): Statement {
  const digests = { runId: NONE, dataRoot: NONE, start: NONE, weightsOut: NONE };
  return segmentStatement(run, segment, { ...digests, startKind, W0 });
}

/** The bound on initial weights: max_l bound_l (PROTOCOL §6). */
export function seedBound(widths: readonly number[], R: number): bigint {
  const bounds = widths.slice(0, -1).map((inputs) => initialBound(R, inputs));
  return bounds.reduce((a, b) => (a > b ? a : b));
}

/** 2^(b·digits − 1): the bound on start weights of so many digits of b bits (PROTOCOL §5). */
export const startBound = (b: number, digits: number): bigint => 1n << BigInt(b * digits - 1);

/**
 * W0 of every segment, and after them the bound of the final weights (PROTOCOL §19: each is the weight bound
 * of the segment before). `first` bounds the start weights: seedBound, startBound, or the parent's last.
 */
export function weightBounds(
  run: RunParameters,
  segments: readonly Segment[],
  first: bigint,
): bigint[] {
  const bounds = [first];
  for (const segment of segments)
    bounds.push(weightBound(exampleStatement(run, segment, 1, bounds.at(-1)!)));
  return bounds;
}

/**
 * The row width that is chosen where the plan names none: the smallest κ with n_0 + n_L ≤ 2^κ that minimises
 * R_D + R_M + R_μ + 2 R_W + 2^κ, the group elements of a full segment that the proof carries or the verifier
 * multiplies and that depend on κ. 784-128-10, batch 64, 64 steps: 11.
 */
export function chooseKappa(run: Omit<RunParameters, "kappa">, segmentSteps: number): number {
  const least = Math.ceil(Math.log2(run.widths[0]! + run.widths.at(-1)!));
  let [best, fewest] = [Math.min(least, 13), Infinity];
  for (let kappa = least; kappa <= 13; kappa++) {
    const segment = { firstStep: 0, steps: segmentSteps };
    const { rows } = shapeOf(exampleStatement({ ...run, kappa }, segment, 1, 0n));
    const points = rows.D + rows.M + rows.mu + 2 * rows.W + 2 ** kappa;
    if (points < fewest) [best, fewest] = [kappa, points];
  }
  return best;
}
