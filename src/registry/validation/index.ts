export * from "./answerValidation.ts";
export * from "./deployValidator.ts";
export { erc8004ValidationAbi } from "./erc8004Abi.ts";
export * from "./getValidation.ts";
export { computeRequestHash, type ValidationQuestion } from "./question.ts";
export * from "./requestValidation.ts";
