import { type Run, segmentOf, type SegmentHistory } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import type { Statement } from "../protocol/index.ts";
import type { NativeTraining } from "./addon.ts";
import type { NativeProver } from "./nativeProver.ts";
import { rangeUse } from "./ranges.ts";
import { phaseCosts, type SegmentReport, trainingFigures } from "./runReport.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { Validation } from "./validator.ts";

/** What is known of a segment once it is proved. */
export interface SegmentFacts {
  readonly index: number;
  readonly statement: Statement;
  readonly training: Pick<
    NativeTraining,
    "loss" | "correct" | "largestPreActivations" | "largestGradients"
  >;
  readonly validation?: Validation | undefined;
  readonly watch: Stopwatch;
  readonly proofBytes: number;
  /** What proved it: "cpu", "cuda:0". */
  readonly device: string;
}

/** The learning rate of a segment: that of the mean over the batch of ½‖z − y‖². */
const learningRateOf = ({ eta, beta, R, fA, fG }: Statement): number =>
  Number(eta) * 2 ** (beta - R + fA + fG);

/** A segment's record for the owner's report, and what is told when it is finished. */
export function segmentRecord(
  facts: SegmentFacts,
  run: Run,
  data: Dataset,
  prover: NativeProver,
): { history: SegmentHistory; report: SegmentReport } {
  const { index, statement, training, validation, watch, proofBytes, device } = facts;
  const { steps, firstStep } = segmentOf(run.config, index)!;
  const ranges = rangeUse(training, run.config.fixedPoint, firstStep);
  const history: SegmentHistory = {
    format: "trainproof-history/1",
    segment: index,
    firstStep,
    steps,
    learningRate: learningRateOf(statement),
    loss: [...training.loss],
    ...(data.encoding === "oneHot" && { correct: [...training.correct] }),
    ...(validation && { validation }),
    ranges,
    phases: phaseCosts(watch),
    proofBytes,
    device,
    threads: prover.info().threads,
    finished: new Date().toISOString(),
  };
  const spent = (...phases: string[]) =>
    phases.reduce((sum, phase) => sum + (watch.seconds[phase] ?? 0), 0);
  const before = ["read batch", "train", "validate", "commit weights"];
  const report: SegmentReport = {
    segment: index,
    steps,
    ...trainingFigures(training, steps * 2 ** statement.beta),
    ...(validation && { validation }),
    ranges,
    trainSeconds: spent("read batch", "train"),
    commitSeconds: spent("commit weights"),
    proveSeconds: watch.total - spent(...before),
    proofBytes,
  };
  return { history, report };
}
