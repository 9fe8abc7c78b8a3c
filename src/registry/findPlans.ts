import { getAbiItem, type Address, type Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import { planStateOf, type PlanState, type StoredPlan } from "./getPlan.ts";
import { readEvents } from "./readEvents.ts";

export interface FindPlansParameters {
  planId?: Hex;
  claimant?: Address;
  planDigest?: Hex;
}

export interface AnnouncedPlan extends StoredPlan {
  planDigest: Hex;
  state: PlanState;
  transactionHash: Hex;
}

export type FindPlansReturnType = AnnouncedPlan[];
export type FindPlansErrorType = RegistryError;

const announced = getAbiItem({ abi: registryAbi, name: "PlanAnnounced" });
const drawn = getAbiItem({ abi: registryAbi, name: "SeedDrawn" });

/**
 * Plans by claimant, id or digest; all without a filter. Oldest first. A claimant's plans are all there: what is announced stays.
 *
 * @throws RegistryError
 *
 * @example
 * const plans = await findPlans(clients, { claimant });
 * console.log(plans.length, "plans,", plans.filter(({ seed }) => seed).length, "seeds drawn");
 */
export async function findPlans(
  clients: RegistryClients,
  filter: FindPlansParameters = {},
): Promise<FindPlansReturnType> {
  const address = requireAddress(clients);
  const { planDigest, ...both } = filter;
  try {
    const latest = await clients.reader.getBlockNumber({ cacheTime: 0 });
    const args = { ...both, ...(planDigest && { planDigest }) };
    const announcements = await readEvents(clients, (range) =>
      clients.reader.getLogs({ address, event: announced, args, strict: true, ...range }),
    );
    const draws = await readEvents(clients, (range) =>
      clients.reader.getLogs({ address, event: drawn, args: both, strict: true, ...range }),
    );
    const seeds = new Map(draws.map((log) => [log.args.planId, log.args.seed]));
    const plans: AnnouncedPlan[] = [];
    for (const log of announcements) {
      const seed = seeds.get(log.args.planId);
      const plan = {
        ...log.args,
        announcedIn: Number(log.blockNumber),
        ...(seed !== undefined && { seed }),
        transactionHash: log.transactionHash,
      };
      plans.push({ ...plan, state: await planStateOf(clients, plan, latest) });
    }
    return plans;
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
