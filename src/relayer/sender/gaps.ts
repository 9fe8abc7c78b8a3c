import type { SenderContext } from "./context.ts";
import { isStuck } from "./follow.ts";
import type { Head } from "./head.ts";

/**
 * Intends to use the nonces that the account's transactions wait behind and nobody has: those of a foreign transaction that was
 * dropped, or that a reorganisation undid. Only after the time that makes a transaction stuck: it may come back.
 */
export function fillGaps(context: SenderContext, head: Head): void {
  const { journal, log, actor } = context;
  const lowest = journal.open(actor).find(({ nonce }) => nonce !== undefined);
  // A nonce below the first held one, which no block and no pool has.
  const [held] = journal.heldNonces(actor);
  if (lowest === undefined || held === undefined || lowest.nonce !== held) return;
  if (held <= head.used || head.usedPending > head.used) return;
  const newest = journal.attempts(lowest).at(-1);
  if (newest === undefined || !isStuck(context, head, newest)) return;
  for (let nonce = head.used; nonce < held; nonce++) {
    const subject = String(nonce);
    const to = actor.actor;
    const fill = journal.intend({ ...actor, kind: "fill", subject, to, data: "0x" });
    if (fill.state === "confirmed" || fill.state === "failed") {
      // Of a chain that a deep reorganisation undid.
      journal.released(fill, "the nonce is free again");
    }
    log.warn({ nonce }, "no transaction uses this nonce, later ones wait for it; filling it");
  }
}
