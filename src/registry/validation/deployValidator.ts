import type { Address, Hex } from "viem";
import { requireAddress, requireWallet, type RegistryClients } from "../clients.ts";
import { RegistryError, registryErrorFrom } from "../errors.ts";
import { validatorAbi, validatorBytecode } from "../validatorArtifact.ts";

export interface DeployValidatorParameters {
  /** ERC-8004's validation registry, whose requests are answered. */
  validationRegistry: Address;
  /** Who is asked, in any order. */
  verifiers: readonly Address[];
  /** How many must agree. */
  threshold: number;
}

export interface DeployValidatorReturnType {
  address: Address;
  transactionHash: Hex;
  gasUsed: bigint;
}

export type DeployValidatorErrorType = RegistryError;

/**
 * Deploys a validator for ERC-8004 that asks the clients' registry. Its quorum is fixed: another one is another deployment.
 *
 * @throws RegistryError "reverted" for a quorum that is none.
 *
 * @example
 * const { address: validator } = await deployValidator(clients, { validationRegistry, verifiers, threshold: 2 });
 */
export async function deployValidator(
  clients: RegistryClients,
  { validationRegistry, verifiers, threshold }: DeployValidatorParameters,
): Promise<DeployValidatorReturnType> {
  const wallet = requireWallet(clients);
  const registry = requireAddress(clients);
  const ascending = [...verifiers].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  try {
    const hash = await wallet.deployContract({
      abi: validatorAbi,
      bytecode: validatorBytecode,
      args: [registry, validationRegistry, ascending, BigInt(threshold)],
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
