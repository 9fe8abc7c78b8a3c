import type { RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import {
  type Claim,
  claimsOf,
  type FindClaimsParameters,
  readRetractions,
  registrations,
} from "./findClaims.ts";
import { type PageParameters, readPage } from "./readPage.ts";

export interface FindClaimsPageParameters extends FindClaimsParameters, PageParameters {}

export interface FindClaimsPageReturnType {
  claims: Claim[];
  /** Where the next page begins; absent on the last one. */
  next?: string;
}

export type FindClaimsPageErrorType = RegistryError;

/**
 * A page of the claims that fit a filter, oldest first. Reads no more blocks than it needs to fill the page, and takes back what was
 * retracted meanwhile.
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
  try {
    const paging = { limit, ...(after !== undefined && { after }) };
    const { page, ...next } = await readPage(clients, registrations(clients, filter), paging);
    const [first] = page;
    if (first === undefined) return { claims: [] };
    const claimId = page.map(({ args }) => args.claimId);
    const retractions = await readRetractions(clients, { claimId }, { from: first.blockNumber });
    return { claims: claimsOf(page, retractions), ...next };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
