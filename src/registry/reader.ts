import type { Address } from "viem";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { type FindBondsParameters, type FindBondsReturnType, findBonds } from "./disputes/index.ts";
import { findClaims, type FindClaimsParameters, type FindClaimsReturnType } from "./findClaims.ts";
import {
  findClaimsPage,
  type FindClaimsPageParameters,
  type FindClaimsPageReturnType,
} from "./findClaimsPage.ts";
import { findPlans, type FindPlansParameters, type FindPlansReturnType } from "./findPlans.ts";
import {
  getAttestations,
  type GetAttestationsParameters,
  type GetAttestationsReturnType,
} from "./getAttestations.ts";
import {
  getBlockTimes,
  type GetBlockTimesParameters,
  type GetBlockTimesReturnType,
} from "./getBlockTimes.ts";
import { getClaim, type GetClaimParameters, type GetClaimReturnType } from "./getClaim.ts";
import { getLineage, type GetLineageParameters, type GetLineageReturnType } from "./getLineage.ts";
import { countPlans, getPlan, type GetPlanParameters, type GetPlanReturnType } from "./getPlan.ts";
import { getStatus, type GetStatusParameters, type GetStatusReturnType } from "./getStatus.ts";

/** What can be asked about one registry, wherever the answers come from: a node, or an indexer (src/indexer). */
export interface RegistryReader {
  readonly chainId: number;
  readonly address: Address;
  findClaims(filter?: FindClaimsParameters): Promise<FindClaimsReturnType>;
  findClaimsPage(parameters: FindClaimsPageParameters): Promise<FindClaimsPageReturnType>;
  getClaim(parameters: GetClaimParameters): Promise<GetClaimReturnType>;
  getLineage(parameters: GetLineageParameters): Promise<GetLineageReturnType>;
  getAttestations(filter: GetAttestationsParameters): Promise<GetAttestationsReturnType>;
  getStatus(parameters: GetStatusParameters): Promise<GetStatusReturnType>;
  findPlans(filter?: FindPlansParameters): Promise<FindPlansReturnType>;
  getPlan(parameters: GetPlanParameters): Promise<GetPlanReturnType>;
  countPlans(parameters: { claimant: Address }): Promise<number>;
  /** Of blocks with events of the registry. */
  getBlockTimes(parameters: GetBlockTimesParameters): Promise<GetBlockTimesReturnType>;
  /** Only where a dispute contract was named. */
  findBonds?(filter?: FindBondsParameters): Promise<FindBondsReturnType>;
}

/**
 * Answers from a node alone.
 *
 * @example
 * const reader = chainReader(await createRegistryClients({ rpcUrl, address }));
 * const claims = await reader.findClaims({ dataRoot });
 */
export const chainReader = (clients: RegistryClients): RegistryReader => ({
  chainId: clients.chainId,
  address: requireAddress(clients),
  findClaims: (filter) => findClaims(clients, filter),
  findClaimsPage: (parameters) => findClaimsPage(clients, parameters),
  getClaim: (parameters) => getClaim(clients, parameters),
  getLineage: (parameters) => getLineage(clients, parameters),
  getAttestations: (filter) => getAttestations(clients, filter),
  getStatus: (parameters) => getStatus(clients, parameters),
  findPlans: (filter) => findPlans(clients, filter),
  getPlan: (parameters) => getPlan(clients, parameters),
  countPlans: (parameters) => countPlans(clients, parameters),
  getBlockTimes: (parameters) => getBlockTimes(clients, parameters),
  ...(clients.disputes && { findBonds: (filter) => findBonds(clients, filter) }),
});
