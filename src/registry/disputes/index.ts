export { disputesAbi, disputesBytecode } from "./artifact.ts";
export { type BondStage, type BondTerms, computeBondId, stages } from "./bond.ts";
export * from "./challengeBond.ts";
export * from "./deployDisputes.ts";
export {
  type Bond,
  type BondVote,
  findBonds,
  type FindBondsErrorType,
  type FindBondsParameters,
  type FindBondsReturnType,
} from "./findBonds.ts";
export * from "./findBondsPage.ts";
export {
  getBond,
  type GetBondErrorType,
  type GetBondParameters,
  type GetBondReturnType,
  readBond,
} from "./getBond.ts";
export * from "./getOwed.ts";
export * from "./postBond.ts";
export * from "./releaseBond.ts";
export * from "./resolveBond.ts";
export * from "./withdrawOwed.ts";
