import type { RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import {
  type AnnouncedPlan,
  announcements,
  type FindPlansParameters,
  plansOf,
} from "./findPlans.ts";
import { readPlan } from "./getPlan.ts";
import { type PageParameters, readPage } from "./readPage.ts";

export interface FindPlansPageParameters extends FindPlansParameters, PageParameters {}

export interface FindPlansPageReturnType {
  plans: AnnouncedPlan[];
  /** Where the next page begins; absent on the last one. */
  next?: string;
}

export type FindPlansPageErrorType = RegistryError;

/** Calls to the node at a time. */
const atOnce = 16;

/**
 * A page of the plans that fit a filter, oldest first. Reads no more blocks than it needs to fill the page; seeds come from the registry's
 * storage. How many plans a claimant has announced is countPlans.
 *
 * @throws RegistryError "usage" for a cursor or limit that is none.
 *
 * @example
 * const { plans, next } = await findPlansPage(clients, { claimant, limit: 50 });
 */
export async function findPlansPage(
  clients: RegistryClients,
  { limit, after, ...filter }: FindPlansPageParameters,
): Promise<FindPlansPageReturnType> {
  try {
    const latest = await clients.reader.getBlockNumber({ cacheTime: 0 });
    const paging = { limit, ...(after !== undefined && { after }) };
    const { page, ...next } = await readPage(clients, announcements(clients, filter), paging);
    const seeds = new Map<string, `0x${string}`>();
    for (let i = 0; i < page.length; i += atOnce) {
      const ids = page.slice(i, i + atOnce).map(({ args }) => args.planId);
      const stored = await Promise.all(ids.map((planId) => readPlan(clients, planId)));
      for (const plan of stored) if (plan?.seed) seeds.set(plan.planId, plan.seed);
    }
    return { plans: await plansOf(clients, page, seeds, latest), ...next };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
