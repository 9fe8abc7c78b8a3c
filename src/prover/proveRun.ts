import type { PhaseCost, Run, SegmentHistory } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fromLinear, toLinear } from "../model/index.ts";
import { encodeStatement, type Statement } from "../protocol/index.ts";
import type { CommittedRows } from "./addon.ts";
import type { NativeProver } from "./nativeProver.ts";
import { type RangeUse, rangeUse } from "./ranges.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Validation, Validator } from "./validator.ts";

/** Where a run is: a phase of one of its segments, or of what comes before the first. */
export interface RunProgress {
  phase: string;
  /** Of the phase, from 0 to 1. */
  fraction: number;
  segment?: number;
}

export interface ProveRunOptions {
  onProgress?: (progress: RunProgress) => void;
  onSegment?: (report: SegmentReport) => void;
  /** Aborting stops at once; what is finished stays, and the run can be resumed. */
  signal?: AbortSignal;
  /** Bytes that one segment may need, as predicted. */
  memoryLimit?: number;
  /** Looks at a validation set after each segment. */
  validate?: Validator;
}

/** What one segment cost and how training went. */
export interface SegmentReport {
  segment: number;
  steps: number;
  /** Mean over the segment's samples of ½‖z − y‖². */
  loss: number;
  /** Share of the segment's samples whose largest output was their class. */
  accuracy: number;
  validation?: Validation;
  /** How near the values came to their limits. */
  ranges: RangeUse[];
  trainSeconds: number;
  commitSeconds: number;
  proveSeconds: number;
  proofBytes: number;
}

/** Rows that are read and committed together. */
const sampleBlock = 2048;

/** What a stopwatch has measured, in the order of the phases. */
const costs = (watch: Stopwatch): PhaseCost[] =>
  Object.entries(watch.seconds).map(([phase, seconds]) => ({
    phase,
    seconds,
    processorSeconds: watch.processorSeconds[phase] ?? 0,
    peakBytes: watch.peakBytes[phase] ?? 0,
  }));

/** The learning rate of a segment: that of the mean over the batch of ½‖z − y‖². */
const learningRateOf = ({ eta, beta, R, fA, fG }: Statement): number =>
  Number(eta) * 2 ** (beta - R + fA + fG);

/** Commits a data set (PROTOCOL §7): 64 bytes a sample. */
export async function commitSamples(
  data: Dataset,
  prover: NativeProver,
  secret: { key: Uint8Array; nonce: Uint8Array },
  options: Pick<ProveRunOptions, "onProgress" | "signal"> = {},
): Promise<Uint8Array> {
  const columns = data.featureCount + data.labelCount;
  const commitments = new Uint8Array(64 * data.count);
  const { signal } = options;
  for (let first = 0; first < data.count; first += sampleBlock) {
    const size = Math.min(sampleBlock, data.count - first);
    const rows = data.rows(Array.from({ length: size }, (_, i) => first + i));
    const block = await prover.commitSamples(rows, columns, first, secret, {
      ...(signal && { signal }),
    });
    commitments.set(block, 64 * first);
    options.onProgress?.({ phase: "commit samples", fraction: (first + size) / data.count });
  }
  return commitments;
}

/** The run's sample commitments; made now unless the run has them already. */
export async function commitRunSamples(
  run: Run,
  data: Dataset,
  prover: NativeProver,
  options: ProveRunOptions,
): Promise<Uint8Array> {
  const known = run.samples();
  if (known !== undefined) return known;
  const watch = new Stopwatch();
  const commitments = await watch.time("commit samples", () =>
    commitSamples(data, prover, run.dataSecrets(), {
      ...options,
      onProgress: (progress) => {
        watch.sample();
        options.onProgress?.(progress);
      },
    }),
  );
  const history = { format: "trainproof-history/1" as const, samples: data.count };
  run.writeSamples(commitments, { ...history, phases: costs(watch) });
  return commitments;
}

