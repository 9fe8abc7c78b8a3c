import type { Hex } from "viem";
import { requireDisputes, requireWallet, type RegistryClients } from "../clients.ts";
import { confirm } from "../confirm.ts";
import { type RegistryError, registryErrorFrom } from "../errors.ts";
import { disputesAbi } from "./artifact.ts";
import { bondInput, type BondTerms, computeBondId } from "./bond.ts";
import { readBond } from "./getBond.ts";

export type PostBondParameters = BondTerms;

export interface PostBondReturnType {
  bondId: Hex;
  /** This very bond was posted before; nothing was sent. */
  alreadyPosted: boolean;
  transactionHash?: Hex;
  gasUsed?: bigint;
}

export type PostBondErrorType = RegistryError;

/**
 * Bonds the wallet account's own claim, or its own verdict on a claim, with ether, once on the same terms.
 *
 * @throws RegistryError "reverted" when it is not the account's word, or a term is out of range.
 *
 * @example
 * const week = 7 * 24 * 3600;
 * const challengeUntil = Math.floor(Date.now() / 1000) + week;
 * const terms = { claimId, amount: parseEther("1"), challengeUntil, resolveWithin: week, resolvers, threshold: 2 };
 * const { bondId } = await postBond(clients, terms);
 */
export async function postBond(
  clients: RegistryClients,
  terms: PostBondParameters,
): Promise<PostBondReturnType> {
  const disputes = requireDisputes(clients);
  const { account } = requireWallet(clients);
  try {
    const bondId = computeBondId({ chainId: clients.chainId, disputes, terms });
    if (await readBond(clients, bondId)) return { bondId, alreadyPosted: true };
    const { request } = await clients.reader.simulateContract({
      address: disputes,
      abi: disputesAbi,
      functionName: "post",
      args: [bondInput(terms)],
      value: terms.amount,
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { bondId, alreadyPosted: false, transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
