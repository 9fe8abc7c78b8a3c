import type { Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { confirm } from "./confirm.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";
import { getPlan, readPlan } from "./getPlan.ts";

export interface DrawSeedParameters {
  planId: Hex;
  /** Called while the seed block is not over. */
  onWait?: (blocks: number) => void;
  /** Aborting ends the wait. */
  signal?: AbortSignal;
}

export interface DrawSeedReturnType {
  seed: Hex;
  /** Somebody had drawn it before; nothing was sent. */
  alreadyDrawn: boolean;
  transactionHash?: Hex;
  gasUsed?: bigint;
}

export type DrawSeedErrorType = RegistryError;

const pollMilliseconds = 500;

/**
 * Draws a plan's seed, once its seed block is over; waits for that. Anyone can, for anyone's plan. A seed that was drawn is returned
 * again, without a key.
 *
 * @throws RegistryError "notFound" when there is no such plan, "reverted" when the seed was missed: announce another plan.
 *
 * @example
 * const { seed } = await drawSeed(clients, { planId });
 */
export async function drawSeed(
  clients: RegistryClients,
  { planId, onWait, signal }: DrawSeedParameters,
): Promise<DrawSeedReturnType> {
  const address = requireAddress(clients);
  try {
    const plan = await getPlan(clients, { planId });
    if (plan.seed !== undefined) return { seed: plan.seed, alreadyDrawn: true };
    const { account } = requireWallet(clients);
    for (;;) {
      signal?.throwIfAborted();
      const latest = await clients.reader.getBlockNumber({ cacheTime: 0 });
      if (latest > BigInt(plan.seedBlock)) break;
      onWait?.(plan.seedBlock + 1 - Number(latest));
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "drawSeed",
      args: [planId],
      account,
    });
    const { transactionHash, gasUsed, receipt } = await confirm(clients, request);
    // From storage, not from the simulation: a reorganisation in between would have changed it.
    const seed = (await readPlan(clients, planId, receipt.blockNumber))?.seed;
    if (seed === undefined) throw new RegistryError("other", `plan ${planId} has no seed yet`);
    return { seed, alreadyDrawn: false, transactionHash, gasUsed };
  } catch (error) {
    if (signal?.aborted) throw error;
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
