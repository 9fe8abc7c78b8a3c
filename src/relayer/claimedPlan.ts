import type { Address, Hex } from "viem";
import { planDigest, type PublicRun } from "../artifact/index.ts";
import { fromHex } from "../protocol/index.ts";
import {
  computePlanId,
  getPlan,
  type GetPlanReturnType,
  type RegistryClients,
  RegistryError,
  requireAddress,
} from "../registry/index.ts";
import { checkPlan } from "./checkPlan.ts";

/**
 * The plan that a run fulfils, if its claimant announced one: the registry has it under the claimant's name, its seed was drawn, and
 * the run uses it.
 *
 * @throws RegistryError
 */
export async function claimedPlan(
  clients: RegistryClients,
  claimant: Address,
  run: PublicRun,
): Promise<{ planDigest: Hex; plan: GetPlanReturnType } | undefined> {
  const digest = planDigest(run.config, run.manifest.dataRoot) as Hex;
  const registry = requireAddress(clients);
  const { chainId } = clients;
  const planId = computePlanId({ chainId, registry, claimant, planDigest: digest });
  try {
    const plan = await getPlan(clients, { planId });
    if (plan.seed === undefined) return undefined;
    const fault = checkPlan(run, { planDigest: digest, seed: fromHex(plan.seed) });
    return fault ? undefined : { planDigest: digest, plan };
  } catch (error) {
    if (error instanceof RegistryError && error.kind === "notFound") return undefined;
    throw error;
  }
}
