import type { ResumePoint, Run, Segment, SegmentHistory, TrainedAhead } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fromLinear, toLinear } from "../model/index.ts";
import { encodeStatement } from "../protocol/index.ts";
import type { CommittedRows } from "./addon.ts";
import type { JobOptions, NativeProver } from "./nativeProver.ts";
import type { SegmentReport } from "./runReport.ts";
import { gather, type SegmentInput, weightsOutDigest } from "./segmentInput.ts";
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

/** Where a segment starts: Run.resume() of the next one, or after one that is trained ahead. */
export type TrainingPoint = Pick<ResumePoint, "start" | "previous"> & { readonly segment: Segment };

/** How a segment's training went: its report and history as far as they go without a proof. JSON. */
export interface TrainingRecord {
  readonly history: SegmentHistory;
  readonly report: SegmentReport;
}

/** A segment that is trained and committed. */
export interface TrainedSegment {
  readonly input: SegmentInput;
  /** W^out with its commitment, and the statement: what the run folder keeps. */
  readonly ahead: TrainedAhead & { readonly record: TrainingRecord };
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
    ...(start && {
      start: {
        weights: toLinear(start.weights),
        rows: start.rows,
        blindings: start.blindings,
      },
    }),
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
  watch.at("validate");
  const weights = fromLinear(linear, run.config.widths);
  const validation = validate?.(weights);
  watch.stop();
  const former = { previous: at.previous, rows: at.start?.rows };
  const statement = run.statementAfter(segment, former, weightsOut.rows);
  const about = { index: segment.index, statement, training, validation, watch };
  const record: TrainingRecord = segmentRecord(
    { ...about, proofBytes: 0, device: prover.info().backend },
    run,
    data,
    prover,
  );
  const bytes = encodeStatement(statement);
  const digest = weightsOutDigest(linear);
  return {
    input: { ...facts, statement: bytes, weightsOut, weightsOutDigest: digest },
    ahead: { weights, ...weightsOut, statement: bytes, record },
  };
}

/** The input of a segment that was trained before, from what the run folder kept. */
export function inputOf(parts: RunParts, at: TrainingPoint, trained: TrainedAhead): SegmentInput {
  const { statement, rows, blindings } = trained;
  return {
    ...inputFacts(parts, at),
    statement,
    weightsOut: { rows, blindings },
    weightsOutDigest: weightsOutDigest(toLinear(trained.weights)),
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
