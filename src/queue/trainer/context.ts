import type { RunParts, SegmentReport } from "../../prover/index.ts";
import type { Health, Logger } from "../../service/index.ts";
import type { TrainerMetrics } from "../metrics.ts";
import type { SegmentObjects } from "../segmentObjects.ts";
import type { SegmentQueue } from "../segmentQueue.ts";
import type { RunStanding } from "./estimate.ts";
import type { ProofChecker } from "./proofChecker.ts";

/** How a run is proven by others. */
export interface TrainerPolicy {
  /** Segments that are trained and not yet finished, at most: what the store holds of the run. */
  readonly ahead: number;
  /** Tries until a segment stops the run. */
  readonly tries: number;
  /** 1 comes first. */
  readonly priority: number;
  /** Milliseconds between looks at the queue. */
  readonly interval: number;
}

export const DEFAULT_TRAINER_POLICY: TrainerPolicy = {
  ahead: 8,
  tries: 5,
  priority: 100,
  interval: 1000,
};

/** What each part of a trainer works with. */
export interface TrainerContext {
  readonly parts: RunParts;
  readonly queue: SegmentQueue;
  readonly objects: SegmentObjects;
  readonly checker: ProofChecker;
  readonly policy: TrainerPolicy;
  /** Of this package: workers of another leave the jobs alone. */
  readonly version: string;
  readonly log: Logger;
  readonly metrics: TrainerMetrics;
  readonly health: Health;
  readonly onStanding?: (standing: RunStanding) => void;
  /** A segment is finished; in order. */
  readonly onSegment?: (report: SegmentReport) => void;
  /** A line for people: something went wrong and goes on. */
  readonly onTrouble?: (line: string) => void;
  /** Bytes that training a segment may need. */
  readonly memoryLimit?: number;
  /** Aborting stops at once; what is finished or trained stays, and workers go on with what they have. */
  readonly signal: AbortSignal;
}
