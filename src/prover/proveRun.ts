import type { Run, TrainedAhead } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import type { JobOptions, NativeProver } from "./nativeProver.ts";
import { proveSegment } from "./segmentInput.ts";
import {
  type RunParts,
  type TrainedSegment,
  trainSegment,
  type TrainingFigures,
  type TrainingPoint,
  inputOf,
} from "./trainSegment.ts";

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
export interface SegmentReport extends TrainingFigures {
  segment: number;
  steps: number;
  proveSeconds: number;
  proofBytes: number;
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
  const commitments = await commitSamples(data, prover, run.dataSecrets(), options);
  run.writeSamples(commitments);
  return commitments;
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
  const parts = { run, data, prover, commitments };
  for (let at = run.resume(); at.segment !== undefined; at = run.resume()) {
    const { index, steps } = at.segment;
    const job = {
      ...(signal && { signal }),
      ...(memoryLimit !== undefined && { memoryLimit }),
      onProgress: (phase: string, fraction: number) =>
        onProgress?.({ phase, fraction, segment: index }),
    };
    const point = { ...at, segment: at.segment };
    const known = run.ahead.has(index) ? run.ahead.read(index) : undefined;
    const trained = known === undefined ? await trainSegment(parts, point, job) : undefined;
    try {
      const { statement, figures, ...committed } = known ?? trained!.ahead;
      const proven = await proveHere(parts, point, { known, trained }, job);
      run.finishSegment(index, { statement, proof: proven.proof, ...committed });
      if (known !== undefined) run.ahead.remove(index);
      options.onSegment?.({
        segment: index,
        steps,
        ...(figures as TrainingFigures),
        proveSeconds: proven.proveSeconds,
        proofBytes: proven.proof.length,
      });
    } finally {
      trained?.trace.release();
    }
  }
}

/** Proves a segment in this process: one that was just trained, or one that was trained ahead, unless its proof is there already. */
async function proveHere(
  parts: RunParts,
  at: TrainingPoint,
  segment: { known: TrainedAhead | undefined; trained: TrainedSegment | undefined },
  job: JobOptions,
): Promise<{ proof: Uint8Array; proveSeconds: number }> {
  const { known, trained } = segment;
  if (trained !== undefined)
    return proveSegment(parts.prover, trained.input, { ...job, trace: trained.trace });
  const proof = parts.run.ahead.extra(at.segment.index, "proof.bin");
  if (proof !== undefined) return { proof, proveSeconds: 0 };
  return proveSegment(parts.prover, inputOf(parts, at, known!), job);
}
