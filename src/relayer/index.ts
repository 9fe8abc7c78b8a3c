export { attestable } from "./attestable.ts";
export { checkPlan, type DrawnPlan } from "./checkPlan.ts";
export { claimContent, type ClaimExtras } from "./claimContent.ts";
export { claimedPlan } from "./claimedPlan.ts";
export { type ClaimFacts, readClaimFacts } from "./claimFacts.ts";
export { type ClaimVerification, judgeClaim } from "./judgeClaim.ts";
export { type Coverage, type SampleChoice, sampleSentences } from "./coverage.ts";
export { type ClaimSample } from "./drawSample.ts";
export {
  judgeRun,
  type JudgeRunOptions,
  type RunVerification,
  type VerifiedParent,
} from "./judgeRun.ts";
export { SegmentWorkerError } from "./segmentPool.ts";
export { runReport, type VerdictReport, verdictReport } from "./report.ts";
export { packageVersion, verifierBuild } from "./verifierBuild.ts";
export { verifyClaim, type VerifyClaimOptions } from "./verifyClaim.ts";
export { verifyPublicRun, type VerifyRunOptions } from "./verifyPublicRun.ts";
