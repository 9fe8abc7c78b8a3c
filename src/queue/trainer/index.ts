export { DEFAULT_TRAINER_POLICY, type TrainerContext, type TrainerPolicy } from "./context.ts";
export { Estimate, type RunStanding } from "./estimate.ts";
export { ProofChecker } from "./proofChecker.ts";
export { Trainer } from "./trainer.ts";
export { lockRun } from "./trainerLock.ts";
