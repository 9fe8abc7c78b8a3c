import { proveSegment } from "../../prover/index.ts";
import { pauseFor, secondsSince } from "../../service/index.ts";
import { ObjectDamagedError, ObjectMissingError, StoreUnavailableError } from "../errors.ts";
import { type SegmentJob, proofNameOf, type WorkerAnswer } from "../job.ts";
import type { SegmentObjects } from "../segmentObjects.ts";
import type { WorkerContext } from "./context.ts";

/** Tries to reach a store that does not answer, and the first pause between them, doubled each time: two minutes in all. */
const TRIES = 8;
const PAUSE = 1000;

const wordsOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).slice(0, 2000);

/**
 * Proves a job's segment, from the store to the store. A proof that is there already, because Redis forgot the job or this worker its
 * answer, is not made again. Whatever goes wrong is the answer, but for an abort.
 *
 * @throws the signal's reason
 */
export async function proveJob(
  context: WorkerContext,
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
    const inputs = error instanceof ObjectMissingError || error instanceof ObjectDamagedError;
    const store = error instanceof StoreUnavailableError;
    const fault = inputs ? "inputs" : store ? "store" : "prover";
    return { ok: false, worker, fault, reason: wordsOf(error) };
  }
}

/** A proof is worth minutes: a store that does not answer at once is no reason to throw it away. */
async function persistently<T>(action: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StoreUnavailableError) || tries === TRIES) throw error;
      await pauseFor(PAUSE * 2 ** (tries - 1), signal);
    }
  }
}
