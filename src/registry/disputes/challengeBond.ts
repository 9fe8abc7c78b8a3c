import type { Hex } from "viem";
import { requireDisputes, requireWallet, type RegistryClients } from "../clients.ts";
import { confirm } from "../confirm.ts";
import { type RegistryError, registryErrorFrom } from "../errors.ts";
import { disputesAbi } from "./artifact.ts";
import { bondInput } from "./bond.ts";
import { getBond } from "./getBond.ts";

export interface ChallengeBondParameters {
  bondId: Hex;
  /** Why; at most 2048 bytes, public. */
  reason: string;
}

export interface ChallengeBondReturnType {
  /** What was staked, in wei: as much as the bond. */
  staked: bigint;
  transactionHash: Hex;
  gasUsed: bigint;
}

export type ChallengeBondErrorType = RegistryError;

/**
 * Challenges a bond with an equal stake. It is lost if the resolvers uphold the bond, and comes back if they do not decide.
 *
 * @throws RegistryError "notFound" when there is no such bond, "reverted" when it was challenged before or its window is over.
 *
 * @example
 * await challengeBond(clients, { bondId, reason: "segment 3 fails V7" });
 */
export async function challengeBond(
  clients: RegistryClients,
  { bondId, reason }: ChallengeBondParameters,
): Promise<ChallengeBondReturnType> {
  const { account } = requireWallet(clients);
  try {
    const terms = await getBond(clients, { bondId });
    const { request } = await clients.reader.simulateContract({
      address: requireDisputes(clients),
      abi: disputesAbi,
      functionName: "challenge",
      args: [bondInput(terms), reason],
      value: terms.amount,
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { staked: terms.amount, transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
