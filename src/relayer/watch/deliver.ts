import { attestCall } from "../../registry/index.ts";
import type { Decision } from "./book.ts";
import type { WatchContext } from "./context.ts";
import { readReport } from "./reports.ts";

/**
 * Sees to it that every decision is an intent of the journal, and writes down which are on chain for good. Sending is the sender's.
 *
 * @throws RegistryError of the node; what was intended before stays
 */
export async function deliver(context: WatchContext, signal: AbortSignal): Promise<void> {
  const { book, sender } = context;
  const { journal, actor } = sender;
  for (const decision of book.decisions()) {
    signal.throwIfAborted();
    const intent = journal.find({ ...actor, kind: "attest", subject: decision.id });
    if (intent === undefined) await intend(context, decision);
    else if (intent.state === "confirmed") book.settled(decision);
    else if (intent.state === "failed") book.settled(decision, intent.reason);
  }
}

async function intend(
  { book, sender, reports, reportBase, log }: WatchContext,
  decision: Decision,
): Promise<void> {
  const { clients, journal, actor } = sender;
  const { id, verdict } = decision;
  const content = readReport(reports, decision);
  if (content === undefined) {
    const reason = "its report is gone, or was changed, before the verdict was sent";
    book.reopened(decision, reason);
    log.warn({ claim: id, reason }, "verifying it again");
    return;
  }
  const uri = reportBase === undefined ? "" : `${reportBase.replace(/\/+$/, "")}/${id}.json`;
  const call = await attestCall(clients, { ...content, uri });
  journal.intend({ ...actor, kind: "attest", subject: id, ...call, verdict });
}