/** The commitments of a segment's rows, in scheduled order. */
function gather(commitments: Uint8Array, indices: readonly number[]): Uint8Array {
  const points = new Uint8Array(64 * indices.length);
  indices.forEach((index, row) =>
    points.set(commitments.subarray(64 * index, 64 * index + 64), 64 * row),
  );
  return points;
}

/**
 * Trains and proves what is left of a run, segment by segment; each is on disk before the next begins.
 *
 * @example
 * await proveRun(run, data, await NativeProver.load(), { signal });
 * const { proofDigest } = run.publish();
 */
export async function proveRun(
  run: Run,
  data: Dataset,
  prover: NativeProver,
  options: ProveRunOptions = {},
): Promise<void> {
  const { onProgress, signal, memoryLimit } = options;
  const commitments = await commitRunSamples(run, data, prover, options);
  for (let at = run.resume(); at.segment !== undefined; at = run.resume()) {
    const { index, steps, firstStep } = at.segment;
    const watch = new Stopwatch();
    const job = {
      ...(signal && { signal }),
      ...(memoryLimit !== undefined && { memoryLimit }),
      onProgress: (phase: string, fraction: number) => {
        watch.at(phase);
        onProgress?.({ phase, fraction, segment: index });
      },
    };
    watch.at("read batch");
    const draftStatement = run.nextStatement();
    const draft = encodeStatement(draftStatement);
    const indices = prover.schedule(draft);
    const weightsIn = at.start ? toLinear(at.start.weights) : prover.initialWeights(draft);
    // Its own progress begins the phase "train". The rows are not kept: proving needs the memory.
    const training = await prover.train(draft, data.rows(indices), weightsIn, job);
    try {
      watch.at("validate");
      const weights = fromLinear(training.weightsOut, run.config.widths);
      const validation = options.validate?.(weights);
      watch.at("commit weights");
      const weightsOut = await prover.commitWeights(draft, training.weightsOut, job);
      watch.at("prepare");
      const statement = encodeStatement(run.nextStatement(weightsOut.rows));
      const start: { weightsIn?: CommittedRows } = at.start ? { weightsIn: at.start } : {};
      const proof = await prover.prove(
        {
          statement,
          trace: training.trace,
          ...run.dataSecrets(),
          samplePoints: gather(commitments, indices),
          ...start,
          weightsOut,
        },
        job,
      );
      watch.stop();
      const ranges = rangeUse(training, run.config.fixedPoint, firstStep);
      const { backend, threads } = prover.info();
      const history: SegmentHistory = {
        format: "trainproof-history/1",
        segment: index,
        firstStep,
        steps,
        learningRate: learningRateOf(draftStatement),
        loss: [...training.loss],
        ...(data.encoding === "oneHot" && { correct: [...training.correct] }),
        ...(validation && { validation }),
        ranges,
        phases: costs(watch),
        proofBytes: proof.length,
        device: backend,
        threads,
        finished: new Date().toISOString(),
      };
      run.finishSegment(index, { statement, proof, weights, ...weightsOut, history });
      const spent = (...phases: string[]) =>
        phases.reduce((sum, phase) => sum + (watch.seconds[phase] ?? 0), 0);
      const before = ["read batch", "train", "validate", "commit weights"];
      options.onSegment?.({
        segment: index,
        steps,
        ...trainingFigures(training, indices.length),
        ...(validation && { validation }),
        ranges,
        trainSeconds: spent("read batch", "train"),
        commitSeconds: spent("commit weights"),
        proveSeconds: watch.total - spent(...before),
        proofBytes: proof.length,
      });
    } finally {
      training.trace.release();
    }
  }
}

/** Loss and accuracy over a segment's rows. */
export function trainingFigures(
  training: { loss: Float64Array; correct: Uint32Array },
  rows: number,
): { loss: number; accuracy: number } {
  const loss = training.loss.reduce((sum, x) => sum + x, 0) / training.loss.length;
  return { loss, accuracy: training.correct.reduce((sum, x) => sum + x, 0) / rows };
}
