import path from "node:path";
import { Worker } from "node:worker_threads";
import { type ClaimJob, type ClaimOutcome, STOP } from "./claimWorker.ts";

export interface WorkerBounds {
  /** Of the thread's JavaScript heap, MiB. Files and proofs are outside of it: the job's file limits bound them. */
  readonly memoryMiB: number;
  /** From its start to its verdict. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

const WORKER = new URL(`claimWorker${path.extname(import.meta.filename)}`, import.meta.url);

/** Time to take jobs and objects back that others have. */
const GRACE = 8000;

async function takenBack(worker: Worker): Promise<void> {
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  if (worker.threadId === -1) return;
  worker.postMessage(STOP);
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([ended, new Promise<void>((resolve) => (timer = setTimeout(resolve, GRACE)))]);
  clearTimeout(timer);
}

const undecided = (reason: string, lasting: boolean): ClaimOutcome => ({
  kind: "undecided",
  reason,
  lasting,
});

/**
 * Verifies a claim in a thread of its own, which is ended when it takes too long or too much memory: whatever a claimant published,
 * the caller gets an outcome. A thread that fails is no verdict.
 *
 * @throws the signal's reason
 *
 * @example
 * const outcome = await verifyInWorker(job, { memoryMiB: 2048, seconds: 600 });
 */
export async function verifyInWorker(
  job: ClaimJob,
  { memoryMiB, seconds, signal }: WorkerBounds,
): Promise<ClaimOutcome> {
  signal?.throwIfAborted();
  const worker = new Worker(WORKER, {
    workerData: job,
    env: { ...job.elsewhere?.env }, // no key of an account is a verifier thread's business
    resourceLimits: { maxOldGenerationSizeMb: memoryMiB },
  });
  let timer: NodeJS.Timeout | undefined;
  const stop = new AbortController();
  try {
    return await new Promise<ClaimOutcome>((resolve, reject) => {
      const abort = () => reject(signal!.reason as Error);
      signal?.addEventListener("abort", abort, { once: true, signal: stop.signal });
      timer = setTimeout(
        () => resolve(undecided(`no verdict within ${seconds} s`, true)),
        seconds * 1000,
      );
      worker
        .on("message", (outcome: ClaimOutcome) => resolve(outcome))
        .on("messageerror", (error) => resolve(undecided(error.message, false)))
        .on("error", (error: NodeJS.ErrnoException) => {
          const full = error.code === "ERR_WORKER_OUT_OF_MEMORY";
          const reason = full ? `more than ${memoryMiB} MiB of memory` : error.message;
          resolve(undecided(`the verifier's thread failed: ${reason}`, full));
        })
        .on("exit", (code) =>
          resolve(undecided(`the verifier's thread ended with code ${code}`, false)),
        );
    });
  } finally {
    clearTimeout(timer);
    stop.abort();
    if (job.elsewhere) await takenBack(worker);
    await worker.terminate();
  }
}
