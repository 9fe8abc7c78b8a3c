import { PAPER_STEP_SECONDS, type Targets } from "./cases.ts";
import type { SegmentMeasurement } from "./measureSegment.ts";
import type { BenchResult } from "./result.ts";
import { kilobytes, mebibytes, percentage, ratio, type Rows, seconds } from "./table.ts";

type Measured = Pick<SegmentMeasurement, "bench" | "result" | "prove">;

/** Phases beside their limits, and the total. "busy": the share of all threads' time that they were on a processor. */
export function phaseRows({ bench, result, prove }: Measured): Rows {
  const { phases, threads } = result;
  const row = (name: string, whole: number, processor: number, limit: number | null) => [
    name,
    seconds(whole),
    seconds(whole / bench.steps),
    percentage(processor / (threads * whole)),
    limit === null ? "" : seconds(limit),
    limit === null ? "" : ratio(whole / limit),
  ];
  const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const processor = prove.processorSeconds;
  return [
    ["phase", "segment", "a step", "busy", "limit", "ratio"],
    ...Object.entries(phases).map(([name, p]) =>
      row(name, p.seconds, processor[name] ?? 0, p.limitSeconds),
    ),
    row("total", result.stepSeconds * bench.steps, total(Object.values(processor)), null),
  ];
}

/** The parts that issue 3 asks a ratio for, and the phases that they are made of. */
const PARTS: Record<string, readonly string[]> = {
  "matrix products": ["train"],
  commitments: ["commit weights", "commit digits", "commit bits"],
  lookup: ["lookup"],
  zkReLU: ["zkrelu"],
  opening: ["opening"],
};

/** A part's seconds over its limit's. */
export function partRatio(phases: BenchResult["phases"], part: keyof typeof PARTS): number {
  const mine = PARTS[part]!.flatMap((name) => phases[name] ?? []);
  const total = (of: (phase: (typeof mine)[number]) => number) =>
    mine.reduce((sum, phase) => sum + of(phase), 0);
  return total(({ seconds }) => seconds) / total(({ limitSeconds }) => limitSeconds ?? 0);
}

/** What was asked for beside what came. */
export function targetRows(result: BenchResult, targets: Targets): Rows {
  const row = (
    name: string,
    value: number,
    target: number | undefined,
    show: (x: number) => string,
  ) =>
    target === undefined
      ? []
      : [[name, show(value), show(target), value <= target ? "met" : "missed"]];
  const rows = [
    ...row("a step", result.stepSeconds, targets.stepSeconds, seconds),
    ...row("verification", result.verifySeconds, targets.verifySeconds, seconds),
    ...row("proof", result.proofBytes, targets.proofBytes, kilobytes),
    ...row("peak memory", result.peakBytes, targets.peakBytes, mebibytes),
    ...Object.keys(PARTS).flatMap((part) =>
      row(`${part} over limit`, partRatio(result.phases, part), targets.phaseRatio, ratio),
    ),
  ];
  return rows.length === 0 ? [] : [["target", "measured", "at most", ""], ...rows];
}

/** What else is worth knowing, a sentence each. */
export function remarks({ bench, result, prove, verify, limits }: SegmentMeasurement): string[] {
  const { stepSeconds, trainOnlySeconds, verifySeconds } = result;
  const training = trainOnlySeconds / bench.steps;
  const multiplication = verify.phases["multiplication"] ?? 0;
  const [first, last] = prove.loss.map((loss) => loss.toFixed(3)) as [string, string];
  const predicted = Math.max(prove.predictedBytes.train, prove.predictedBytes.prove);
  const { gpus } = prove;
  return [
    ...(gpus.length > 0
      ? [`trained and proved on ${gpus.join(", ")}; phases have no limits there`]
      : []),
    `${result.cpu}, ${result.threads} ${result.threads === 1 ? "thread" : "threads"}, ${limits.instructions}; κ = ${prove.kappa}`,
    `a step in all: ${seconds(stepSeconds)}, from reading the batch to durable files of statement, proof and commitments`,
    ...(bench.start === "commitment"
      ? [
          `  W^out's commitment is in it; W^in's is not (${seconds(prove.weightsInSeconds)}): it is the W^out of the segment before`,
        ]
      : []),
    `  the data set's commitments are not in it: ${seconds(prove.dataSetSeconds)} for ${bench.samples} samples, once a run`,
    `training alone: ${seconds(training)} a step; all of it is ${ratio(stepSeconds / training)} times that. Loss ${first} to ${last}`,
    `verification: ${seconds(verifySeconds)} in Node, one thread, ${percentage(multiplication / verifySeconds)} of it in the multi-scalar multiplication;`,
    `  a second one in the same process ${seconds(verify.againSeconds)}; generators and sample list once a run ${seconds(verify.onceSeconds)}`,
    `proof: ${kilobytes(result.proofBytes)}, ${kilobytes(result.proofBytes / bench.steps)} a step`,
    `peak memory: ${mebibytes(result.peakBytes)} with Node and the data; predicted without them: ${mebibytes(predicted)}`,
  ];
}

/** A step of the headline network beside the paper's. */
export function paperLine({ stepSeconds }: BenchResult): string {
  const factor = PAPER_STEP_SECONDS / stepSeconds;
  const compared =
    factor >= 1 ? `${ratio(factor)} times faster` : `${ratio(1 / factor)} times slower`;
  return (
    `zkDL reports ${PAPER_STEP_SECONDS} s a step on an A100, commitments not counted: ` +
    `this was ${compared}, with everything counted`
  );
}
