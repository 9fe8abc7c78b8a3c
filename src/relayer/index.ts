export { checkPlan, type DrawnPlan } from "./checkPlan.ts";
export { claimContent, type ClaimExtras } from "./claimContent.ts";
export { claimedPlan } from "./claimedPlan.ts";
export { SegmentWorkerError } from "./segmentPool.ts";
export { type VerdictReport, verdictReport } from "./report.ts";
export { verifierBuild } from "./verifierBuild.ts";
export { type ClaimVerification, verifyClaim, type VerifyClaimOptions } from "./verifyClaim.ts";
export {
  type RunVerification,
  type VerifiedParent,
  verifyPublicRun,
  type VerifyRunOptions,
} from "./verifyPublicRun.ts";
