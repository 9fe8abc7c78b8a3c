import type { Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { confirm } from "./confirm.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import { readPlan } from "./getPlan.ts";
import { computePlanId } from "./planId.ts";

export interface AnnouncePlanParameters {
  /** Digest of the plan: architecture, hyperparameters, data root, steps. */
  planDigest: Hex;
}

export interface AnnouncePlanReturnType {
  planId: Hex;
  /** This account had announced this plan before; nothing was sent. */
  alreadyAnnounced: boolean;
  /** The account's plans are numbered from 1. */
  number: number;
  /** The block whose hash makes the seed. */
  seedBlock: number;
  transactionHash?: Hex;
  gasUsed?: bigint;
}

export type AnnouncePlanErrorType = RegistryError;

/**
 * Announces a plan of the wallet's account before it is trained, once: announcing it again is no error and changes nothing.
 *
 * @throws RegistryError
 *
 * @example
 * const { planId, seedBlock } = await announcePlan(clients, { planDigest });
 * const { seed } = await drawSeed(clients, { planId });
 */
export async function announcePlan(
  clients: RegistryClients,
  { planDigest }: AnnouncePlanParameters,
): Promise<AnnouncePlanReturnType> {
  const address = requireAddress(clients);
  const { account } = requireWallet(clients);
  const { chainId } = clients;
  const planId = computePlanId({
    chainId,
    registry: address,
    claimant: account.address,
    planDigest,
  });
  try {
    const before = await readPlan(clients, planId);
    if (before !== undefined) {
      const { number, seedBlock } = before;
      return { planId, alreadyAnnounced: true, number, seedBlock };
    }
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "announce",
      args: [planDigest],
      account,
    });
    const { transactionHash, gasUsed, receipt } = await confirm(clients, request);
    const plan = await readPlan(clients, planId, receipt.blockNumber);
    if (plan === undefined) throw new Error(`plan ${planId} is not there after its announcement`);
    const { number, seedBlock } = plan;
    return { planId, alreadyAnnounced: false, number, seedBlock, transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
