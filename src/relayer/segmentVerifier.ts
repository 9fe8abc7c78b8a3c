import type { PublicSegment } from "../artifact/published.ts";
import { type Generators, SampleList } from "../protocol/index.ts";
import { type Verdict, verifySteps } from "../verifier/index.ts";

/** What segments are verified with, one thread or several. */
export interface SegmentVerifier {
  /** How many segments it works on at a time. */
  readonly capacity: number;
  verify(segment: PublicSegment, onPhase: (phase: string) => void): Promise<Verdict>;
  /** Stops what is still at work. */
  close(): Promise<void>;
}

/** Verifies in this thread, and pauses between the phases to let other work through. */
export function inThisThread(
  samples: Uint8Array,
  generators: Uint8Array | Generators,
  pause: () => Promise<void>,
  signal?: AbortSignal,
): SegmentVerifier {
  const list = new SampleList(samples);
  return {
    capacity: 1,
    async verify({ statementBytes, proof, weightsIn, weightsOut }, onPhase) {
      const commitments = { samples: list, weightsOut, ...(weightsIn && { weightsIn }) };
      const steps = verifySteps(statementBytes, proof, commitments, { generators });
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) return step.value;
        onPhase(step.value);
        await pause();
        signal?.throwIfAborted();
      }
    },
    close: () => Promise.resolve(),
  };
}
