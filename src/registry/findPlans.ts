import { getAbiItem, type Address, type Hex, type Log } from "viem";
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
  const { planId, claimant } = filter;
  const both = { ...(planId && { planId }), ...(claimant && { claimant }) };
  try {
    const latest = await clients.reader.getBlockNumber({ cacheTime: 0 });
    const logs = await readEvents(clients, announcements(clients, filter));
    const draws = await readEvents(clients, (range) =>
      clients.reader.getLogs({ address, event: drawn, args: both, strict: true, ...range }),
    );
    const seeds = new Map(draws.map((log) => [log.args.planId, log.args.seed]));
    return await plansOf(clients, logs, seeds, latest);
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

type Announcement = Log<bigint, number, false, typeof announced, true>;

/** Reads the PlanAnnounced events of a range of blocks that fit a filter. */
export function announcements(
  clients: RegistryClients,
  { planId, claimant, planDigest }: FindPlansParameters,
): (range: { fromBlock: bigint; toBlock: bigint }) => Promise<Announcement[]> {
  const address = requireAddress(clients);
  const args = {
    ...(planId && { planId }),
    ...(claimant && { claimant }),
    ...(planDigest && { planDigest }),
  };
  return (range) =>
    clients.reader.getLogs({ address, event: announced, args, strict: true, ...range });
}

/** The plans that events announce, with their seeds by plan id, and their states as of the latest block. */
export async function plansOf(
  clients: RegistryClients,
  logs: readonly Announcement[],
  seeds: ReadonlyMap<string, Hex>,
  latest: bigint,
): Promise<AnnouncedPlan[]> {
  const plans: AnnouncedPlan[] = [];
  for (const log of logs) {
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
}
