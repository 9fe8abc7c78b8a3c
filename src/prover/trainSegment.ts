import type { ResumePoint, Run, Segment, TrainedAhead } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fromLinear, toLinear } from "../model/index.ts";
import { encodeStatement } from "../protocol/index.ts";
import type { NativeTrace } from "./addon.ts";
import type { JobOptions, NativeProver } from "./nativeProver.ts";
import { type SegmentInput, weightsOutDigest } from "./segmentInput.ts";

/** What a run's segments are trained and proven from. */
export interface RunParts {
  readonly run: Run;
  readonly data: Dataset;
  readonly prover: NativeProver;
  /** The run's sample commitments. */
  readonly commitments: Uint8Array;
}

/** Where a segment starts: Run.resume() of the next one, or after one that is trained ahead. */
export type TrainingPoint = Pick<ResumePoint, "start" | "previous"> & { readonly segment: Segment };

/** How a segment's training went, and what it cost. */
export type TrainingFigures = {
  /** Mean over the segment's samples of ½‖z − y‖². */
  readonly loss: number;
  /** Share of the segment's samples whose largest output was their class. */
  readonly accuracy: number;
  readonly trainSeconds: number;
  readonly commitSeconds: number;
};

/** A segment that is trained and committed. */
export interface TrainedSegment {
  readonly input: SegmentInput;
  /** To be released. */
  readonly trace: NativeTrace;
  /** W^out with its commitment, and the statement: what the run folder keeps. */
  readonly ahead: TrainedAhead & { readonly figures: TrainingFigures };
}

const seconds = (since: number) => (performance.now() - since) / 1000;

/** The commitments of a segment's rows, in scheduled order. */
function gather(commitments: Uint8Array, indices: readonly number[]): Uint8Array {
  const points = new Uint8Array(64 * indices.length);
  indices.forEach((index, row) =>
    points.set(commitments.subarray(64 * index, 64 * index + 64), 64 * row),
  );
  return points;
}

/** A segment's statement without W^out: enough to train. */
const draftOf = (run: Run, { segment, previous, start }: TrainingPoint): Uint8Array =>
  encodeStatement(run.statementAfter(segment, { previous, rows: start?.rows }));

/** What a segment's input has before it is trained. */
function inputFacts({ run, data, prover, commitments }: RunParts, at: TrainingPoint) {
  const indices = prover.schedule(draftOf(run, at));
  const { start } = at;
  return {
    batch: data.rows(indices),
    samplePoints: gather(commitments, indices),
    ...run.dataSecrets(),
    ...(start && {
      start: {
        weights: toLinear(start.weights),
        rows: start.rows,
        blindings: start.blindings,
      },
    }),
  };
}

/** Trains a segment and commits to the weights that it ends in. Errors: ProverError. */
export async function trainSegment(
  parts: RunParts,
  at: TrainingPoint,
  job: JobOptions = {},
): Promise<TrainedSegment> {
  const { run, prover } = parts;
  const draft = draftOf(run, at);
  const facts = inputFacts(parts, at);
  const started = performance.now();
  const weightsIn = facts.start?.weights ?? prover.initialWeights(draft);
  const training = await prover.train(draft, facts.batch, weightsIn, job);
  const trainSeconds = seconds(started);
  try {
    const committing = performance.now();
    const weightsOut = await prover.commitWeights(draft, training.weightsOut, job);
    const commitSeconds = seconds(committing);
    const former = { previous: at.previous, rows: at.start?.rows };
    const statement = encodeStatement(run.statementAfter(at.segment, former, weightsOut.rows));
    const digest = weightsOutDigest(training.weightsOut);
    const weights = fromLinear(training.weightsOut, run.config.widths);
    const rows = facts.samplePoints.length / 64;
    return {
      input: { ...facts, statement, weightsOut, weightsOutDigest: digest },
      trace: training.trace,
      ahead: {
        weights,
        ...weightsOut,
        statement,
        figures: { ...trainingFigures(training, rows), trainSeconds, commitSeconds },
      },
    };
  } catch (error) {
    training.trace.release();
    throw error;
  }
}

/** The input of a segment that was trained before, from what the run folder kept. */
export function inputOf(parts: RunParts, at: TrainingPoint, trained: TrainedAhead): SegmentInput {
  const facts = inputFacts(parts, at);
  const { statement, rows, blindings } = trained;
  return {
    ...facts,
    statement,
    weightsOut: { rows, blindings },
    weightsOutDigest: weightsOutDigest(toLinear(trained.weights)),
  };
}

/** Loss and accuracy over a segment's rows. */
export function trainingFigures(
  training: { loss: Float64Array; correct: Uint32Array },
  rows: number,
): { loss: number; accuracy: number } {
  const loss = training.loss.reduce((sum, x) => sum + x, 0) / training.loss.length;
  return { loss, accuracy: training.correct.reduce((sum, x) => sum + x, 0) / rows };
}
