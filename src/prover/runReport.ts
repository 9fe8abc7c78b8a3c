import type { PhaseCost } from "../artifact/index.ts";
import type { RangeUse } from "./ranges.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { Validation, Validator } from "./validator.ts";

/** Where a run is: a phase of one of its segments, or of what comes before the first. */
export interface RunProgress {
  phase: string;
  /** Of the phase, from 0 to 1. */
  fraction: number;
  segment?: number;
}

export interface ProveRunOptions {
  onProgress?: (progress: RunProgress) => void;
  onSegment?: (report: SegmentReport) => void;
  /** Aborting stops at once; what is finished stays, and the run can be resumed. */
  signal?: AbortSignal;
  /** Bytes that one segment may need, as predicted. */
  memoryLimit?: number;
  /** Looks at a validation set after each segment. */
  validate?: Validator;
}

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

/** Loss and accuracy over a segment's rows. */
export function trainingFigures(
  training: { loss: Float64Array; correct: Uint32Array },
  rows: number,
): { loss: number; accuracy: number } {
  const loss = training.loss.reduce((sum, x) => sum + x, 0) / training.loss.length;
  return { loss, accuracy: training.correct.reduce((sum, x) => sum + x, 0) / rows };
}
