export { type CudaInfo, generatorsFile } from "./addon.ts";
export { ProverError, type ProverErrorCode } from "./errors.ts";
export { type JobOptions, type LoadOptions, NativeProver } from "./nativeProver.ts";
export {
  commitRunSamples,
  commitSamples,
  proveRun,
  type ProveRunOptions,
  type RunProgress,
  type SegmentReport,
} from "./proveRun.ts";
export { type TrainingReport, trainRun } from "./trainRun.ts";
export {
  type ProvenSegment,
  proveSegment,
  type SegmentInput,
  weightsOutDigest,
} from "./segmentInput.ts";
export {
  inputOf,
  type RunParts,
  type TrainedSegment,
  trainSegment,
  type TrainingFigures,
  type TrainingPoint,
} from "./trainSegment.ts";
