import {
  type Address,
  BaseError,
  type ContractFunctionArgs,
  ContractFunctionRevertedError,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  isHex,
} from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { counterfactualAbi, counterfactualBytecode } from "./counterfactualArtifact.ts";
import { RegistryError } from "./errors.ts";

type Arguments = ContractFunctionArgs<typeof registryAbi, "nonpayable", "attestBySig">;

/**
 * Deploys the attester by its factory and records its verdict, in one transaction that creates nothing that stays
 * (contracts/CounterfactualAttestation.sol). The factory's call is the signer's to choose, so it is never made by the wallet's account.
 */
export async function attestCounterfactually(
  clients: RegistryClients,
  factory: { address: Address; data: Hex },
  args: Arguments,
): Promise<{ transactionHash: Hex; gasUsed: bigint }> {
  const wallet = requireWallet(clients);
  const registry = requireAddress(clients);
  const relayed = encodeFunctionData({ abi: registryAbi, functionName: "attestBySig", args });
  const data = encodeDeployData({
    abi: counterfactualAbi,
    bytecode: counterfactualBytecode,
    args: [args[0], factory.address, factory.data, registry, relayed],
  });
  await clients.reader.call({ account: wallet.account, data }).catch((error: unknown) => {
    throw revertOf(error) ?? error;
  });
  const transactionHash = await wallet.sendTransaction({ data });
  const receipt = await clients.reader.waitForTransactionReceipt({ hash: transactionHash });
  if (receipt.status !== "success") {
    throw new RegistryError("reverted", `transaction ${transactionHash} was reverted`);
  }
  return { transactionHash, gasUsed: receipt.gasUsed };
}

/** The error that a contract gave, of this contract's in words, of the registry's for registryErrorFrom. */
function revertOf(error: unknown): Error | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const found = error.walk((cause) => isHex((cause as { data?: unknown }).data));
  const data = (found as { data?: Hex } | null)?.data;
  if (data === undefined || data === "0x") return undefined;
  const abi = [...registryAbi, ...counterfactualAbi];
  const reverted = new ContractFunctionRevertedError({ abi, data, functionName: "attestBySig" });
  const { errorName, args = [] } = reverted.data ?? {};
  if (errorName === "FactoryRefused" || errorName === "AccountNotDeployed") {
    const [account, other] = errorName === "FactoryRefused" ? ["the attester", args[0]] : args;
    return new RegistryError(
      "reverted",
      `the factory ${String(other)}, which the signature names, does not deploy ${String(account)}`,
      { cause: error },
    );
  }
  return new BaseError("attestBySig was reverted", { cause: reverted });
}
