import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Verdict } from "../verifier/index.ts";
import type { SegmentVerifier } from "./segmentVerifier.ts";
import type { WorkerAnswer, WorkerData, WorkerJob } from "./segmentWorker.ts";

/** A worker thread ended without a verdict: this says nothing about the proof. */
export class SegmentWorkerError extends Error {
  override readonly name = "SegmentWorkerError";
  readonly segment: number;

  constructor(segment: number, cause: unknown) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    super(`segment ${segment}: its worker thread failed: ${problem}`, { cause });
    this.segment = segment;
  }
}

/** The worker's file: TypeScript in a checkout, JavaScript in a package. */
const WORKER = new URL(`segmentWorker${path.extname(import.meta.filename)}`, import.meta.url);

/** Verifies in `threads` worker threads, a segment each. They share the sample list's memory. */
export function inWorkers(
  threads: number,
  samples: Uint8Array,
  generators: Uint8Array,
): SegmentVerifier {
  const shared = new Uint8Array(new SharedArrayBuffer(samples.length));
  shared.set(samples);
  const data: WorkerData = { samples: shared, generators };
  const all: Worker[] = [];
  const idle: Worker[] = [];
  const take = (): Worker => {
    const worker = idle.pop() ?? new Worker(WORKER, { workerData: data });
    if (!all.includes(worker)) all.push(worker);
    return worker;
  };

  return {
    capacity: threads,
    verify({ index, statementBytes, proof, weightsIn, weightsOut }, onPhase) {
      const worker = take();
      return new Promise<Verdict>((resolve, reject) => {
        const fail = (cause: unknown): void => reject(new SegmentWorkerError(index, cause));
        worker.once("error", fail);
        // After an error event this comes too late to matter.
        worker.once("exit", (code) => fail(new Error(`it ended with code ${code}`)));
        worker.on("messageerror", fail);
        worker.on("message", (answer: WorkerAnswer) => {
          if ("phase" in answer) return onPhase(answer.phase);
          worker.removeAllListeners();
          idle.push(worker);
          resolve(answer.verdict);
        });
        const job: WorkerJob = { statementBytes, proof, weightsIn, weightsOut };
        worker.postMessage(job);
      });
    },
    async close() {
      for (const worker of all) worker.removeAllListeners().on("error", () => undefined);
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}
