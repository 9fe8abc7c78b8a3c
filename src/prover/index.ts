export { type CudaInfo, generatorsFile } from "./addon.ts";
export { commitStart } from "./commitStart.ts";
export { ProverError, type ProverErrorCode } from "./errors.ts";
export { type JobOptions, type LoadOptions, NativeProver } from "./nativeProver.ts";
export { commitRunSamples, commitSamples, proveRun } from "./proveRun.ts";
export type { ProveRunOptions, RunProgress, SegmentReport } from "./runReport.ts";
export { moreRoom, rangeLimits, type RangeUse, rangeUse, RangeWatch } from "./ranges.ts";
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
  trainingPoint,
  trainSegment,
  type TrainingPoint,
  type TrainingRecord,
} from "./trainSegment.ts";
