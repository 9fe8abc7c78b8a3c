/**
 * Many workers prove one run (docs/QUEUE.md): a trainer and its workers, with a queue on Redis and a store of encrypted objects between
 * them.
 */
export {
  FinishedProofError,
  KeyFileError,
  ObjectDamagedError,
  ObjectMissingError,
  QueueError,
  SegmentFailedError,
  StoreUnavailableError,
  StoreUsageError,
  TrainerLockError,
  VerificationFailedError,
} from "./errors.ts";
export type { QueueDepth, QueuePlace } from "./jobQueue.ts";
export { createKeyFile, readKeyFile, type RunKey } from "./keyFile.ts";
export { TrainerMetrics, WorkerMetrics } from "./metrics.ts";
export { SegmentObjects } from "./segmentObjects.ts";
export { SegmentQueue } from "./segmentQueue.ts";
export { verificationQueue } from "./verification/job.ts";
export { VerificationObjects } from "./verification/objects.ts";
export {
  makeSegmentVerifier,
  type QueueVerification,
  segmentVerifierModule,
} from "./verification/segmentVerifier.ts";
export { verificationTask } from "./verification/verifyTask.ts";
export { type ObjectStore, openStore, removeAbandonedObjects } from "./store/index.ts";
export {
  DEFAULT_TRAINER_POLICY,
  Estimate,
  lockRun,
  ProofChecker,
  type RunStanding,
  Trainer,
  type TrainerContext,
  type TrainerPolicy,
} from "./trainer/index.ts";
export { provingTask, QueueWorker, type WorkerContext } from "./worker/index.ts";
