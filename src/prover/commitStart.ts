import {
  type CommittedWeights,
  exampleStatement,
  type ResolvedPlan,
  type StartLink,
} from "../artifact/index.ts";
import { toLinear, type Weights } from "../model/index.ts";
import { encodeStatement, weightDigest } from "../protocol/index.ts";
import type { JobOptions, NativeProver } from "./nativeProver.ts";

/**
 * Commits to the undisclosed weights that a plan starts from, under fresh blindings (PROTOCOL §7): what its run is created with, and
 * what its public part says of them. Errors: ProverError.
 */
export async function commitStart(
  { run, segments, first }: ResolvedPlan,
  weights: Weights,
  prover: NativeProver,
  job: JobOptions = {},
): Promise<{ link: StartLink; committed: CommittedWeights }> {
  const { startKind, W0 } = first;
  const draft = encodeStatement(exampleStatement(run, segments[0]!, startKind, W0));
  const { rows, blindings } = await prover.commitWeights(draft, toLinear(weights), job);
  const modelCommitment = weightDigest({ ...run, R: run.fixedPoint.R }, rows);
  return { link: { modelCommitment, weightBound: W0 }, committed: { weights, rows, blindings } };
}
