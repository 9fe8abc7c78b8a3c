import { TransactionNotFoundError } from "viem";
import type { Attempt, Intent } from "../journal/index.ts";
import { broadcast } from "./broadcast.ts";
import { about, type SenderContext } from "./context.ts";
import type { Head } from "./head.ts";
import type { SendOutcome } from "./outcome.ts";
import { findReceipt, settle } from "./settle.ts";
import { signReplacement } from "./sign.ts";

/** What stands in an intent's way: for the health report. */
export type Obstacle = Exclude<SendOutcome, "accepted" | "known"> | "feeCap";

/** Follows an intent that holds a nonce, one step. Errors: of the node. */
export async function follow(
  context: SenderContext,
  head: Head,
  intent: Intent,
): Promise<Obstacle | undefined> {
  const { journal, log, metrics } = context;
  const nonce = intent.nonce!;
  const attempts = journal.attempts(intent).filter((attempt) => attempt.nonce === nonce);
  const newest = attempts.at(-1)!;
  let current: Intent | undefined = intent;
  if (head.used > nonce) {
    const receipt = await findReceipt(context, attempts);
    if (receipt !== undefined) return void (await settle(context, head, intent, receipt));
    if (head.usedSettled > nonce) return void replacedElsewhere(context, intent);
    // Another transaction of the account has the nonce, if the node's answers are of one block. A reorganisation may undo that.
    if (intent.state !== "mined") return undefined;
  }
  if (intent.state === "mined") {
    current = journal.unmined(intent);
    if (current === undefined) return undefined;
    metrics.reorganised(intent.kind);
    log.warn(
      { ...about(intent), hash: intent.mined?.hash, block: intent.mined?.block },
      "a reorganisation dropped it; sending it again",
    );
    if (head.used > nonce) return undefined;
  }
  if (newest.sentAt === undefined || !(await isPending(context, attempts))) {
    if (newest.sentAt !== undefined)
      log.warn({ ...about(current), hash: newest.hash }, "no longer in the node's pool");
    const { outcome, intent: sent } = await broadcast(context, current, newest);
    if (outcome === "accepted" || outcome === "known") return undefined;
    const wait = outcome !== "underpriced" && !isStuck(context, head, newest);
    return (
      (sent === undefined || wait ? undefined : await replace(context, head, sent, newest)) ??
      outcome
    );
  }
  // Later nonces wait for the first: only that one can be stuck by its fees.
  if (nonce !== head.used || !isStuck(context, head, newest)) return undefined;
  return replace(context, head, current, newest);
}

/** Whether the node's pool, or a block, has one of the transactions. */
async function isPending(
  { clients }: SenderContext,
  attempts: readonly Attempt[],
): Promise<boolean> {
  for (const { hash, sentAt } of [...attempts].reverse()) {
    if (sentAt === undefined) continue;
    try {
      await clients.reader.getTransaction({ hash });
      return true;
    } catch (error) {
      if (!(error instanceof TransactionNotFoundError)) throw error;
    }
  }
  return false;
}

/** Whether a transaction waits for too long. While there is no new block, no fee helps. */
export function isStuck(
  { policy }: SenderContext,
  head: Head,
  { signedAt, signedBlock }: Attempt,
): boolean {
  const blocks = head.number - signedBlock;
  const seconds = (Date.now() - signedAt) / 1000;
  return blocks >= policy.stuckBlocks || (blocks > 0 && seconds >= policy.stuckSeconds);
}

async function replace(
  context: SenderContext,
  head: Head,
  intent: Intent,
  newest: Attempt,
): Promise<Obstacle | undefined> {
  const signing = await signReplacement(context, head, intent, newest);
  if (signing === "lost") return undefined;
  if (signing === "cap") {
    context.log.warn(about(intent), "stuck, and higher fees are above the limit; waiting");
    return "feeCap";
  }
  const { outcome } = await broadcast(context, signing.signed, signing.attempt);
  return outcome === "accepted" || outcome === "known" ? undefined : outcome;
}

/** Another transaction of the account is final with the intent's nonce: none of the intent's own can be mined any more. */
function replacedElsewhere({ journal, log }: SenderContext, intent: Intent): void {
  const reason = `nonce ${intent.nonce!} was used by another transaction of the account`;
  if (journal.released(intent, reason) === undefined) return;
  log.warn(about(intent), "another transaction of the account took its nonce; signing it anew");
}
