import type { Address, Hex } from "viem";
import { registryAbi, registryBytecode } from "./artifact.ts";
import { requireWallet, type RegistryClients } from "./clients.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";

export interface DeployRegistryReturnType {
  address: Address;
  transactionHash: Hex;
  gasUsed: bigint;
}

export type DeployRegistryErrorType = RegistryError;

/**
 * Deploys a registry; it has no owner and cannot be changed. For public chains there is an Ignition module (docs/REGISTRY.md).
 *
 * @throws RegistryError
 *
 * @example
 * const { address } = await deployRegistry(await createRegistryClients({ rpcUrl, privateKey }));
 */
export async function deployRegistry(clients: RegistryClients): Promise<DeployRegistryReturnType> {
  const wallet = requireWallet(clients);
  try {
    const hash = await wallet.deployContract({
      abi: registryAbi,
      bytecode: registryBytecode,
    });
    const receipt = await clients.reader.waitForTransactionReceipt({ hash });
    if (!receipt.contractAddress) throw new RegistryError("other", "the deployment failed");
    return {
      address: receipt.contractAddress,
      transactionHash: hash,
      gasUsed: receipt.gasUsed,
    };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
