import type { Attempt, Intent } from "../journal/index.ts";
import { about, type SenderContext } from "./context.ts";
import { outcomeOf, type SendOutcome } from "./outcome.ts";

/** What each answer leads to, for the log; accepted and known are good news. */
const explanations: Record<SendOutcome, string> = {
  accepted: "sent",
  known: "sent; the node had it already",
  nonceTooLow: "its nonce is used; looking whether by itself or by another transaction",
  nonceTooHigh: "the node wants earlier nonces first; sending it again later",
  underpriced: "the node wants higher fees; replacing it",
  replacementUnderpriced:
    "another transaction of its nonce pays as much; waiting which one is mined, then replacing it",
  insufficientFunds: "the account cannot pay for it; fund the account",
  unreachable: "no answer; it may have arrived, sending it again later",
  refused: "the node refuses it; sending it again later",
};

/** Hands a signed transaction, which the journal has, to a node: as often as needed, it is the same transaction. */
export async function broadcast(
  { clients, journal, log, metrics }: SenderContext,
  intent: Intent,
  attempt: Attempt,
): Promise<{ outcome: SendOutcome; intent: Intent | undefined }> {
  const { hash, number } = attempt;
  let [outcome, message]: [SendOutcome, string | undefined] = ["accepted", undefined];
  try {
    await clients.reader.sendRawTransaction({ serializedTransaction: attempt.raw });
  } catch (error) {
    ({ outcome, message } = outcomeOf(error));
  }
  metrics.broadcast(outcome);
  const taken = outcome === "accepted" || outcome === "known";
  const facts = { ...about(intent), hash, attempt: number, outcome };
  if (taken) log.info(facts, explanations[outcome]);
  else log.warn({ ...facts, answer: message }, explanations[outcome]);
  return { outcome, intent: taken ? journal.sent(intent, attempt) : intent };
}
