import type { Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { confirm } from "./confirm.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";

export interface RevokeAttestationParameters {
  claimId: Hex;
  /** Why; at most 2048 bytes, public. */
  reason: string;
}

export interface RevokeAttestationReturnType {
  transactionHash: Hex;
  gasUsed: bigint;
}

export type RevokeAttestationErrorType = RegistryError;

/**
 * Takes the wallet account's verdict on a claim back. No other verdict of the account can follow.
 *
 * @throws RegistryError "reverted" when there is none, or it was revoked before.
 *
 * @example
 * await revokeAttestation(clients, { claimId, reason: "verifier build 0x… had a fault" });
 */
export async function revokeAttestation(
  clients: RegistryClients,
  { claimId, reason }: RevokeAttestationParameters,
): Promise<RevokeAttestationReturnType> {
  const address = requireAddress(clients);
  const { account } = requireWallet(clients);
  try {
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "revoke",
      args: [claimId, reason],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
