import { RegistryError } from "../../registry/index.ts";
import type { Intent } from "../journal/index.ts";
import { broadcast } from "./broadcast.ts";
import { about, type SenderContext } from "./context.ts";
import { effectOf } from "./effect.ts";
import type { Obstacle } from "./follow.ts";
import type { Head } from "./head.ts";
import { signFirst } from "./sign.ts";

/**
 * Begins with an intent that holds no nonce: what the chain has already is done, what it rules out has failed, the rest is signed and
 * sent if there is room. Errors: of the node.
 */
export async function begin(
  context: SenderContext,
  head: Head,
  intent: Intent,
  room: boolean,
): Promise<Obstacle | undefined> {
  const { journal, log, metrics } = context;
  const effect = await effectOf(context, intent, head);
  if (effect.is === "never") return void fail(context, intent, effect.reason);
  if (effect.is === "yes") {
    if (intent.state === "found") {
      const settled = await effectOf(context, intent, head, "settled");
      if (settled.is !== "yes" || !journal.confirmed(intent, "the chain had it")) return undefined;
      metrics.ended(intent.kind, "confirmed");
      log.info(about(intent), "confirmed: the chain had it by another transaction");
    } else if (journal.found(intent, head.number) !== undefined) {
      log.info(about(intent), "the chain has it already; nothing to send");
    }
    return undefined;
  }
  let current: Intent | undefined = intent;
  if (intent.state === "found") {
    metrics.reorganised(intent.kind);
    log.warn(about(intent), "a reorganisation took back what was found on chain");
    current = journal.released(intent, "a reorganisation took it back");
  }
  if (current === undefined || !room) return undefined;
  try {
    const signing = await signFirst(context, head, current);
    if (signing === "lost") return undefined;
    if (signing === "cap") {
      log.warn(about(current), "the chain's fees are above the limit; waiting");
      return "feeCap";
    }
    const { outcome } = await broadcast(context, signing.signed, signing.attempt);
    return outcome === "accepted" || outcome === "known" ? undefined : outcome;
  } catch (error) {
    if (!(error instanceof RegistryError) || !isRefusal(error)) throw error;
    return refuse(context, head, current, error.message);
  }
}

const isRefusal = ({ kind }: RegistryError): boolean => kind === "reverted" || kind === "notFound";

/** The registry would revert it. That counts once it has done so for as many blocks as make a transaction final. */
function refuse(
  context: SenderContext,
  head: Head,
  intent: Intent,
  reason: string,
): Obstacle | undefined {
  const { journal, log, policy } = context;
  if (head.number - (intent.refusedSince ?? head.number) >= policy.confirmations) {
    return void fail(context, intent, reason);
  }
  if (intent.reason === reason && intent.refusedSince !== undefined) return "refused";
  if (journal.refused(intent, reason, head.number) !== undefined)
    log.warn({ ...about(intent), reason }, "the registry would refuse it; trying again");
  return "refused";
}

function fail({ journal, log, metrics }: SenderContext, intent: Intent, reason: string): void {
  if (journal.failed(intent, reason) === undefined) return;
  metrics.ended(intent.kind, "failed");
  log.error({ ...about(intent), reason }, "failed");
}
