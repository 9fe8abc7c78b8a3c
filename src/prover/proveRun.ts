import type { Run } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fromLinear, toLinear } from "../model/index.ts";
import { encodeStatement } from "../protocol/index.ts";
import type { CommittedRows } from "./addon.ts";
import type { NativeProver } from "./nativeProver.ts";

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
}

/** What one segment cost and how training went. */
export interface SegmentReport {
  segment: number;
  steps: number;
  /** Mean over the segment's samples of ½‖z − y‖². */
  loss: number;
  /** Share of the segment's samples whose largest output was their class. */
  accuracy: number;
  trainSeconds: number;
  commitSeconds: number;
  proveSeconds: number;
  proofBytes: number;
}

/** Rows that are read and committed together. */
const sampleBlock = 2048;

const seconds = (since: number) => (performance.now() - since) / 1000;

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
  const commitments = await commitSamples(data, prover, run.dataSecrets(), options);
  run.writeSamples(commitments);
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
    const { index, steps } = at.segment;
    const job = {
      ...(signal && { signal }),
      ...(memoryLimit !== undefined && { memoryLimit }),
      onProgress: (phase: string, fraction: number) =>
        onProgress?.({ phase, fraction, segment: index }),
    };
    const draft = encodeStatement(run.nextStatement());
    const indices = prover.schedule(draft);
    const weightsIn = at.start ? toLinear(at.start.weights) : prover.initialWeights(draft);

    const started = performance.now();
    const training = await prover.train(draft, data.rows(indices), weightsIn, job);
    const trainSeconds = seconds(started);
    try {
      const committing = performance.now();
      const weightsOut = await prover.commitWeights(draft, training.weightsOut, job);
      const commitSeconds = seconds(committing);
      const statement = encodeStatement(run.nextStatement(weightsOut.rows));
      const proving = performance.now();
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
      const proveSeconds = seconds(proving);
      const weights = fromLinear(training.weightsOut, run.config.widths);
      run.finishSegment(index, { statement, proof, weights, ...weightsOut });
      options.onSegment?.({
        segment: index,
        steps,
        ...trainingFigures(training, indices.length),
        trainSeconds,
        commitSeconds,
        proveSeconds,
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
