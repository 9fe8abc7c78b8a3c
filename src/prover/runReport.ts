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
}

/** What one segment cost and how training went. */
export interface SegmentReport {
  segment: number;
  steps: number;
  /** Mean over the segment's samples of ½‖z − y‖². */
  loss: number;
  /** Share of the segment's samples whose largest output was their class. */
  accuracy: number;
  trainSeconds: number;
  commitSeconds: number;
  proveSeconds: number;
  proofBytes: number;
}

/** Loss and accuracy over a segment's rows. */
export function trainingFigures(
  training: { loss: Float64Array; correct: Uint32Array },
  rows: number,
): { loss: number; accuracy: number } {
  const loss = training.loss.reduce((sum, x) => sum + x, 0) / training.loss.length;
  return { loss, accuracy: training.correct.reduce((sum, x) => sum + x, 0) / rows };
}
