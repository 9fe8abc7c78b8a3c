import type { ContractErrorName } from "viem";
import type { validatorAbi } from "../validatorArtifact.ts";

/** The validator's custom errors in words (contracts/interfaces/IQuorumValidator.sol). */
export const validatorExplanations: Record<
  ContractErrorName<typeof validatorAbi>,
  (args: readonly unknown[]) => string
> = {
  QuorumNotAscending: ([index]) => `verifier ${String(index)} is out of order or named twice`,
  QuorumThresholdOutOfRange: ([threshold, members]) =>
    `a threshold of ${String(threshold)} is outside 1 … ${String(members)}, the number of verifiers`,
  NotOurRequest: ([hash, validator, agent]) =>
    `request ${String(hash)} is of agent ${String(agent)} to the validator ${String(validator)}; ask with another salt`,
  NotTheAgentsClaim: ([claim, agent]) =>
    `the claimant of ${String(claim)} neither owns agent ${String(agent)} nor is its operator`,
  NotDecided: ([hash]) =>
    `the quorum has not decided on request ${String(hash)}; wait for more verdicts`,
  NothingNew: ([hash]) => `request ${String(hash)} has this answer already`,
};
