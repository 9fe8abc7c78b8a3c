import type { ResumePoint, Run, Segment, SegmentHistory, TrainedAhead } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fromLinear, toLinear } from "../model/index.ts";
import { encodeStatement, type Statement } from "../protocol/index.ts";
import type { CommittedRows } from "./addon.ts";
import type { JobOptions, NativeProver } from "./nativeProver.ts";
import type { SegmentReport } from "./runReport.ts";
import { gather, type SegmentInput, weightsOutDigest as digestOf } from "./segmentInput.ts";
import { segmentRecord } from "./segmentRecord.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Validator } from "./validator.ts";

/** What a run's segments are trained and proven from. */
export interface RunParts {
  readonly run: Run;
  readonly data: Dataset;
  readonly prover: NativeProver;
  /** The run's sample commitments. */
  readonly commitments: Uint8Array;
  /** Looks at a validation set after each segment. */
  readonly validate?: Validator;
}

/** Where a segment starts. */
export interface TrainingPoint {
  readonly segment: Segment;
  /** The segment before's statement, for its weight bound. */
  readonly previous: Statement | undefined;
  /** W^in in §7's layout with its commitment; absent for the first segment of a public seed. */
  readonly start: (CommittedRows & { readonly weights: BigInt64Array }) | undefined;
}

/** Where a segment starts that follows what the run folder has: Run.resume() of the next one, or one that is trained ahead. */
export const trainingPoint = (
  segment: Segment,
  { start, previous }: Pick<ResumePoint, "start" | "previous">,
): TrainingPoint => ({
  ...{ segment, previous },
  start: start && { ...start, weights: toLinear(start.weights) },
});

/** How a segment's training went: its report and history as far as they go without a proof. JSON. */
export interface TrainingRecord {
  readonly history: SegmentHistory;
  readonly report: SegmentReport;
}

/** A segment that is trained and committed. */
export interface TrainedSegment {
  /** Where the segment behind it starts. */
  readonly end: Pick<TrainingPoint, "previous" | "start">;
  /** What is left to make of it, which the next segment's training need not wait for. */
  readonly finish: () => {
    readonly input: SegmentInput;
    /** W^out with its commitment, and the statement: what the run folder keeps. */
    readonly ahead: TrainedAhead & { readonly record: TrainingRecord };
  };
}

/** A segment's statement without W^out: enough to train. */
const draftOf = (run: Run, { segment, previous, start }: TrainingPoint) =>
  run.statementAfter(segment, { previous, rows: start?.rows });

/** What a segment's input has before it is trained. */
function inputFacts({ run, data, prover, commitments }: RunParts, at: TrainingPoint) {
  const indices = prover.schedule(encodeStatement(draftOf(run, at)));
  const { start } = at;
  return {
    batch: data.rows(indices),
    samplePoints: gather(commitments, indices),
    ...run.dataSecrets(),
    ...(start && { start }),
  };
}

/** Trains a segment and commits to the weights that it ends in, for others to prove. Errors: ProverError. */
export async function trainSegment(
  parts: RunParts,
  at: TrainingPoint,
  job: JobOptions = {},
): Promise<TrainedSegment> {
  const { run, data, prover, validate } = parts;
  const { segment } = at;
  const watch = new Stopwatch();
  watch.at("read batch");
  const draft = draftOf(run, at);
  const draftBytes = encodeStatement(draft);
  const facts = inputFacts(parts, at);
  const weightsIn = facts.start?.weights ?? prover.initialWeights(draftBytes);
  watch.at("train");
  const training = await prover.train(draftBytes, facts.batch, weightsIn, job);
  training.trace.release(); // whoever proves makes it again
  let weightsOut: CommittedRows;
  let linear: BigInt64Array;
  try {
    watch.at("commit weights");
    weightsOut = await prover.commitWeights(draftBytes, training.weights, job);
    linear = await prover.readWeights(training.weights);
  } finally {
    training.weights.release();
  }
  const { widths } = run.config;
  watch.at("validate");
  const validation = validate?.(fromLinear(linear, widths));
  watch.stop();
  const former = { previous: at.previous, rows: at.start?.rows };
  const statement = run.statementAfter(segment, former, weightsOut.rows);
  const bytes = encodeStatement(statement);
  return {
    end: { previous: statement, start: { ...weightsOut, weights: linear } },
    finish: () => {
      const about = { index: segment.index, statement, training, validation, watch };
      const device = prover.info().backend;
      const record = segmentRecord({ ...about, proofBytes: 0, device }, run, data, prover);
      const weightsOutDigest = digestOf(linear);
      return {
        input: { ...facts, statement: bytes, weightsOut, weightsOutDigest },
        ahead: { weights: fromLinear(linear, widths), ...weightsOut, statement: bytes, record },
      };
    },
  };
}

/** The input of a segment that was trained before, from what the run folder kept. */
export function inputOf(parts: RunParts, at: TrainingPoint, trained: TrainedAhead): SegmentInput {
  const { statement, rows, blindings } = trained;
  return {
    ...inputFacts(parts, at),
    statement,
    weightsOut: { rows, blindings },
    weightsOutDigest: digestOf(toLinear(trained.weights)),
  };
}

/** Moves a segment that was trained ahead, the next in order, into the run's finished part. */
export function finishAhead(
  run: Run,
  segment: number,
  { proof, proveSeconds }: { proof: Uint8Array; proveSeconds: number },
): SegmentReport {
  const { history, report } = run.ahead.record(segment) as TrainingRecord;
  const cost = { seconds: proveSeconds, processorSeconds: 0, peakBytes: 0 };
  run.finishAhead(segment, {
    proof,
    history: {
      ...history,
      phases: [...history.phases, { phase: "prove elsewhere", ...cost }],
      proofBytes: proof.length,
      finished: new Date().toISOString(),
    },
  });
  return { ...report, proveSeconds, proofBytes: proof.length };
}
