import type { RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import {
  type Attestation,
  attestationsOf,
  type GetAttestationsParameters,
  readRevocations,
  verdictsGiven,
} from "./getAttestations.ts";
import { type PageParameters, readPage } from "./readPage.ts";

export interface GetAttestationsPageParameters extends GetAttestationsParameters, PageParameters {}

export interface GetAttestationsPageReturnType {
  attestations: Attestation[];
  /** Where the next page begins; absent on the last one. */
  next?: string;
}

export type GetAttestationsPageErrorType = RegistryError;

/**
 * A page of the verdicts on a claim, of an attester, or of all, oldest first; revoked ones too. Reads no more blocks than it needs to
 * fill the page, and takes back what was revoked meanwhile.
 *
 * @throws RegistryError "usage" for a cursor or limit that is none.
 *
 * @example
 * const { attestations, next } = await getAttestationsPage(clients, { attester, limit: 50 });
 */
export async function getAttestationsPage(
  clients: RegistryClients,
  { limit, after, ...filter }: GetAttestationsPageParameters,
): Promise<GetAttestationsPageReturnType> {
  try {
    const paging = { limit, ...(after !== undefined && { after }) };
    const { page, ...next } = await readPage(clients, verdictsGiven(clients, filter), paging);
    const [first] = page;
    if (first === undefined) return { attestations: [] };
    const claimId = [...new Set(page.map(({ args }) => args.claimId))];
    const { attester } = filter;
    const whose = { claimId, ...(attester && { attester }) };
    const revocations = await readRevocations(clients, whose, { from: first.blockNumber });
    return { attestations: attestationsOf(page, revocations), ...next };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
