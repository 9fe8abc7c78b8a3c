import { BaseError, HttpRequestError } from "viem";
import type { RegistryClients } from "./clients.ts";

/** Where events are looked for: the first and the last block; from the clients' first block to now. */
export interface BlockRange {
  from?: bigint;
  to?: bigint;
}

export interface ReadEventsOptions<T> extends BlockRange {
  /** Stops early: whether what was read so far is enough. */
  enough?: (read: readonly T[]) => boolean;
}

/** Blocks that a node has answered at once, and that it has refused. */
interface Experience {
  size: bigint;
  refused?: bigint;
}

/** What was learned of each node, so that a second query does not start by being refused again. */
const experiences = new WeakMap<RegistryClients["reader"], Experience>();

/** Waits between tries where a node asks for less haste, in milliseconds. */
const patience = [250, 500, 1000, 2000, 4000, 8000];

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Runs `read` over all blocks of a range, in order, as many at once as the node answers: the whole range first; half of it where
 * the node refuses, down to one block; twice as many after a success, but never again what was refused. A node that wants
 * less haste is waited for, up to 16 seconds in a row.
 */
export async function readEvents<T>(
  clients: RegistryClients,
  read: (range: { fromBlock: bigint; toBlock: bigint }) => Promise<T[]>,
  { from = clients.fromBlock ?? 0n, to, enough }: ReadEventsOptions<T> = {},
): Promise<T[]> {
  const last = to ?? (await clients.reader.getBlockNumber({ cacheTime: 0 }));
  const experience = experiences.get(clients.reader) ?? { size: last + 1n };
  experiences.set(clients.reader, experience);
  const found: T[] = [];
  let waits = 0;
  for (let next = from; next <= last;) {
    const size = min(experience.size, last - next + 1n);
    try {
      found.push(...(await read({ fromBlock: next, toBlock: next + size - 1n })));
    } catch (error) {
      const pause = patience[waits];
      if (wantsLessHaste(error) && pause !== undefined) {
        waits++;
        await wait(pause);
        continue;
      }
      if (size === 1n || isUnreachable(error)) throw error;
      experience.refused = min(size, experience.refused ?? size);
      experience.size = size / 2n;
      continue;
    }
    waits = 0;
    next += size;
    if (enough?.(found)) break;
    const { refused } = experience;
    if (size === experience.size && (refused === undefined || 2n * size < refused)) {
      experience.size = 2n * size;
    }
  }
  return found;
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);

const httpErrorOf = (error: unknown) =>
  error instanceof BaseError
    ? (error.walk((cause) => cause instanceof HttpRequestError) as HttpRequestError | null)
    : null;

function wantsLessHaste(error: unknown): boolean {
  if (httpErrorOf(error)?.status === 429) return true;
  if (!(error instanceof BaseError)) return false;
  return /too many requests|rate.?limit|requests? per second|throttl/i.test(error.details);
}

/** No answer at all: asking for less would not help. */
function isUnreachable(error: unknown): boolean {
  const http = httpErrorOf(error);
  return http !== null && http.status === undefined;
}
