import { openStart, PlanError } from "../artifact/index.ts";
import type { NativeProver } from "../prover/index.ts";
import { chooseArithmetic, wideArithmetic } from "./arithmetic.ts";
import { type Arithmetic, buildPlan, type PlanFrame } from "./buildPlan.ts";
import { ProposalError } from "./errors.ts";
import type { DataFacts } from "./inspect.ts";
import { chooseSegment, type SegmentChoice } from "./segment.ts";
import { type LeftRange, type Trial, trial } from "./trial.ts";
import { proposeSizes, type Sizes, type Wishes } from "./wishes.ts";

export interface ProposeOptions {
  /** Folder that the wishes' paths are relative to. */
  readonly folder: string;
  readonly frame: PlanFrame;
  readonly prover: NativeProver;
  /** Steps of each trial at most; 0: no trial, and ranges with room to spare. */
  readonly trialSteps: number;
  /** Bytes that a segment's proof may need. */
  readonly memoryLimit: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string, fraction: number) => void;
}

export interface Proposal {
  readonly text: string;
  readonly sizes: Sizes;
  readonly arithmetic: Arithmetic;
  readonly segment: SegmentChoice;
  /** The last trial, of the very plan; absent where none was asked for. */
  readonly trial?: Trial;
  /** What was tried before, for people. */
  readonly notes: readonly string[];
}

/** Where nothing is known: what MNIST learns well with. */
const USUAL_RATE = 0.125;
const MOST_TRIALS = 8;

/**
 * Proposes a plan. Ranges are measured by training without proof, first in wide ones to see what values do, then in those that are
 * proposed, until the plan trains without leaving them: more room where a value left, half the learning rate where the loss grew.
 *
 * @throws ProposalError where no trial succeeds; PlanError for wishes that no plan can have; DataError.
 */
export async function propose(
  wishes: Wishes,
  facts: DataFacts,
  options: ProposeOptions,
): Promise<Proposal> {
  const { folder, frame, prover, memoryLimit } = options;
  const notes: string[] = [];
  const sizes = proposeSizes(wishes, facts);
  const plan = (chosen: Sizes, arithmetic: Arithmetic, segmentSteps: number) =>
    buildPlan(wishes, facts, chosen, arithmetic, segmentSteps, frame);
  const steps = Math.min(sizes.steps, options.trialSteps);
  const attempt = (arithmetic: Arithmetic, what: string): Promise<Trial | LeftRange> =>
    trial({ plan: plan(sizes, arithmetic, 1).plan, file: frame.file, folder }, prover, {
      steps,
      ...(options.signal && { signal: options.signal }),
      onProgress: (fraction) => options.onProgress?.(what, fraction),
    });

  let rate = wishes.learningRate ?? USUAL_RATE;
  let result: Trial | undefined;
  const exactR = wishes.model?.R;
  let arithmetic = wideArithmetic(facts, sizes.batch, rate, exactR);
  if (steps === 0)
    notes.push("no trial: both quantities have two digits, which is safe and not cheap");
  // The more of the run the trial has seen, the less room is needed for what it has not.
  let headroom = steps >= sizes.steps ? 1.25 : 2;
  let wide: Trial | undefined;
  for (let round = 0; steps > 0 && result === undefined; round++) {
    if (round === MOST_TRIALS)
      throw new ProposalError(
        `${MOST_TRIALS} trials did not give a plan that trains: ${notes.join("; ")}. Give a smaller --learning-rate, or scale the data.`,
      );
    const what = wide ? "trying the plan" : "measuring ranges";
    const found = await attempt(arithmetic, what);
    if ("leftRange" in found || found.diverged) {
      const why =
        "leftRange" in found
          ? found.leftRange
          : `the loss grew from ${found.loss[0].toFixed(3)} to ${found.loss[1].toFixed(3)}`;
      notes.push(`learning rate ${rate}: ${why}`);
      if ("leftRange" in found && wide) headroom *= 2;
      else {
        if (wishes.learningRate !== undefined)
          throw new ProposalError(
            `with the learning rate ${rate} that you gave, ${why}. Give a smaller --learning-rate, or none.`,
          );
        [rate, wide] = [rate / 2, undefined];
        arithmetic = wideArithmetic(facts, sizes.batch, rate, exactR);
        continue;
      }
    } else if (wide) {
      result = found;
      continue;
    } else wide = found;
    arithmetic = chooseArithmetic(facts, sizes.batch, rate, wide, headroom, exactR);
  }

  const loaded = { plan: plan(sizes, arithmetic, 1).plan, file: frame.file, folder };
  const start = openStart(loaded);
  const segment = chooseSegment(
    prover,
    memoryLimit,
    sizes,
    wishes,
    (chosen, segmentSteps) => {
      try {
        return plan(chosen, arithmetic, segmentSteps).plan;
      } catch (error) {
        if (error instanceof PlanError) return undefined;
        throw error;
      }
    },
    { samples: facts.samples, ...start.known },
  );
  const chosen = { ...sizes, steps: segment.steps };
  const { text } = plan(chosen, arithmetic, segment.segmentSteps);
  return { text, sizes: chosen, arithmetic, segment, notes, ...(result && { trial: result }) };
}
