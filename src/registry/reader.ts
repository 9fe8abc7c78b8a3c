import type { Address } from "viem";
import {
  checkSamples,
  type CheckSamplesParameters,
  type CheckSamplesReturnType,
} from "./checkSample.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { countPlans, type CountPlansParameters, type CountPlansReturnType } from "./countPlans.ts";
import {
  findBonds,
  findBondsPage,
  type FindBondsPageParameters,
  type FindBondsPageReturnType,
  type FindBondsParameters,
  type FindBondsReturnType,
} from "./disputes/index.ts";
import { findClaims, type FindClaimsParameters, type FindClaimsReturnType } from "./findClaims.ts";
import {
  findClaimsPage,
  type FindClaimsPageParameters,
  type FindClaimsPageReturnType,
} from "./findClaimsPage.ts";
import { findPlans, type FindPlansParameters, type FindPlansReturnType } from "./findPlans.ts";
import {
  findPlansPage,
  type FindPlansPageParameters,
  type FindPlansPageReturnType,
} from "./findPlansPage.ts";
import {
  getAttestations,
  type GetAttestationsParameters,
  type GetAttestationsReturnType,
} from "./getAttestations.ts";
import {
  getAttestationsPage,
  type GetAttestationsPageParameters,
  type GetAttestationsPageReturnType,
} from "./getAttestationsPage.ts";
import {
  getBlockTimes,
  type GetBlockTimesParameters,
  type GetBlockTimesReturnType,
} from "./getBlockTimes.ts";
import { getClaim, type GetClaimParameters, type GetClaimReturnType } from "./getClaim.ts";
import { getLineage, type GetLineageParameters, type GetLineageReturnType } from "./getLineage.ts";
import { getPlan, type GetPlanParameters, type GetPlanReturnType } from "./getPlan.ts";
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
  getAttestationsPage(
    parameters: GetAttestationsPageParameters,
  ): Promise<GetAttestationsPageReturnType>;
  /** Only where a node answers: whether the samples of verdicts were drawn as the protocol says. */
  checkSamples?(parameters: CheckSamplesParameters): Promise<CheckSamplesReturnType>;
  getStatus(parameters: GetStatusParameters): Promise<GetStatusReturnType>;
  findPlans(filter?: FindPlansParameters): Promise<FindPlansReturnType>;
  findPlansPage(parameters: FindPlansPageParameters): Promise<FindPlansPageReturnType>;
  getPlan(parameters: GetPlanParameters): Promise<GetPlanReturnType>;
  countPlans(parameters: CountPlansParameters): Promise<CountPlansReturnType>;
  /** Of blocks with events of the registry. */
  getBlockTimes(parameters: GetBlockTimesParameters): Promise<GetBlockTimesReturnType>;
  /** Only where a dispute contract was named. */
  findBonds?(filter?: FindBondsParameters): Promise<FindBondsReturnType>;
  findBondsPage?(parameters: FindBondsPageParameters): Promise<FindBondsPageReturnType>;
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
  getAttestationsPage: (parameters) => getAttestationsPage(clients, parameters),
  checkSamples: (parameters) => checkSamples(clients, parameters),
  getStatus: (parameters) => getStatus(clients, parameters),
  findPlans: (filter) => findPlans(clients, filter),
  findPlansPage: (parameters) => findPlansPage(clients, parameters),
  getPlan: (parameters) => getPlan(clients, parameters),
  countPlans: (parameters) => countPlans(clients, parameters),
  getBlockTimes: (parameters) => getBlockTimes(clients, parameters),
  ...(clients.disputes && {
    findBonds: (filter) => findBonds(clients, filter),
    findBondsPage: (parameters) => findBondsPage(clients, parameters),
  }),
});
