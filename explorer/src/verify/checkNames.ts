import { CHECKS } from "../../../src/verifier/checks.ts";

/** What each numbered check says when it holds; those of a claim's plan only where it names one (PROTOCOL §18, §19, §22). */
export const RUN_CHECKS: Readonly<Record<string, string>> = {
  ...CHECKS,
  M1: "the manifest says what the statements say",
};

export const PLAN_CHECKS: Readonly<Record<string, string>> = {
  P1: "configuration and data are those that the plan announced",
  P2: "the initial weights come from the plan’s seed",
  P3: "the batch order comes from the plan’s seed",
};

export const FORM_CHECKS: Readonly<Record<string, string>> = {
  F1: "the claimed files have the form that docs/FILES.md gives",
};

/** What a verification does, for people. */
export const PHASE_NAMES: Readonly<Record<string, string>> = {
  reading: "reading and hashing files",
  statement: "statement",
  commitments: "commitments to data and weights",
  proof: "decoding the proof",
  lookup: "lookup of digits",
  forward: "forward pass",
  backward: "backward pass",
  update: "weight updates",
  zkrelu: "ReLU",
  opening: "openings",
  equations: "linear form",
  multiplication: "group equation",
};
