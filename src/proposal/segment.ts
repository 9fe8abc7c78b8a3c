import { exampleStatement, type Plan, PlanError, resolvePlan } from "../artifact/index.ts";
import { nodeBytes } from "../cost/index.ts";
import { encodeStatement } from "../protocol/index.ts";
import type { NativeProver } from "../prover/index.ts";
import { ProposalError } from "./errors.ts";
import type { Sizes, Wishes } from "./wishes.ts";

export interface SegmentChoice {
  readonly segmentSteps: number;
  /** The run's steps: a multiple of segmentSteps unless the number was wished. */
  readonly steps: number;
  /** Memory that proving a segment will need, with Node. */
  readonly bytes: number;
}

/** A run may be longer or shorter than proposed by this share, so that its segments are full. */
const TOLERANCE = 0.05;
/** Longer segments save little, and more is lost when one is interrupted. */
const LONGEST = 256;

/**
 * The longest segment whose proof fits the memory: proof bytes and the verifier's time for a step fall with its length. `planOf` gives
 * the plan of some length, or nothing where it breaks a rule of V1.
 */
export function chooseSegment(
  prover: NativeProver,
  memoryLimit: number,
  sizes: Sizes,
  wishes: Wishes,
  planOf: (sizes: Sizes, segmentSteps: number) => Plan | undefined,
  known: Parameters<typeof resolvePlan>[2],
): SegmentChoice {
  const longest = Math.min(LONGEST, 2 ** Math.floor(Math.log2(sizes.steps)));
  const lengths: number[] = [];
  for (let length = longest; length >= 1; length /= 2) lengths.push(length);
  const wished = wishes.segmentSteps;
  let least = Infinity;
  for (const segmentSteps of wished === undefined ? lengths : [wished]) {
    const steps =
      wishes.steps ?? Math.max(1, Math.round(sizes.steps / segmentSteps)) * segmentSteps;
    const exact = wished !== undefined || segmentSteps === 1;
    if (!exact && Math.abs(steps - sizes.steps) > TOLERANCE * sizes.steps) continue;
    const plan = planOf({ ...sizes, steps }, segmentSteps);
    if (plan === undefined) continue;
    const bytes = memoryOf(plan, prover, known);
    if (bytes === undefined) continue;
    least = Math.min(least, bytes);
    if (bytes <= memoryLimit) return { segmentSteps, steps, bytes };
  }
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  throw new ProposalError(
    least === Infinity
      ? "no segment length keeps the protocol's limits. Make the network or the batch smaller."
      : `a segment needs ${gibibytes(least)}, ${gibibytes(memoryLimit)} are allowed. Raise --memory, or make the network or the batch smaller.`,
  );
}

/** Memory of a full segment's proof, with Node; undefined where the plan breaks a rule of V1. */
function memoryOf(
  plan: Plan,
  prover: NativeProver,
  known: Parameters<typeof resolvePlan>[2],
): number | undefined {
  try {
    const { run, segments, first } = resolvePlan(plan, "", known);
    // A segment after the first takes more than one from a seed; the range proof of undisclosed weights more than both.
    const undisclosed = first.startKind === 2;
    const statement = exampleStatement(
      run,
      segments[0]!,
      undisclosed ? 2 : 1,
      undisclosed ? first.W0 : 1n,
    );
    const { train, prove } = prover.predictMemory(encodeStatement(statement));
    return Math.max(train, prove) + nodeBytes(run.widths);
  } catch (error) {
    if (error instanceof PlanError) return undefined;
    throw error;
  }
}
