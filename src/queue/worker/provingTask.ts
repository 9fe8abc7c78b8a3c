import { type NativeProver, proveSegment } from "../../prover/index.ts";
import { secondsSince } from "../../service/index.ts";
import { StoreUnavailableError } from "../errors.ts";
import { parseJob, type SegmentJob, proofNameOf, type WorkerAnswer } from "../job.ts";
import type { RunKey } from "../keyFile.ts";
import { SegmentObjects } from "../segmentObjects.ts";
import type { ObjectStore } from "../store/index.ts";
import type { WorkerContext, WorkerTask } from "./context.ts";
import { faultOf, persistently } from "./persistently.ts";

/** What proving needs beside the queue. */
export interface ProvingParts {
  readonly store: ObjectStore;
  /** Of the runs whose segments it may prove. */
  readonly keys: readonly RunKey[];
  /** One device: a segment at a time. */
  readonly prover: NativeProver;
  readonly memoryLimit?: number;
}

type Parts = Pick<WorkerContext, "name" | "metrics" | "log"> &
  Pick<ProvingParts, "prover" | "memoryLimit">;

/** Proves segments of the runs whose keys are given. */
export function provingTask(
  context: Pick<WorkerContext, "name" | "metrics" | "log">,
  { store, keys, ...parts }: ProvingParts,
): WorkerTask<SegmentJob, WorkerAnswer> {
  const runs = new Map(keys.map((run) => [run.runId, new SegmentObjects(store, run)]));
  return {
    doing: "proving",
    done: "proven",
    parse: parseJob,
    refusal: ({ runId }) =>
      runs.has(runId) ? undefined : `no key for run ${runId}; name it with --key-file`,
    work: (job, signal) => proveJob({ ...context, ...parts }, runs.get(job.runId)!, job, signal),
  };
}

/**
 * Proves a job's segment, from the store to the store. A proof that is there already, because Redis forgot the job or this worker its
 * answer, is not made again. Whatever goes wrong is the answer, but for an abort.
 *
 * @throws the signal's reason
 */
async function proveJob(
  context: Parts,
  objects: SegmentObjects,
  job: SegmentJob,
  signal: AbortSignal,
): Promise<WorkerAnswer> {
  const { name: worker, prover, metrics, log } = context;
  const { segment } = job;
  const began = performance.now();
  const phases: Partial<Record<"fetch" | "train" | "prove" | "store", number>> = {};
  const timed = async <T>(phase: "fetch" | "store", action: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await persistently(action, signal);
    phases[phase] = secondsSince(started);
    metrics.phase(phase, phases[phase]);
    return result;
  };
  const done = (took: number): WorkerAnswer => ({
    ok: true,
    worker,
    proof: proofNameOf(job),
    seconds: took,
  });
  try {
    if (await persistently(() => objects.hasProof(job), signal)) {
      log.info({ segment }, "the proof is in the store already");
      return done(0);
    }
    const input = await timed("fetch", () => objects.getInput(job));
    metrics.device(true);
    const onProgress = (phase: string, fraction: number) =>
      log.debug({ segment, phase, fraction }, "progress");
    const limit = context.memoryLimit;
    const options = { signal, onProgress, ...(limit !== undefined && { memoryLimit: limit }) };
    const proven = await proveSegment(prover, input, options).finally(() => metrics.device(false));
    metrics.phase("train", proven.trainSeconds);
    metrics.phase("prove", proven.proveSeconds);
    const { proof } = proven;
    [phases.train, phases.prove] = [proven.trainSeconds, proven.proveSeconds];
    const took = secondsSince(began);
    await timed("store", async () => {
      try {
        await objects.putProof(job, { proof, worker, seconds: took });
      } catch (error) {
        if (!(error instanceof StoreUnavailableError) || !error.full) throw error;
        log.warn(
          { segment, error: error.message },
          "making room: the input is not needed any more",
        );
        await objects.removeInput(job);
        await objects.putProof(job, { proof, worker, seconds: took });
      }
    });
    log.info({ segment, phases }, "phases");
    return done(took);
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, worker, ...faultOf(error, "prover") };
  }
}
