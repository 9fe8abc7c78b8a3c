import type { FailedTry } from "../errors.ts";
import type { SegmentJob } from "../job.ts";

/** A segment that is trained and not finished, as its trainer sees it. */
export interface SegmentEntry {
  job: SegmentJob;
  tries: FailedTry[];
  /**
   * offered: in the queue; taking: its answer is being looked at; proven: its proof is in the run folder and waits for its turn.
   */
  state: "offered" | "taking" | "proven";
  /** What the queue said last. */
  seen: "waiting" | "active";
  /** Milliseconds that the next offer is held back: workers that lie again and again must not be quicker than the others. */
  held: number;
  /** Of an accepted proof. */
  seconds: number;
}

export const entryOf = (job: SegmentJob): SegmentEntry => ({
  job,
  tries: [],
  state: "offered",
  seen: "waiting",
  held: 0,
  seconds: 0,
});
