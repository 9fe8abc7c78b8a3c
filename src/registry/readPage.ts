import type { RegistryClients } from "./clients.ts";
import { RegistryError } from "./errors.ts";
import { readEvents } from "./readEvents.ts";

export interface PageParameters {
  /** Most items of a page, from 1 to 1000. */
  limit: number;
  /** The cursor `next` of the page before; the first page without it. */
  after?: string;
}

/** What a page needs of an event: its place in the chain. */
interface Placed {
  blockNumber: bigint;
  logIndex: number;
}

/**
 * A page of the events that `read` gives for a range of blocks, in the chain's order. Reads no more blocks than it needs to fill the page.
 * Cursors are places in the chain, block and log index, so that new events move nothing; a reorganisation can.
 *
 * @throws RegistryError "usage" for a cursor or limit that is none.
 */
export async function readPage<T extends Placed>(
  clients: RegistryClients,
  read: (range: { fromBlock: bigint; toBlock: bigint }) => Promise<T[]>,
  { limit, after }: PageParameters,
): Promise<{ page: T[]; next?: string }> {
  requirePageSize(limit);
  const cursor = after === undefined ? undefined : cursorOf(after);
  // Events up to the cursor that lie in its block are read again; one more than the page says whether there is another.
  const seen = cursor === undefined ? 0 : cursor.logIndex + 1;
  const logs = await readEvents(clients, read, {
    ...(cursor && { from: cursor.block }),
    enough: (found) => found.length > limit + seen,
  });
  const rest = logs.filter(
    ({ blockNumber, logIndex }) =>
      cursor === undefined || blockNumber > cursor.block || logIndex > cursor.logIndex,
  );
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const more = rest.length > limit && last !== undefined;
  return { page, ...(more && { next: `${last.blockNumber}-${last.logIndex}` }) };
}

export function requirePageSize(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return;
  throw new RegistryError("usage", `a page of ${limit} lines is outside 1 … 1000`);
}

/** The place in the chain that a cursor names. */
export function cursorOf(text: string): { block: bigint; logIndex: number } {
  const [, block, logIndex] = /^(\d{1,15})-(\d{1,6})$/.exec(text) ?? [];
  if (block === undefined) {
    throw new RegistryError("usage", `${text} is no cursor; take it from the page before`);
  }
  return { block: BigInt(block), logIndex: Number(logIndex) };
}
