export type { WorkerContext } from "./context.ts";
export { SegmentWorker } from "./segmentWorker.ts";
