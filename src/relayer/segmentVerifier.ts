import type { PublicSegment } from "../artifact/index.ts";
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

/** Verifies in this thread, and lets other work through between the phases. */
export function inThisThread(
  samples: Uint8Array,
  generators: Uint8Array | Generators,
  signal: AbortSignal | undefined,
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
        // Lets a signal or a progress bar through.
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
      }
    },
    close: () => Promise.resolve(),
  };
}
