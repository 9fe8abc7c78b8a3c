import type { Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { claimInput, computeClaimId, type ClaimContent } from "./claimId.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";
import { claimExists } from "./getClaim.ts";

export interface RegisterClaimReturn {
  claimId: Hex;
  /** This account had registered this very claim before; nothing was sent. */
  alreadyRegistered: boolean;
  transactionHash?: Hex;
  gasUsed?: bigint;
}

/**
 * Registers a claim of the wallet's account, once: registering it again is no error and costs nothing.
 *
 * @param parameters.uri - where the run's manifest can be found; only in the event.
 * @throws RegistryError
 */
export async function registerClaim(
  clients: RegistryClients,
  parameters: { content: ClaimContent; uri: string },
): Promise<RegisterClaimReturn> {
  const address = requireAddress(clients);
  const wallet = requireWallet(clients);
  const { content, uri } = parameters;
  const claimId = computeClaimId({
    chainId: clients.chainId,
    registry: address,
    claimant: wallet.account.address,
    content,
  });
  try {
    if (await claimExists(clients, claimId)) return { claimId, alreadyRegistered: true };
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "register",
      args: [claimInput(content), uri],
      account: wallet.account,
    });
    const transactionHash = await wallet.writeContract(request);
    const receipt = await clients.reader.waitForTransactionReceipt({ hash: transactionHash });
    if (receipt.status !== "success") {
      throw new RegistryError("reverted", `transaction ${transactionHash} was reverted`);
    }
    return { claimId, alreadyRegistered: false, transactionHash, gasUsed: receipt.gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
