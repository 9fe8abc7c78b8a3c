import type { RegistryClients } from "./clients.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";
import {
  type Claim,
  claimsOf,
  type FindClaimsParameters,
  readRegistrations,
  readRetractions,
} from "./findClaims.ts";

export interface FindClaimsPageParameters extends FindClaimsParameters {
  /** Most claims of a page, from 1 to 1000. */
  limit: number;
  /** The cursor `next` of the page before; the first page without it. */
  after?: string;
}

export interface FindClaimsPageReturnType {
  claims: Claim[];
  /** Where the next page begins; absent on the last one. */
  next?: string;
}

export type FindClaimsPageErrorType = RegistryError;

/**
 * A page of the claims that fit a filter, oldest first. Reads no more blocks than it needs to fill the page. Cursors are places in the
 * chain, block and log index, so that new claims move nothing; a reorganisation can.
 *
 * @throws RegistryError "usage" for a cursor or limit that is none.
 *
 * @example
 * let page = await findClaimsPage(clients, { claimant, limit: 50 });
 * while (page.next) page = await findClaimsPage(clients, { claimant, limit: 50, after: page.next });
 */
export async function findClaimsPage(
  clients: RegistryClients,
  { limit, after, ...filter }: FindClaimsPageParameters,
): Promise<FindClaimsPageReturnType> {
  requirePageSize(limit);
  const cursor = after === undefined ? undefined : cursorOf(after);
  try {
    // Claims up to the cursor that lie in its block are read again; one more than the page says whether there is another.
    const seen = cursor === undefined ? 0 : cursor.logIndex + 1;
    const logs = await readRegistrations(clients, filter, {
      ...(cursor && { from: cursor.block }),
      limit: limit + seen + 1,
    });
    const rest = logs.filter(
      ({ blockNumber, logIndex }) =>
        cursor === undefined || blockNumber > cursor.block || logIndex > cursor.logIndex,
    );
    const page = rest.slice(0, limit);
    const [first, last] = [page[0], page.at(-1)];
    if (first === undefined || last === undefined) return { claims: [] };
    const claimId = page.map(({ args }) => args.claimId);
    const retractions = await readRetractions(clients, { claimId }, { from: first.blockNumber });
    const more = rest.length > limit;
    return {
      claims: claimsOf(page, retractions),
      ...(more && { next: `${last.blockNumber}-${last.logIndex}` }),
    };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

export function requirePageSize(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return;
  throw new RegistryError("usage", `a page of ${limit} claims is outside 1 … 1000`);
}

/** The place in the chain that a cursor names. */
export function cursorOf(text: string): { block: bigint; logIndex: number } {
  const [, block, logIndex] = /^(\d{1,15})-(\d{1,6})$/.exec(text) ?? [];
  if (block === undefined) {
    throw new RegistryError("usage", `${text} is no cursor; take it from the page before`);
  }
  return { block: BigInt(block), logIndex: Number(logIndex) };
}
