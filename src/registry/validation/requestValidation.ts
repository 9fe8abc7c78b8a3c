import type { Hex } from "viem";
import { requireAddress, requireWallet, type RegistryClients } from "../clients.ts";
import { confirm } from "../confirm.ts";
import { type RegistryError, registryErrorFrom } from "../errors.ts";
import { getClaim } from "../getClaim.ts";
import { erc8004ValidationAbi } from "./erc8004Abi.ts";
import { computeRequestHash, type ValidationQuestion, validationsOf } from "./question.ts";

export interface RequestValidationParameters extends ValidationQuestion {
  /** Where others find what is to be validated; the claim's URI unless said. */
  uri?: string;
}

export interface RequestValidationReturnType {
  /** What the request is called from now on. */
  requestHash: Hex;
  transactionHash: Hex;
  gasUsed: bigint;
}

export type RequestValidationErrorType = RegistryError;

/**
 * Requests a validation of a claim, in ERC-8004's validation registry, from a validator that asks a quorum of this registry. The wallet's account must own the
 * agent, or be its operator, and so must the claimant for an answer.
 *
 * @throws RegistryError "notFound" without such a claim, "usage" for an address that is no validator of this registry, "reverted" where
 * the validation registry refuses.
 *
 * @example
 * const { requestHash } = await requestValidation(clients, { validator, claimId, agentId: 7n });
 */
export async function requestValidation(
  clients: RegistryClients,
  parameters: RequestValidationParameters,
): Promise<RequestValidationReturnType> {
  const { validator, claimId, agentId } = parameters;
  const { account } = requireWallet(clients);
  const registry = requireAddress(clients);
  try {
    const claim = await getClaim(clients, { claimId });
    const address = await validationsOf(clients, validator);
    const requestHash = computeRequestHash({ chainId: clients.chainId, registry }, parameters);
    const { request } = await clients.reader.simulateContract({
      address,
      abi: erc8004ValidationAbi,
      functionName: "validationRequest",
      args: [validator, agentId, parameters.uri ?? claim.uri, requestHash],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { requestHash, transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
