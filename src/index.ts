/**
 * Trainproof: prove in zero knowledge how a neural network was trained, register the claim, and check such claims.
 *
 * The verifier and the protocol run in a browser, too; the rest needs Node. docs/PROTOCOL.md says what is proven.
 */
export * from "./artifact/index.ts";
export * from "./dataset/index.ts";
export * from "./model/index.ts";
export * from "./protocol/index.ts";
export * from "./prover/index.ts";
export * from "./record/index.ts";
export * from "./registry/index.ts";
export * from "./relayer/index.ts";
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
