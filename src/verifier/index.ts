/**
 * The verifier: pure TypeScript, written from docs/PROTOCOL.md, shares no code with the prover.
 *
 *     const samples = new SampleList(sampleListBytes);          // hashed once for all segments
 *     const verdict = verify(statement, proof, { samples, weightsIn, weightsOut }, { generators });
 *     const run = verifyRun(segments, samples, { generators, parent });
 */
export {
  type ParentClaim,
  type RunExpectation,
  type UndisclosedStart,
  verifyChain,
} from "./chain.ts";
export { type CheckNumber, CHECKS } from "./checks.ts";
export type { Commitments } from "./commitments.ts";
export {
  type Parent,
  type RunOptions,
  type RunVerdict,
  type Segment,
  type Undisclosed,
  verifyRun,
  verifyRunSteps,
} from "./run.ts";
export {
  type Phase,
  PHASES,
  readStatement,
  type Verdict,
  verify,
  type VerifyOptions,
  verifySteps,
} from "./verify.ts";
