import { readFileSync } from "node:fs";
import path from "node:path";
import type { Hex } from "viem";
import {
  hex32,
  manifestUrl,
  planDigest,
  type PublicRun,
  readPublicRun,
  sha256,
} from "../../artifact/index.ts";
import { fromHex } from "../../protocol/index.ts";
import {
  computeClaimId,
  computePlanId,
  getPlan,
  registerClaimCall,
  RegistryError,
} from "../../registry/index.ts";
import { checkPlan } from "../checkPlan.ts";
import { claimContent, type ClaimExtras } from "../claimContent.ts";
import type { Intent } from "../journal/index.ts";
import { attestOwn } from "./attestOwn.ts";
import { fillIn, type FolderState, type RelayContext } from "./context.ts";

/**
 * Claims a finished run, once, and where configured attests it once the claim is final.
 *
 * Errors: of the node; ArtifactError where the run's files are not what its manifest says; RegistryError "usage" where it cannot be claimed.
 */
export async function relayRun(context: RelayContext, folder: string): Promise<FolderState> {
  const { journal, actor, signal, onProgress, plan } = context;
  const manifest = readFileSync(path.join(folder, "public", "manifest.json"));
  let claim = journal.findRun(actor, hex32(sha256(new Uint8Array(manifest))));
  if (claim === undefined) {
    const run = await readPublicRun(folder, { signal });
    // Each file's digest: nobody could verify a claim with damaged files.
    for await (const { index } of run.segments()) if (index >= 0) onProgress();
    claim = await claimRun(context, folder, run);
  }
  if (claim === undefined) return "open";
  if (claim.state === "failed") return "unusable";
  if (claim.state !== "confirmed") return "open";
  if (plan.attest === undefined) return "done";
  return attestOwn(context, plan.attest, claim.subject as Hex, folder);
}

/** Writes down what is claimed; the sender does the rest. Undefined while the run's plan is not drawn. */
async function claimRun(
  context: RelayContext,
  folder: string,
  run: PublicRun,
): Promise<Intent | undefined> {
  const { clients, journal, actor, log, plan } = context;
  const planned = plan.plans ? await fulfilledPlan(context, folder, run) : {};
  if (planned === undefined) return undefined;
  const content = claimContent(run, planned);
  const { chainId, registry } = actor;
  const claimId = computeClaimId({ chainId, registry, claimant: actor.actor, content });
  const { proofDigest } = run;
  const uri =
    plan.uri === undefined
      ? String(manifestUrl(path.resolve(folder, "public")))
      : fillIn(plan.uri, { run: encodeURIComponent(path.basename(folder)), proofDigest });
  const call = registerClaimCall(clients, { content, uri });
  log.info({ folder, claimId, uri, planned: planned.planDigest !== undefined }, "a finished run");
  return journal.intend({
    ...actor,
    kind: "register",
    subject: claimId,
    run: proofDigest,
    ...call,
  });
}

/** The announced plan that a run fulfils, none, or undefined: not known before its seed is drawn. */
async function fulfilledPlan(
  { clients, actor, log }: RelayContext,
  folder: string,
  run: PublicRun,
): Promise<ClaimExtras | undefined> {
  const digest = planDigest(run.config, run.manifest.dataRoot) as Hex;
  const { chainId, registry, actor: claimant } = actor;
  const planId = computePlanId({ chainId, registry, claimant, planDigest: digest });
  try {
    const { state, seed } = await getPlan(clients, { planId });
    if (state === "missed") return {};
    if (seed === undefined) {
      log.warn({ folder, planId }, "the run's plan is announced, but its seed not drawn; waiting");
      return undefined;
    }
    const fault = checkPlan(run, { planDigest: digest, seed: fromHex(seed) });
    if (fault === undefined) return { planDigest: digest };
    log.warn({ folder, planId, ...fault }, "the run does not use its plan's seed; not naming it");
    return {};
  } catch (error) {
    if (error instanceof RegistryError && error.kind === "notFound") return {};
    throw error;
  }
}
