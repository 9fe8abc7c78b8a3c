export { claimContent } from "./claimContent.ts";
export { type VerdictReport, verdictReport } from "./report.ts";
export { verifierBuild } from "./verifierBuild.ts";
export { type ClaimVerification, verifyClaim, type VerifyClaimOptions } from "./verifyClaim.ts";
export {
  type RunVerification,
  type VerifiedParent,
  verifyPublicRun,
  type VerifyRunOptions,
} from "./verifyPublicRun.ts";
