export { type CudaInfo, generatorsFile } from "./addon.ts";
export { ProverError, type ProverErrorCode } from "./errors.ts";
export { type JobOptions, type LoadOptions, NativeProver } from "./nativeProver.ts";
export { commitRunSamples, commitSamples, proveRun } from "./proveRun.ts";
export type { ProveRunOptions, RunProgress, SegmentReport } from "./runReport.ts";
export { type TrainingReport, trainRun } from "./trainRun.ts";
