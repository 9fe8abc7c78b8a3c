import { pauseFor } from "../../service/index.ts";
import { ObjectDamagedError, ObjectMissingError, StoreUnavailableError } from "../errors.ts";

/** Tries to reach a store that does not answer, and the first pause between them, doubled each time: two minutes in all. */
const TRIES = 8;
const PAUSE = 1000;

/** A segment's work is worth minutes: a store that does not answer at once is no reason to throw it away. */
export async function persistently<T>(action: () => Promise<T>, signal: AbortSignal): Promise<T> {
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

/** What an error says of who is at fault: inputs that are missing or damaged, the store, or `other`. */
export function faultOf<Other extends string>(
  error: unknown,
  other: Other,
): { fault: "inputs" | "store" | Other; reason: string } {
  const inputs = error instanceof ObjectMissingError || error instanceof ObjectDamagedError;
  const store = error instanceof StoreUnavailableError;
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 2000);
  return { fault: inputs ? "inputs" : store ? "store" : other, reason };
}
