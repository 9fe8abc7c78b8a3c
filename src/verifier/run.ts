import { readGenerators } from "../protocol/generators.ts";
import type { SampleList } from "../protocol/samples.ts";
import {
  type ParentClaim,
  type RunExpectation,
  type UndisclosedStart,
  verifyChain,
} from "./chain.ts";
import { type Phase, type Verdict, verifySteps, type VerifyOptions } from "./verify.ts";

/** One segment of a run: its statement, its proof, and its output weights' row commitments. */
export interface Segment {
  readonly statement: Uint8Array;
  readonly proof: Uint8Array;
  readonly weightsOut: Uint8Array;
}

/** What a run continues, if it starts from committed weights. */
export interface Parent extends ParentClaim {
  /** Row commitments that hash to the parent's model commitment. */
  readonly weights: Uint8Array;
}

/** The undisclosed weights that a run says it starts from. */
export interface Undisclosed extends UndisclosedStart {
  /** Row commitments that hash to their commitment. */
  readonly weights: Uint8Array;
}

export interface RunOptions extends RunExpectation, Pick<VerifyOptions, "generators"> {
  readonly parent?: Parent | undefined;
  readonly undisclosed?: Undisclosed | undefined;
  readonly onProgress?: (segment: number, phase: Phase) => void;
}

export type RunVerdict = Verdict & { readonly segment?: number };

/**
 * Verifies a whole run: the chain of statements (C1 to C4), then every segment's proof, each starting
 * from the output weights of the one before. Total and pure like `verify`.
 *
 * @example
 * const verdict = verifyRun(segments, samples, { generators });
 */
export function verifyRun(
  segments: readonly Segment[],
  samples: SampleList,
  options: RunOptions,
): RunVerdict {
  const steps = verifyRunSteps(segments, samples, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    options.onProgress?.(step.value.segment, step.value.phase);
  }
}

/** The same in steps, as verifySteps. */
export function* verifyRunSteps(
  segments: readonly Segment[],
  samples: SampleList,
  { generators, ...expected }: Omit<RunOptions, "onProgress">,
): Generator<{ readonly segment: number; readonly phase: Phase }, RunVerdict> {
  const chain = verifyChain(
    segments.map(({ statement }) => statement),
    expected,
  );
  const start = expected.undisclosed ?? expected.parent;
  if (!chain.ok) return chain;
  const table = generators instanceof Uint8Array ? readGenerators(generators) : generators;
  for (const [i, { statement, proof, weightsOut }] of segments.entries()) {
    const before = i === 0 ? start?.weights : segments[i - 1]!.weightsOut;
    const weights = before === undefined ? { weightsOut } : { weightsIn: before, weightsOut };
    const steps = verifySteps(
      statement,
      proof,
      { samples, ...weights },
      {
        generators: table ?? generators,
      },
    );
    for (let step = steps.next(); ; step = steps.next()) {
      if (!step.done) {
        yield { segment: i, phase: step.value };
        continue;
      }
      if (!step.value.ok) return { ...step.value, segment: i };
      break;
    }
  }
  return { ok: true };
}
