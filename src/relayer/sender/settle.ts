import { type TransactionReceipt, TransactionReceiptNotFoundError } from "viem";
import type { Attempt, Intent } from "../journal/index.ts";
import { about, type SenderContext } from "./context.ts";
import { effectOf } from "./effect.ts";
import type { Head } from "./head.ts";

/** The receipt of whichever of an intent's transactions is in a block; they share a nonce, so at most one is. */
export async function findReceipt(
  { clients }: SenderContext,
  attempts: readonly Attempt[],
): Promise<TransactionReceipt | undefined> {
  for (const { hash } of [...attempts].reverse()) {
    try {
      return await clients.reader.getTransactionReceipt({ hash });
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
    }
  }
  return undefined;
}

/** Goes on with an intent that is in a block: waits for its confirmations, then ends it. */
export async function settle(
  context: SenderContext,
  head: Head,
  intent: Intent,
  receipt: TransactionReceipt,
): Promise<void> {
  const { clients, journal, log, metrics, policy } = context;
  const { transactionHash: hash, blockHash } = receipt;
  const block = Number(receipt.blockNumber);
  let current: Intent | undefined = intent;
  if (intent.mined?.blockHash !== blockHash || intent.mined.hash !== hash) {
    if (intent.mined !== undefined) {
      metrics.reorganised(intent.kind);
      log.warn({ ...about(intent), hash, block }, "a reorganisation moved it to another block");
    }
    current = journal.mined(intent, { hash, block, blockHash });
    log.info({ ...about(intent), hash, block, status: receipt.status }, "mined");
  }
  if (current === undefined || head.settled === undefined || block > head.settled) return;
  // Some nodes keep receipts of blocks that are no longer the chain's.
  const canonical = await clients.reader.getBlock({ blockNumber: receipt.blockNumber });
  if (canonical.hash !== blockHash) return;
  if (receipt.status === "success") {
    if (journal.confirmed(current) === undefined) return;
    metrics.ended(intent.kind, "confirmed");
    log.info({ ...about(intent), hash, block, confirmations: policy.confirmations }, "confirmed");
    return;
  }
  await settleReverted(context, head, current, receipt);
}

/** A reverted transaction's intent is done if another did it; else it is tried again, a few times: the cause may be gone. */
async function settleReverted(
  context: SenderContext,
  head: Head,
  intent: Intent,
  { transactionHash: hash }: TransactionReceipt,
): Promise<void> {
  const { journal, log, metrics, policy } = context;
  const reverts = intent.reverts + 1;
  const reason = `transaction ${hash} was reverted`;
  const { is } = await effectOf(context, intent, head);
  if (is === "no" && reverts >= policy.reverts) {
    if (journal.failed(intent, reason) === undefined) return;
    metrics.ended(intent.kind, "failed");
    log.error({ ...about(intent), hash, reverts }, "failed: its transactions were reverted");
  } else if (journal.released(intent, reason, reverts) !== undefined) {
    log.warn({ ...about(intent), hash, reverts }, "reverted; looking again what the registry has");
  }
}
