import type { Hex } from "viem";
import { readAnnouncement, writeSeed } from "../../artifact/index.ts";
import {
  announcePlanCall,
  computePlanId,
  drawSeedCall,
  getPlan,
  type GetPlanReturnType,
  RegistryError,
} from "../../registry/index.ts";
import type { FolderState, RelayContext } from "./context.ts";

/** Announces a folder's plan, draws its seed once that is possible, and keeps the seed in the folder. Errors: of the node, of the folder. */
export async function relayAnnouncement(
  context: RelayContext,
  folder: string,
): Promise<FolderState> {
  const { clients, journal, actor, log, plan } = context;
  const announcement = readAnnouncement(folder);
  if (announcement.seed !== undefined) return "done";
  const planDigest = announcement.planDigest as Hex;
  const { chainId, registry } = actor;
  const planId = computePlanId({ chainId, registry, claimant: actor.actor, planDigest });
  const of = { ...actor, subject: planId };
  const announced = journal.intend({
    ...of,
    kind: "announce",
    ...announcePlanCall(clients, { planDigest }),
  });
  if (announced.state === "failed") return "unusable";
  if (!plan.draw) return announced.state === "confirmed" ? "done" : "open";
  const onChain = await planOnChain(context, planId);
  if (onChain === undefined || onChain.state === "waiting") return "open";
  if (onChain.state === "missed") {
    log.error({ folder, planId }, "its seed was not drawn in time; announce another plan");
    return "unusable";
  }
  const drawn = journal.intend({ ...of, kind: "draw", ...drawSeedCall(clients, { planId }) });
  if (drawn.state === "failed") return "unusable";
  // Not before it is final: another block would give another seed.
  if (drawn.state !== "confirmed" || onChain.seed === undefined) return "open";
  writeSeed(folder, { planId, seed: onChain.seed });
  log.info({ folder, planId, seed: onChain.seed }, "the seed is in the announcement's folder");
  return "done";
}

async function planOnChain(
  { clients }: RelayContext,
  planId: Hex,
): Promise<GetPlanReturnType | undefined> {
  try {
    return await getPlan(clients, { planId });
  } catch (error) {
    if (error instanceof RegistryError && error.kind === "notFound") return undefined;
    throw error;
  }
}
