/**
 * Brings the intents of a journal (src/relayer/journal) on chain, each once. A service writes intents and takes turns:
 *
 *     const journal = await openJournal(file);
 *     const sender = new Sender(senderContext({ clients, journal, policy: DEFAULT_POLICY, log, metrics }));
 *     const { actor } = sender.context;
 *     const call = await attestCall(clients, content);
 *     journal.intend({ ...actor, kind: "attest", subject: claimId, verdict: "valid", ...call });
 *     await repeat(async () => void (await sender.turn(signal)), pace); // src/relayer/service
 */
export { AUDITED_BLOCKS } from "./audit.ts";
export { type SenderContext, senderContext, type SenderMetrics } from "./context.ts";
export { bumpedFees, type Fees, suggestedFees } from "./fees.ts";
export type { Obstacle } from "./follow.ts";
export { outcomeOf, type SendOutcome } from "./outcome.ts";
export { checkPolicy, DEFAULT_POLICY, type SendPolicy } from "./policy.ts";
export { Sender, type Turn } from "./sender.ts";
