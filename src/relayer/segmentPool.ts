import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Verdict } from "../verifier/index.ts";
import type { SegmentVerifier } from "./segmentVerifier.ts";
import type { WorkerAnswer, WorkerData, WorkerJob } from "./segmentWorker.ts";

/** A worker thread ended without a verdict: this says nothing about the proof. */
export class SegmentWorkerError extends Error {
  override readonly name = "SegmentWorkerError";
  readonly segment: number;
  /** It needed more memory than it may. */
  readonly outOfMemory: boolean;

  constructor(segment: number, cause: unknown) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    super(`segment ${segment}: its worker thread failed: ${problem}`, { cause });
    this.segment = segment;
    this.outOfMemory =
      (cause as NodeJS.ErrnoException | undefined)?.code === "ERR_WORKER_OUT_OF_MEMORY";
  }
}

/** The worker's file: TypeScript in a checkout, JavaScript in a package. */
const WORKER = new URL(`segmentWorker${path.extname(import.meta.filename)}`, import.meta.url);

/** A worker thread and the segment that it is at. */
class SegmentThread {
  readonly #worker: Worker;
  #job:
    | { onPhase(phase: string): void; resolve(verdict: Verdict): void; fail(cause: unknown): void }
    | undefined;

  constructor(data: WorkerData, heapMiB: number | undefined) {
    const fail = (cause: unknown): void => this.#job?.fail(cause);
    this.#worker = new Worker(WORKER, {
      workerData: data,
      ...(heapMiB !== undefined && { resourceLimits: { maxOldGenerationSizeMb: heapMiB } }),
    })
      .on("error", fail)
      .on("messageerror", fail)
      .on("exit", (code) => fail(new Error(`it ended with code ${code}`)))
      .on("message", (answer: WorkerAnswer) => {
        if ("phase" in answer) this.#job?.onPhase(answer.phase);
        else this.#job?.resolve(answer.verdict);
      });
  }

  verify(job: WorkerJob, segment: number, onPhase: (phase: string) => void): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown): void => reject(new SegmentWorkerError(segment, cause));
      this.#job = { onPhase, resolve, fail };
      this.#worker.postMessage(job);
    });
  }

  async close(): Promise<void> {
    this.#job = undefined;
    await this.#worker.terminate();
  }
}

const shared = (bytes: Uint8Array): Uint8Array => {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
};

/**
 * Verifies in `threads` worker threads, a segment each. They share the memory of sample list and generators; each decodes the generators
 * once.
 *
 * @param heapMiB - of each thread's JavaScript heap, at most
 */
export function inWorkers(
  threads: number,
  samples: Uint8Array,
  generators: Uint8Array,
  heapMiB?: number,
): SegmentVerifier {
  const data = { samples: shared(samples), generators: shared(generators) };
  const all: SegmentThread[] = [];
  const idle: SegmentThread[] = [];
  const begin = (): SegmentThread => {
    const thread = new SegmentThread(data, heapMiB);
    all.push(thread);
    return thread;
  };
  return {
    capacity: threads,
    async verify({ index, statementBytes, proof, weightsIn, weightsOut }, onPhase) {
      const thread = idle.pop() ?? begin();
      const job = { statementBytes, proof, weightsIn, weightsOut };
      const verdict = await thread.verify(job, index, onPhase);
      idle.push(thread); // not one that has failed
      return verdict;
    },
    async close() {
      await Promise.all(all.map((thread) => thread.close()));
    },
  };
}
