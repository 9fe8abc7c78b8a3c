import { setImmediate } from "node:timers/promises";
import { type NativeProver, proveSegment } from "../../prover/index.ts";
import { secondsSince } from "../../service/index.ts";
import { StoreUnavailableError } from "../errors.ts";
import { parseJob, type SegmentJob, proofNameOf, type WorkerAnswer } from "../job.ts";
import type { RunKey } from "../keyFile.ts";
import { SegmentObjects } from "../segmentObjects.ts";
import { BufferPool, type ObjectStore } from "../store/index.ts";
import type { JobTurn, WorkerContext, WorkerTask } from "./context.ts";
import { Pace } from "./pace.ts";
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
  Pick<ProvingParts, "prover" | "memoryLimit"> & {
    readonly pace: Pace;
    readonly pool: BufferPool;
  };

/** Proves segments of the runs whose keys are given. */
export function provingTask(
  context: Pick<WorkerContext, "name" | "metrics" | "log">,
  { store, keys, ...parts }: ProvingParts,
): WorkerTask<SegmentJob, WorkerAnswer> {
  const shared = { pace: new Pace(), pool: new BufferPool() };
  const runs = new Map(keys.map((run) => [run.runId, new SegmentObjects(store, run)]));
  return {
    doing: "proving",
    done: "proven",
    parse: parseJob,
    refusal: ({ runId }) =>
      runs.has(runId) ? undefined : `no key for run ${runId}; name it with --key-file`,
    work: (job, turn) =>
      proveJob({ ...context, ...parts, ...shared }, runs.get(job.runId)!, job, turn),
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
  { signal, ...turn }: JobTurn,
): Promise<WorkerAnswer> {
  const { name: worker, prover, metrics, log, pace, pool, memoryLimit } = context;
  const { segment } = job;
  const phases: Partial<Record<"fetch" | "wait" | "train" | "prove" | "store", number>> = {};
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
    const input = await timed("fetch", () => objects.getInput(job, pool.take));
    const ready = performance.now();
    await turn.begin();
    phases.wait = secondsSince(ready);
    metrics.device(true);
    const computing = pace.begin(job.runId, phases.fetch!, () => turn.ending());
    const onProgress = (phase: string, fraction: number) => {
      computing.phase(phase);
      log.debug({ segment, phase, fraction }, "progress");
    };
    const options = { signal, onProgress, ...(memoryLimit !== undefined && { memoryLimit }) };
    const proven = await proveSegment(prover, input, options).finally(() => {
      computing.end();
      metrics.device(false);
    });
    computing.proven();
    turn.computed();
    // The next one's training begins before this thread goes on with what is left here.
    await setImmediate();
    if (input.start) pool.giveBack(input.start.weights);
    metrics.phase("train", proven.trainSeconds);
    metrics.phase("prove", proven.proveSeconds);
    const { proof } = proven;
    [phases.train, phases.prove] = [proven.trainSeconds, proven.proveSeconds];
    const took = phases.fetch! + phases.train + phases.prove;
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
