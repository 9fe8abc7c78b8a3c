import type { RegistryClients } from "../clients.ts";
import { type RegistryError, registryErrorFrom } from "../errors.ts";
import { type PageParameters, readPage } from "../readPage.ts";
import { type Bond, bondsOf, type FindBondsParameters, postings } from "./findBonds.ts";

export interface FindBondsPageParameters extends FindBondsParameters, PageParameters {}

export interface FindBondsPageReturnType {
  bonds: Bond[];
  /** Where the next page begins; absent on the last one. */
  next?: string;
}

export type FindBondsPageErrorType = RegistryError;

/**
 * A page of the bonds that fit a filter, with their challenges and votes, oldest first. Reads no more blocks than it needs to fill the page, and
 * what became of these bonds since.
 *
 * @throws RegistryError "usage" for a cursor or limit that is none.
 *
 * @example
 * const { bonds, next } = await findBondsPage(clients, { poster, limit: 50 });
 */
export async function findBondsPage(
  clients: RegistryClients,
  { limit, after, ...filter }: FindBondsPageParameters,
): Promise<FindBondsPageReturnType> {
  try {
    const paging = { limit, ...(after !== undefined && { after }) };
    const { page, ...next } = await readPage(clients, postings(clients, filter), paging);
    const bondId = page.map(({ args }) => args.bondId);
    return { bonds: await bondsOf(clients, page, { bondId }), ...next };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
