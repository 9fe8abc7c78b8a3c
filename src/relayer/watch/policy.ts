import type { Address } from "viem";

/** What a watcher verifies, how much of it, and how patiently. */
export interface WatchPolicy {
  /** Claims at a time, each in a thread of its own. */
  workers: number;
  /** Segments of a claim verified at a time, each in a thread of its own where it is more than one. */
  threads: number;
  /** Verifies so many segments of a claim alone, drawn by the chain (PROTOCOL §23); all, unless given. */
  sample?: number;
  /** Bounds of one claim: MiB of each thread's JavaScript heap, seconds from start to verdict, bytes of all its files and of one. */
  memoryMiB: number;
  seconds: number;
  totalBytes: number;
  fileBytes: number;
  /** Claims of these accounts alone; of everybody, unless given. */
  claimants?: readonly Address[];
  /** Verdicts within 24 hours, of all claims and of one claimant's: each costs the watcher gas. */
  perDay: number;
  perClaimant: number;
  /** Networks, `address/prefix`, that may be asked for files beside the public addresses. */
  allowedNetworks: readonly string[];
  /** Tries until a claim that could not be decided is left alone. */
  tries: number;
  /** A claim is looked at once so many blocks hold it, its own included. */
  confirmations: number;
}

export const DEFAULT_WATCH_POLICY: WatchPolicy = {
  workers: 1,
  threads: 1,
  memoryMiB: 2048,
  seconds: 1800,
  totalBytes: 4 * 2 ** 30,
  fileBytes: 2 ** 30,
  perDay: 500,
  perClaimant: 50,
  allowedNetworks: [],
  tries: 10,
  confirmations: 12,
};

const minute = 60_000;

/** Milliseconds until the next try, after `tries` of them: from a minute, doubled, up to six hours; at once six where it is lasting. */
export const pause = (tries: number, lasting: boolean): number =>
  lasting ? 360 * minute : Math.min(minute * 2 ** Math.min(tries, 20), 360 * minute);

/** Errors: RangeError for a policy that cannot work. */
export function checkWatchPolicy(policy: WatchPolicy): WatchPolicy {
  for (const [name, value] of Object.entries(policy))
    if (typeof value === "number" && !(Number.isSafeInteger(value) && value >= 1))
      throw new RangeError(`${name}: ${value} is no whole number from 1 on`);
  return policy;
}
