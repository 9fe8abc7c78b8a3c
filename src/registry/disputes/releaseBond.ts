import type { Hex } from "viem";
import { requireDisputes, requireWallet, type RegistryClients } from "../clients.ts";
import { confirm } from "../confirm.ts";
import { type RegistryError, registryErrorFrom } from "../errors.ts";
import { disputesAbi } from "./artifact.ts";
import { bondInput } from "./bond.ts";
import { getBond } from "./getBond.ts";

export interface ReleaseBondParameters {
  bondId: Hex;
}

export interface ReleaseBondReturnType {
  transactionHash: Hex;
  gasUsed: bigint;
}

export type ReleaseBondErrorType = RegistryError;

/**
 * Makes the stakes of a bond withdrawable when its window is over: the poster's if nobody challenged, both if the resolvers did not
 * decide. Anyone can.
 *
 * @throws RegistryError "reverted" while the window is open.
 *
 * @example
 * await releaseBond(clients, { bondId });
 */
export async function releaseBond(
  clients: RegistryClients,
  { bondId }: ReleaseBondParameters,
): Promise<ReleaseBondReturnType> {
  const { account } = requireWallet(clients);
  try {
    const { request } = await clients.reader.simulateContract({
      address: requireDisputes(clients),
      abi: disputesAbi,
      functionName: "release",
      args: [bondInput(await getBond(clients, { bondId }))],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
