/**
 * Proposes training plans: looks at the data, tries trainings without proof, predicts what proving will cost.
 *
 *     const facts = await inspectData(wishes.train, "train", folder);
 *     const { text } = await propose(wishes, facts, { folder, frame, prover, trialSteps: 256, memoryLimit });
 */
export { type CsvFacts, inspectCsv, isLabelName } from "./csvFacts.ts";
export { ProposalError } from "./errors.ts";
export { estimate, type Estimate } from "./estimate.ts";
export { type ImageFolderFacts, inspectImages } from "./imageFacts.ts";
export { type DataFacts, inspectData } from "./inspect.ts";
export { measureProbe } from "./probe.ts";
export { type Proposal, propose, type ProposeOptions } from "./propose.ts";
export type { LeftRange, Trial } from "./trial.ts";
export { type ModelWish, proposeScaling, proposeSizes, type Sizes, type Wishes } from "./wishes.ts";
