import { ArtifactError } from "../../artifact/index.ts";
import { ProverError } from "../../prover/index.ts";
import { SegmentWorkerError } from "../../relayer/segmentPool.ts";
import { pauseFor } from "../../service/index.ts";
import { QueueError, StoreUnavailableError } from "../errors.ts";
import type { TrainerContext } from "./context.ts";

/** Who waits, and where that is said. */
export type Patience = Pick<TrainerContext, "log" | "health" | "signal" | "onTrouble">;

/** The longest pause between tries, in milliseconds. */
const LONGEST = 30_000;

/** What is no outage: trying again would give the same. */
function isFinal(error: unknown): boolean {
  if (error instanceof StoreUnavailableError) return false;
  const kinds = [QueueError, ArtifactError, ProverError, SegmentWorkerError, RangeError, TypeError];
  return kinds.some((kind) => error instanceof kind);
}

/**
 * Does something with the store or the queue, again and again while it does not answer. `giveUp` tells when waiting has no sense: a full
 * store that nothing will empty.
 */
export async function patiently<T>(
  context: Patience,
  what: string,
  action: () => Promise<T>,
  giveUp: () => boolean = () => false,
): Promise<T> {
  const { log, health, signal, onTrouble } = context;
  for (let tries = 0; ; tries++) {
    signal.throwIfAborted();
    try {
      const result = await action();
      if (tries > 0) log.info({ what }, "goes on");
      health.obstacle(what, undefined);
      return result;
    } catch (error) {
      if (isFinal(error) || signal.aborted) throw error;
      if (error instanceof StoreUnavailableError && error.full && giveUp()) throw error;
      const message = error instanceof Error ? error.message : String(error);
      const pause = Math.min(LONGEST, 250 * 2 ** Math.min(tries, 20));
      health.obstacle(what, `${what}: ${message}`);
      log.warn({ what, error: message, seconds: pause / 1000 }, "failed; trying again");
      if (tries === 0) onTrouble?.(`${message}; trying again`);
      await pauseFor(pause, signal);
    }
  }
}
