/** What each check of PROTOCOL §18 and §19 says when it holds, for people. */
export const CHECKS = {
  V1: "the statement keeps every rule of the protocol, and no value can wrap around",
  V2: "the data set's and the weights' commitments are those that the statement names",
  V3: "the proof has the length and encoding that the statement implies",
  V4: "the linear form: lookup, forward, backward, update, zkReLU and opening fit together",
  V5: "the group equation: openings of the commitments and products of hidden values are right",
  C1: "each segment continues the one before it",
  C2: "the run starts at its first step",
  C3: "the run starts from what it says: its public seed, its parent's weights, or undisclosed weights within their bound",
  C4: "each segment's step size is the one that the configuration announces for it",
} as const;

/** The number of a check, without its sub-check: "V1.20" is of V1. */
export type CheckNumber = keyof typeof CHECKS;
