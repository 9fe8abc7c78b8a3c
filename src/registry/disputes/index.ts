export { disputesAbi, disputesBytecode } from "./artifact.ts";
export { type BondStage, type BondTerms, computeBondId } from "./bond.ts";
export * from "./challengeBond.ts";
export * from "./deployDisputes.ts";
export * from "./findBonds.ts";
export {
  getBond,
  type GetBondErrorType,
  type GetBondParameters,
  type GetBondReturnType,
} from "./getBond.ts";
export * from "./postBond.ts";
export * from "./releaseBond.ts";
export * from "./resolveBond.ts";
export * from "./withdrawOwed.ts";
