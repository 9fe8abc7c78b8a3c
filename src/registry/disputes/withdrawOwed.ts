import type { Address, Hex } from "viem";
import { requireDisputes, requireWallet, type RegistryClients } from "../clients.ts";
import { confirm } from "../confirm.ts";
import { type RegistryError, registryErrorFrom } from "../errors.ts";
import { disputesAbi } from "./artifact.ts";

export interface WithdrawOwedParameters {
  /** Who receives it; the account itself by default. */
  to?: Address;
}

export interface WithdrawOwedReturnType {
  /** In wei. */
  amount: bigint;
  to: Address;
  transactionHash: Hex;
  gasUsed: bigint;
}

export type WithdrawOwedErrorType = RegistryError;

/**
 * Takes all that the dispute contract owes the wallet's account.
 *
 * @throws RegistryError "reverted" when it is owed nothing, or the receiver refuses.
 *
 * @example
 * const { amount } = await withdrawOwed(clients);
 */
export async function withdrawOwed(
  clients: RegistryClients,
  parameters: WithdrawOwedParameters = {},
): Promise<WithdrawOwedReturnType> {
  const { account } = requireWallet(clients);
  const to = parameters.to ?? account.address;
  try {
    const { request, result } = await clients.reader.simulateContract({
      address: requireDisputes(clients),
      abi: disputesAbi,
      functionName: "withdraw",
      args: [to],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { amount: result, to, transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
