import type { Hex } from "viem";
import { requireDisputes, requireWallet, type RegistryClients } from "../clients.ts";
import { confirm } from "../confirm.ts";
import { type RegistryError, registryErrorFrom } from "../errors.ts";
import { disputesAbi } from "./artifact.ts";
import { bondInput, type BondStage, stages } from "./bond.ts";
import { getBond, readBond } from "./getBond.ts";

export interface ResolveBondParameters {
  bondId: Hex;
  /** Whether what was bonded is right. */
  upheld: boolean;
  /** Why; at most 2048 bytes, public. */
  reason: string;
}

export interface ResolveBondReturnType {
  /** Where the bond stands after this vote: challenged, or what the threshold said. */
  stage: BondStage;
  transactionHash: Hex;
  gasUsed: bigint;
}

export type ResolveBondErrorType = RegistryError;

/**
 * The wallet account's vote, as a resolver, on a challenged bond; once and for good. The vote that reaches the threshold settles it.
 *
 * @throws RegistryError "notFound" when there is no such bond, "reverted" when the account is no resolver, has voted, or is late.
 *
 * @example
 * const { stage } = await resolveBond(clients, { bondId, upheld: false, reason: "segment 3 fails V7" });
 */
export async function resolveBond(
  clients: RegistryClients,
  { bondId, upheld, reason }: ResolveBondParameters,
): Promise<ResolveBondReturnType> {
  const { account } = requireWallet(clients);
  try {
    const terms = await getBond(clients, { bondId });
    const { request } = await clients.reader.simulateContract({
      address: requireDisputes(clients),
      abi: disputesAbi,
      functionName: "resolve",
      args: [bondInput(terms), upheld, reason],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    const stored = await readBond(clients, bondId);
    const stage = stages[stored?.stage ?? 0];
    return {
      stage: stage === undefined || stage === "none" ? "challenged" : stage,
      transactionHash,
      gasUsed,
    };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
