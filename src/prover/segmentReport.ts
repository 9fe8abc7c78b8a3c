import type { PhaseCost } from "../artifact/index.ts";
import type { Statement } from "../protocol/index.ts";
import type { RangeUse } from "./ranges.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { Validation } from "./validator.ts";

/** What one segment cost and how training went. */
export interface SegmentReport {
  segment: number;
  steps: number;
  /** Mean over the segment's samples of ½‖z − y‖². */
  loss: number;
  /** Share of the segment's samples whose largest output was their class. */
  accuracy: number;
  validation?: Validation;
  /** How near the values came to their limits. */
  ranges: RangeUse[];
  trainSeconds: number;
  commitSeconds: number;
  proveSeconds: number;
  proofBytes: number;
}

/** What a stopwatch has measured, in the order of the phases. */
export const phaseCosts = (watch: Stopwatch): PhaseCost[] =>
  Object.entries(watch.seconds).map(([phase, seconds]) => ({
    phase,
    seconds,
    processorSeconds: watch.processorSeconds[phase] ?? 0,
    peakBytes: watch.peakBytes[phase] ?? 0,
  }));

/** The learning rate of a segment: that of the mean over the batch of ½‖z − y‖². */
export const learningRateOf = ({ eta, beta, R, fA, fG }: Statement): number =>
  Number(eta) * 2 ** (beta - R + fA + fG);

/** The commitments of a segment's rows, in scheduled order. */
export function gather(commitments: Uint8Array, indices: readonly number[]): Uint8Array {
  const points = new Uint8Array(64 * indices.length);
  indices.forEach((index, row) =>
    points.set(commitments.subarray(64 * index, 64 * index + 64), 64 * row),
  );
  return points;
}

/** Loss and accuracy over a segment's rows. */
export function trainingFigures(
  training: { loss: Float64Array; correct: Uint32Array },
  rows: number,
): { loss: number; accuracy: number } {
  const loss = training.loss.reduce((sum, x) => sum + x, 0) / training.loss.length;
  return { loss, accuracy: training.correct.reduce((sum, x) => sum + x, 0) / rows };
}
