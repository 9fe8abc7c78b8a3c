/**
 * The registry's client: one action per file, each `action(clients, parameters)`.
 *
 *     const clients = await createRegistryClients({ rpcUrl, address, privateKey });
 *     const { planId } = await announcePlan(clients, { planDigest });
 *     const { seed } = await drawSeed(clients, { planId });
 *     const { claimId } = await registerClaim(clients, { content, uri });
 *     const { outcome } = await getStatus(clients, { claimId, verifiers, threshold: 2 });
 */
export * from "./announcePlan.ts";
export { registryAbi, registryBytecode } from "./artifact.ts";
export {
  attest,
  type AttestErrorType,
  type AttestParameters,
  type AttestReturnType,
} from "./attest.ts";
export {
  type AttestationContent,
  attestationTypedData,
  type AttestedVerdict,
  revocationTypedData,
  type SegmentSample,
} from "./attestation.ts";
export * from "./attestBatch.ts";
export * from "./attestBySignature.ts";
export * from "./calls.ts";
export * from "./checkContract.ts";
export * from "./checkSample.ts";
export { type ClaimContent, computeClaimBody, computeClaimId } from "./claimId.ts";
export {
  createRegistryClients,
  requireAddress,
  requireDisputes,
  requireWallet,
} from "./clients.ts";
export type { RegistryClients, RegistryClientsParameters } from "./clients.ts";
export * from "./countPlans.ts";
export { contractsOn, type Deployment, deployments, type Deployments } from "./deployments.ts";
export * from "./deployRegistry.ts";
export * from "./disputes/index.ts";
export * from "./drawSeed.ts";
export { RegistryError, registryErrorFrom, withoutCredentials } from "./errors.ts";
export type { ContractError, RegistryErrorKind } from "./errors.ts";
export {
  type Claim,
  findClaims,
  type FindClaimsErrorType,
  type FindClaimsParameters,
  type FindClaimsReturnType,
} from "./findClaims.ts";
export * from "./findClaimsPage.ts";
export {
  type AnnouncedPlan,
  findPlans,
  type FindPlansErrorType,
  type FindPlansParameters,
  type FindPlansReturnType,
} from "./findPlans.ts";
export * from "./findPlansPage.ts";
export {
  type Attestation,
  getAttestations,
  type GetAttestationsErrorType,
  type GetAttestationsParameters,
  type GetAttestationsReturnType,
} from "./getAttestations.ts";
export * from "./getAttestationsPage.ts";
export * from "./getBlockTimes.ts";
export {
  getClaim,
  type GetClaimErrorType,
  type GetClaimParameters,
  type GetClaimReturnType,
  readClaim,
} from "./getClaim.ts";
export * from "./getLineage.ts";
export {
  getPlan,
  type GetPlanErrorType,
  type GetPlanParameters,
  type GetPlanReturnType,
  planStateByAge,
  type PlanState,
  readPlan,
  type StoredPlan,
} from "./getPlan.ts";
export {
  getStatus,
  type GetStatusErrorType,
  type GetStatusParameters,
  type GetStatusReturnType,
  type Outcome,
  statusOf,
} from "./getStatus.ts";
export { startLocalChain } from "./localChain.ts";
export type { LocalChain } from "./localChain.ts";
export * from "./origins.ts";
export { computePlanId } from "./planId.ts";
export * from "./reader.ts";
export { cursorOf, type PageParameters, requirePageSize } from "./readPage.ts";
export { type Recordable, type Recorded, recorded } from "./recorded.ts";
export * from "./registerClaim.ts";
export * from "./retractClaim.ts";
export * from "./revokeAttestation.ts";
export * from "./revokeBySignature.ts";
export * from "./sampleSentence.ts";
export * from "./signAttestation.ts";
export * from "./signRevocation.ts";
export { rpcUrlsOf } from "./transport.ts";
export * from "./validation/index.ts";
export { validatorAbi, validatorBytecode } from "./validatorArtifact.ts";
