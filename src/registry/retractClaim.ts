import type { Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { confirm } from "./confirm.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";

export interface RetractClaimParameters {
  claimId: Hex;
  /** Why; at most 2048 bytes, public. */
  reason: string;
}

export interface RetractClaimReturnType {
  transactionHash: Hex;
  gasUsed: bigint;
}

export type RetractClaimErrorType = RegistryError;

/**
 * Takes a claim of the wallet's account back, for good. It stays readable, and can still be attested.
 *
 * @throws RegistryError "reverted" when it is another account's, or was retracted before.
 *
 * @example
 * await retractClaim(clients, { claimId, reason: "the data set had duplicates" });
 */
export async function retractClaim(
  clients: RegistryClients,
  { claimId, reason }: RetractClaimParameters,
): Promise<RetractClaimReturnType> {
  const address = requireAddress(clients);
  const { account } = requireWallet(clients);
  try {
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "retract",
      args: [claimId, reason],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
