import os from "node:os";
import type { PublicRun } from "../artifact/index.ts";
import { readGenerators } from "../protocol/index.ts";
import { judgeRun, type JudgeRunOptions, type RunVerification } from "./judgeRun.ts";
import { inWorkers } from "./segmentPool.ts";
import { inThisThread, type SegmentVerifier } from "./segmentVerifier.ts";

export interface VerifyRunOptions extends JudgeRunOptions {
  /** PROTOCOL §2's table. */
  generators: Uint8Array;
  /** Threads to verify segments in, each its own; as many as the machine has cores unless said. */
  threads?: number;
  /** Of each of several threads' JavaScript heap, MiB; Node's own bound unless said. */
  heapMiB?: number;
  /** Verifies segments otherwise than in this process (src/queue). */
  segmentVerifier?: (run: PublicRun) => SegmentVerifier;
}

/**
 * Verifies a published run (judgeRun) with as many threads as this machine has. As many segments as threads are in memory at a
 * time.
 *
 * @throws SegmentWorkerError where a thread ends without a verdict; RangeError for a number of threads that is none
 */
export async function verifyPublicRun(
  run: PublicRun,
  options: VerifyRunOptions,
): Promise<RunVerification> {
  const {
    generators,
    threads = os.availableParallelism(),
    heapMiB,
    segmentVerifier,
    ...judging
  } = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError(`threads: ${threads} is no positive whole number`);
  if (segmentVerifier) return judgeRun(run, () => segmentVerifier(run), judging);
  const workers = Math.min(threads, judging.sample?.size ?? threads, run.segmentCount);
  // Lets a signal or a progress bar through.
  const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
  return judgeRun(
    run,
    () =>
      workers > 1
        ? inWorkers(workers, run.samples, generators, heapMiB)
        : inThisThread(
            run.samples,
            readGenerators(generators) ?? generators,
            pause,
            judging.signal,
          ),
    judging,
  );
}
