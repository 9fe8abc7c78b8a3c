import { type Address, type Hex, zeroAddress, zeroHash } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";

/**
 * Where a plan stands. waiting: its seed block is not over; ready: anyone can draw the seed; drawn; missed: the seed block's hash
 * is gone, the plan never gets a seed.
 */
export type PlanState = "waiting" | "ready" | "drawn" | "missed";

/** What storage holds of a plan. */
export interface StoredPlan {
  planId: Hex;
  claimant: Address;
  announcedIn: number;
  /** The claimant's plans are numbered from 1. */
  number: number;
  seedBlock: number;
  seed?: Hex;
}

export interface GetPlanParameters {
  planId: Hex;
}

export interface GetPlanReturnType extends StoredPlan {
  state: PlanState;
  /** How many plans the claimant has announced up to now. */
  announcedByClaimant: number;
}

export type GetPlanErrorType = RegistryError;

/** The stored plan, or undefined where there is none. */
export async function readPlan(
  clients: RegistryClients,
  planId: Hex,
  blockNumber?: bigint,
): Promise<StoredPlan | undefined> {
  const { seed, ...plan } = await clients.reader.readContract({
    address: requireAddress(clients),
    abi: registryAbi,
    functionName: "getPlan",
    args: [planId],
    ...(blockNumber !== undefined && { blockNumber }),
  });
  if (plan.claimant === zeroAddress) return undefined;
  return { planId, ...plan, ...(seed !== zeroHash && { seed }) };
}

/** Blocks whose hash every chain gives, and blocks whose hash some chain gives (EIP-2935). */
const [reach, furthestReach] = [256n, 8191n];

/** The state, where the plan's age says it; undefined where only the chain knows. */
export function planStateByAge(
  plan: Pick<StoredPlan, "seed" | "seedBlock">,
  latest: bigint,
): PlanState | undefined {
  if (plan.seed !== undefined) return "drawn";
  const age = latest - BigInt(plan.seedBlock);
  if (age <= 0n) return "waiting";
  if (age < reach) return "ready";
  return age > furthestReach ? "missed" : undefined;
}

export async function planStateOf(
  clients: RegistryClients,
  plan: Pick<StoredPlan, "planId" | "seed" | "seedBlock">,
  latest: bigint,
): Promise<PlanState> {
  const state = planStateByAge(plan, latest);
  if (state !== undefined) return state;
  // Some chains have the hash: the registry knows.
  const draws = clients.reader.simulateContract({
    address: requireAddress(clients),
    abi: registryAbi,
    functionName: "drawSeed",
    args: [plan.planId],
  });
  return draws.then(
    () => "ready" as const,
    (error: unknown) => {
      const reason = registryErrorFrom(error, clients.rpcUrl);
      if (reason.contractError?.name === "SeedMissed") return "missed" as const;
      throw reason;
    },
  );
}

/**
 * A plan by its id, with its state and how many plans its claimant has announced.
 *
 * @throws RegistryError "notFound" when there is none.
 *
 * @example
 * const { state, seed, number, announcedByClaimant } = await getPlan(clients, { planId });
 */
export async function getPlan(
  clients: RegistryClients,
  { planId }: GetPlanParameters,
): Promise<GetPlanReturnType> {
  try {
    const latest = await clients.reader.getBlockNumber({ cacheTime: 0 });
    const plan = await readPlan(clients, planId);
    if (plan === undefined) {
      throw new RegistryError(
        "notFound",
        `the registry has no plan ${planId}; check the id, the registry and the chain`,
      );
    }
    const announcedByClaimant = await countPlans(clients, { claimant: plan.claimant });
    return { ...plan, state: await planStateOf(clients, plan, latest), announcedByClaimant };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

/** How many plans an account has announced. */
export async function countPlans(
  clients: RegistryClients,
  { claimant }: { claimant: Address },
): Promise<number> {
  try {
    const count = await clients.reader.readContract({
      address: requireAddress(clients),
      abi: registryAbi,
      functionName: "planCountOf",
      args: [claimant],
    });
    return Number(count);
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
