export { type SenderContext, senderContext, type SenderMetrics } from "./context.ts";
export { bumpedFees, type Fees, suggestedFees } from "./fees.ts";
export type { Obstacle } from "./follow.ts";
export { outcomeOf, type SendOutcome } from "./outcome.ts";
export { checkPolicy, DEFAULT_POLICY, type SendPolicy } from "./policy.ts";
export { Sender, type Turn } from "./sender.ts";
