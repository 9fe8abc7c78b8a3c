import type { Address, Hex } from "viem";
import { registryAbi } from "../artifact.ts";
import { requireAddress, requireWallet, type RegistryClients } from "../clients.ts";
import { RegistryError, registryErrorFrom } from "../errors.ts";
import { disputesAbi, disputesBytecode } from "./artifact.ts";

export interface DeployDisputesReturnType {
  address: Address;
  transactionHash: Hex;
  gasUsed: bigint;
}

export type DeployDisputesErrorType = RegistryError;

/**
 * Deploys the dispute contract of the clients' registry; it has no owner and cannot be changed.
 *
 * @throws RegistryError "reverted" when there is no registry at the clients' address.
 *
 * @example
 * const { address: disputes } = await deployDisputes(clients);
 */
export async function deployDisputes(clients: RegistryClients): Promise<DeployDisputesReturnType> {
  const wallet = requireWallet(clients);
  const registry = requireAddress(clients);
  // The constructor refuses anything else, but its reason does not come through every node.
  await clients.reader
    .readContract({ address: registry, abi: registryAbi, functionName: "CLAIM_TYPE" })
    .catch((cause: unknown) => {
      throw new RegistryError("reverted", `there is no training registry at ${registry}`, {
        cause,
      });
    });
  try {
    const hash = await wallet.deployContract({
      abi: disputesAbi,
      bytecode: disputesBytecode,
      args: [registry],
    });
    const receipt = await clients.reader.waitForTransactionReceipt({ hash });
    if (!receipt.contractAddress || receipt.status !== "success") {
      throw new RegistryError("reverted", `the deployment ${hash} was reverted`);
    }
    return { address: receipt.contractAddress, transactionHash: hash, gasUsed: receipt.gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
