import type { Run, SegmentHistory } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fromLinear, toLinear } from "../model/index.ts";
import { encodeStatement } from "../protocol/index.ts";
import type { CommittedRows } from "./addon.ts";
import type { JobOptions, NativeProver } from "./nativeProver.ts";
import { rangeUse } from "./ranges.ts";
import { proveSegment } from "./segmentInput.ts";
import {
  gather,
  learningRateOf,
  phaseCosts,
  type SegmentReport,
  trainingFigures,
} from "./segmentReport.ts";
import { Stopwatch } from "./stopwatch.ts";
import { finishAhead, inputOf, type RunParts, type TrainingPoint } from "./trainSegment.ts";
import type { Validator } from "./validator.ts";

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

/** Rows that are read and committed together. */
const sampleBlock = 2048;

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
  run.writeSamples(commitments, { ...history, phases: phaseCosts(watch) });
  return commitments;
}

/**
 * Trains and proves what is left of a run, segment by segment; each is on disk before the next begins. Segments that were trained ahead for
 * others to prove are proven here, under the commitments that they have.
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
    if (run.ahead.has(index)) {
      const parts = { run, data, prover, commitments };
      const proven = await proveAhead(parts, { ...at, segment: at.segment }, job);
      options.onSegment?.(finishAhead(run, index, proven));
      continue;
    }
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
        phases: phaseCosts(watch),
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

/** The proof of a segment that was trained ahead: one that came already, or made now. */
async function proveAhead(
  parts: RunParts,
  at: TrainingPoint,
  job: JobOptions,
): Promise<{ proof: Uint8Array; proveSeconds: number }> {
  const { ahead } = parts.run;
  const { index } = at.segment;
  const proof = ahead.extra(index, "proof.bin");
  if (proof !== undefined) return { proof, proveSeconds: 0 };
  return proveSegment(parts.prover, inputOf(parts, at, ahead.read(index)), job);
}
