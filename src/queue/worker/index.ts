export type { WorkerContext } from "./context.ts";
export { provingTask } from "./provingTask.ts";
export { QueueWorker } from "./queueWorker.ts";
