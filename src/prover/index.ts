export { type CudaInfo, generatorsFile } from "./addon.ts";
export { ProverError, type ProverErrorCode } from "./errors.ts";
export { type JobOptions, type LoadOptions, NativeProver } from "./nativeProver.ts";
export {
  commitRunSamples,
  commitSamples,
  proveRun,
  type ProveRunOptions,
  type RunProgress,
} from "./proveRun.ts";
export { moreRoom, rangeLimits, type RangeUse, rangeUse, RangeWatch } from "./ranges.ts";
export type { SegmentReport } from "./segmentReport.ts";
export { Stopwatch } from "./stopwatch.ts";
export { makeValidator, type Validation, type Validator } from "./validator.ts";
export { type TrainingReport, trainRun } from "./trainRun.ts";
export {
  type ProvenSegment,
  proveSegment,
  type SegmentInput,
  weightsOutDigest,
} from "./segmentInput.ts";
export {
  finishAhead,
  inputOf,
  type RunParts,
  type TrainedSegment,
  trainSegment,
  type TrainingRecord,
  type TrainingPoint,
} from "./trainSegment.ts";
