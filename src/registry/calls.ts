import { type Address, decodeFunctionData, encodeFunctionData, type Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { type AttestationContent, attestationInput } from "./attestation.ts";
import { claimInput, type ClaimContent } from "./claimId.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { registryErrorFrom } from "./errors.ts";

/** A call of the registry as a transaction carries it, for senders that sign themselves (src/relayer/sender). */
export interface RegistryCall {
  to: Address;
  data: Hex;
}

/** What announcePlan sends. */
export const announcePlanCall = (
  clients: RegistryClients,
  { planDigest }: { planDigest: Hex },
): RegistryCall => ({
  to: requireAddress(clients),
  data: encodeFunctionData({ abi: registryAbi, functionName: "announce", args: [planDigest] }),
});

/** What drawSeed sends. */
export const drawSeedCall = (
  clients: RegistryClients,
  { planId }: { planId: Hex },
): RegistryCall => ({
  to: requireAddress(clients),
  data: encodeFunctionData({ abi: registryAbi, functionName: "drawSeed", args: [planId] }),
});

/** What registerClaim sends. */
export const registerClaimCall = (
  clients: RegistryClients,
  { content, uri }: { content: ClaimContent; uri: string },
): RegistryCall => ({
  to: requireAddress(clients),
  data: encodeFunctionData({
    abi: registryAbi,
    functionName: "register",
    args: [claimInput(content), uri],
  }),
});

/** What attest sends; reads the claim's content from the chain. Errors: RegistryError. */
export async function attestCall(
  clients: RegistryClients,
  content: AttestationContent,
): Promise<RegistryCall> {
  try {
    const input = await attestationInput(clients, content);
    return {
      to: requireAddress(clients),
      data: encodeFunctionData({ abi: registryAbi, functionName: "attest", args: [input] }),
    };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

/**
 * The gas that a call of the registry takes from an account in a block's state.
 *
 * @throws RegistryError "reverted" | "notFound" where the registry refuses, with its reason.
 */
export async function estimateCallGas(
  clients: RegistryClients,
  { to, data }: RegistryCall,
  account: Address,
  blockNumber: bigint,
): Promise<bigint> {
  try {
    // As a contract's function, so that its errors are named.
    const call = decodeFunctionData({ abi: registryAbi, data });
    const { functionName, args } = call as { functionName: "register"; args: never };
    const estimated = { address: to, abi: registryAbi, functionName, args, account, blockNumber };
    return await clients.reader.estimateContractGas(estimated);
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
