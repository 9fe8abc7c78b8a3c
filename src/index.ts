/**
 * Trainproof: prove in zero knowledge how a neural network was trained, register the claim, and check such claims.
 *
 * The verifier and the protocol run in a browser, too; the rest needs Node. docs/PROTOCOL.md says what is proven.
 */
export * from "./artifact/index.ts";
export * from "./dataset/index.ts";
export * from "./indexer/index.ts";
export * from "./model/index.ts";
export * from "./protocol/index.ts";
export * from "./prover/index.ts";
export * from "./record/index.ts";
export * from "./registry/index.ts";
export * from "./relayer/index.ts";
export { type Intent, type IntentKind, Journal, openJournal } from "./relayer/journal/index.ts";
export { relay, type RelayOptions, type RelaySummary } from "./relayer/relay/index.ts";
export { DEFAULT_POLICY, Sender, senderContext, type SendPolicy } from "./relayer/sender/index.ts";
export { createLog, Health, RelayerMetrics, startStatusServer } from "./relayer/service/index.ts";
export {
  CHECKS,
  type Commitments,
  type ParentClaim,
  PHASES,
  type Verdict,
  verify,
  verifyChain,
  type VerifyOptions,
  verifySteps,
} from "./verifier/index.ts";
