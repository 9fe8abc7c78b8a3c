/**
 * Plans, run folders and published runs.
 *
 *     const loaded = loadPlan("examples/mnist.json");
 *     const data = await openPlanData(loaded, "train");
 *     const resolved = resolvePlan(loaded.plan, loaded.file, { samples: data.count });
 *     const run = createRun({ folder: "runs/mnist", config: publicConfig(resolved) }); // or openRun(folder)
 *     run.writeSamples(commitments);
 *     for (let at = run.resume(); at.segment; at = run.resume()) {
 *       const training = train(run.nextStatement(), at.start);
 *       const statement = encodeStatement(run.nextStatement(training.rows));
 *       run.finishSegment(at.segment.index, { ...training, statement, proof: prove(statement, training) });
 *     }
 *     const { proofDigest } = run.publish();
 *
 *     const published = await readPublicRun(uri, { expected: { proofDigest } });
 */
export {
  type Announcement,
  createAnnouncement,
  freshDataSecrets,
  isAnnouncement,
  readAnnouncement,
  writeSeed,
} from "./announcement.ts";
export { type AheadExtra, AheadSegments, type TrainedAhead } from "./ahead.ts";
export { canonicalBytes, canonicalJson, type Json, parseCanonicalJson } from "./canonicalJson.ts";
export {
  announcedSchedule,
  committedStart,
  decodeConfig,
  encodeConfig,
  type PublicConfig,
  publicConfig,
  runParameters,
  segmentCountOf,
  segmentOf,
  segmentsOf,
  type StartLink,
} from "./config.ts";
export { hex32, sha256 } from "./digest.ts";
export {
  ArtifactDigestError,
  ArtifactError,
  type ArtifactFacts,
  ArtifactFormatError,
  ArtifactMismatchError,
  ArtifactNotFoundError,
  ArtifactTooLargeError,
  ArtifactUnreachableError,
  ArtifactWriteError,
  RunFolderError,
  RunLockedError,
} from "./errors.ts";
export {
  type FileSystem,
  nodeFiles,
  processExists,
  writeAtomic,
  writeAtomicAsync,
  writeNew,
  writeNewAtomic,
  writing,
} from "./files.ts";
export {
  type DataHistory,
  type PhaseCost,
  readHistory,
  type RunHistory,
  type SegmentHistory,
} from "./history.ts";
export { planJsonSchema } from "./jsonSchema.ts";
export { type LoadedPlan, loadPlan, openPlanData, openPlanFiles, type Split } from "./loadPlan.ts";
export { decodeManifest, encodeManifest, type Manifest, type ManifestFile } from "./manifest.ts";
export { type OpenedPlan, openPlan, openStart, requireAnnounceable } from "./openPlan.ts";
export { type OwnFile, type OwnRun, readOwnRun } from "./ownRun.ts";
export { type Parent, readParent } from "./parent.ts";
export { type ParentFacts, parsePlan, type ResolvedPlan, resolvePlan } from "./plan.ts";
export { announcedPlan, planDigest } from "./planDigest.ts";
export { PlanError, type PlanIssue } from "./planError.ts";
export {
  type DataFilesPlan,
  type DataPlan,
  type FixedPoint,
  type Plan,
  PlanSchema,
} from "./planSchema.ts";
export { startDigits } from "./committedWeights.ts";
export { checkParentWeights, readStartWeights } from "./startWeights.ts";
export { readPublicRun } from "./publicRun.ts";
export type { PublicRun, PublicSegment, PublicStatement, ReadPublicRunOptions } from "./readRun.ts";
export type { CommittedWeights } from "./committedWeights.ts";
export { createRun, type CreateRunOptions } from "./createRun.ts";
export { openRun, type ResumePoint, type Run, type SegmentResult } from "./run.ts";
export { checkSegment, type SegmentContext } from "./segmentCheck.ts";
export { RECORD_BYTES, segmentRecord, segmentsRoot } from "./segmentList.ts";
export { segmentSizes, type SegmentSizes } from "./segmentSizes.ts";
export {
  chooseKappa,
  cutSegments,
  exampleStatement,
  type RunParameters,
  type Segment,
  segmentAt,
  segmentCount,
  type SegmentFacts,
  segmentStatement,
  seedBound,
  startBound,
  startsSegment,
  weightBounds,
} from "./segments.ts";
export { isPublicAddress, networks, within } from "./publicAddress.ts";
export { SOURCE_LIMITS, type SourceLimits } from "./runSource.ts";
export { manifestUrl } from "./source.ts";
