import type { Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { claimInput, computeClaimId, type ClaimContent } from "./claimId.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { confirm } from "./confirm.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import { readClaim } from "./getClaim.ts";

export interface RegisterClaimParameters {
  content: ClaimContent;
  /** Where the run's manifest can be found; only in the event. */
  uri: string;
}

export interface RegisterClaimReturnType {
  claimId: Hex;
  /** This account had registered this very claim before; nothing was sent. */
  alreadyRegistered: boolean;
  transactionHash?: Hex;
  gasUsed?: bigint;
}

export type RegisterClaimErrorType = RegistryError;

/**
 * Registers a claim of the wallet's account, once: registering it again is no error and costs nothing.
 *
 * @throws RegistryError
 *
 * @example
 * const trained = { modelCommitment, dataRoot, configDigest, steps: 256n, proofDigest };
 * const content = { ...trained, startKind: "seed", start: seed } as const;
 * const { claimId } = await registerClaim(clients, { content, uri });
 */
export async function registerClaim(
  clients: RegistryClients,
  { content, uri }: RegisterClaimParameters,
): Promise<RegisterClaimReturnType> {
  const address = requireAddress(clients);
  const { account } = requireWallet(clients);
  const claimId = computeClaimId({
    chainId: clients.chainId,
    registry: address,
    claimant: account.address,
    content,
  });
  try {
    if (await readClaim(clients, claimId)) return { claimId, alreadyRegistered: true };
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "register",
      args: [claimInput(content), uri],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { claimId, alreadyRegistered: false, transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
