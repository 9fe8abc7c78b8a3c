import type { Hex } from "viem";
import { fromHex } from "../protocol/index.ts";
import { type RegistryClients, requireAddress } from "../registry/clients.ts";
import type { Claim } from "../registry/findClaims.ts";
import { getClaim } from "../registry/getClaim.ts";
import { getPlan } from "../registry/getPlan.ts";
import { computePlanId } from "../registry/planId.ts";
import type { DrawnPlan } from "./checkPlan.ts";

/** What the chain says about a claim that its verification depends on. */
export interface ClaimFacts {
  claim: Claim;
  /** The claim that it continues. */
  parent?: Claim;
  /** The plan that it names. */
  plan?: DrawnPlan;
}

/**
 * Reads a claim, the claim that it continues, and the plan that it names.
 *
 * @throws RegistryError "notFound" when there is no such claim
 */
export async function readClaimFacts(clients: RegistryClients, claimId: Hex): Promise<ClaimFacts> {
  const claim = await getClaim(clients, { claimId });
  const parent =
    claim.startKind === "parent" ? await getClaim(clients, { claimId: claim.start }) : undefined;
  const plan = await readPlan(clients, claim);
  return { claim, ...(parent && { parent }), ...(plan && { plan }) };
}

/** The plan that a claim names. The registry takes none without a drawn seed. */
async function readPlan(clients: RegistryClients, claim: Claim): Promise<DrawnPlan | undefined> {
  const { planDigest, claimant } = claim;
  if (planDigest === undefined) return undefined;
  const registry = requireAddress(clients);
  const planId = computePlanId({ chainId: clients.chainId, registry, claimant, planDigest });
  const { seed } = await getPlan(clients, { planId });
  if (seed === undefined) throw new Error(`the registry took a claim on plan ${planId}, undrawn`);
  return { planDigest, seed: fromHex(seed) };
}
