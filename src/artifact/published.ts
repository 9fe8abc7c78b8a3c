/**
 * The part of this module that runs in a browser, too: published runs, read from any source. scripts/ci/importRules.mjs keeps it
 * pure.
 */
export { canonicalBytes, canonicalJson, type Json, parseCanonicalJson } from "./canonicalJson.ts";
export { announcedSchedule, type PublicConfig, segmentCountOf } from "./config.ts";
export { hex32, sha256 } from "./digest.ts";
export {
  ArtifactError,
  ArtifactFormatError,
  ArtifactMismatchError,
  ArtifactNotFoundError,
  ArtifactUnreachableError,
} from "./errors.ts";
export { MANIFEST, PUBLIC } from "./layout.ts";
export type { Manifest } from "./manifest.ts";
export { planDigest } from "./planDigest.ts";
export {
  type PublicRun,
  type PublicSegment,
  type PublicStatement,
  readRun,
  type ReadPublicRunOptions,
} from "./readRun.ts";
export {
  PUBLISHED,
  type RunSource,
  SOURCE_LIMITS,
  type SourceLimits,
  tooLarge,
} from "./runSource.ts";
