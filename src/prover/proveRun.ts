import type { Run } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { ProverError } from "./errors.ts";
import type { NativeProver } from "./nativeProver.ts";
import { phaseCosts, type ProveRunOptions } from "./runReport.ts";
import { proveSegment } from "./segmentInput.ts";
import { SegmentPipeline } from "./segmentPipeline.ts";
import { Stopwatch } from "./stopwatch.ts";
import { finishAhead, inputOf, type RunParts, trainingPoint } from "./trainSegment.ts";

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
 * Trains and proves what is left of a run, segment by segment, each on disk before it counts as finished. Where the prover has
 * several GPUs, so many segments are proved at once, and the next ones are trained meanwhile; they are finished in order. What was
 * trained ahead for others to prove comes first, under the commitments that it has.
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
  const commitments = await commitRunSamples(run, data, prover, options);
  await proveAhead({ run, data, prover, commitments }, options);
  for (;;) {
    const { backend } = prover.info();
    try {
      await new SegmentPipeline(run, data, prover, commitments, options).prove();
      return;
    } catch (error) {
      // A GPU that fails takes its traces with it: what is not finished is done again from the run folder, on the CPU.
      const fellBack = prover.info().backend !== backend;
      if (!(error instanceof ProverError && error.code === "Device" && fellBack)) throw error;
    }
  }
}

/** Finishes the segments that were trained ahead: with a proof that came already, or one made now. */
async function proveAhead(parts: RunParts, options: ProveRunOptions): Promise<void> {
  const { run, prover } = parts;
  const { signal, memoryLimit, onProgress, onSegment } = options;
  for (let at = run.resume(); at.segment && run.ahead.has(at.segment.index); at = run.resume()) {
    const { segment } = at;
    const { index } = segment;
    const job = {
      ...(signal && { signal }),
      ...(memoryLimit !== undefined && { memoryLimit }),
      onProgress: (phase: string, fraction: number) =>
        onProgress?.({ phase, fraction, segment: index }),
    };
    const proof = run.ahead.extra(index, "proof.bin");
    const proven =
      proof === undefined
        ? await proveSegment(
            prover,
            inputOf(parts, trainingPoint(segment, at), run.ahead.read(index)),
            job,
          )
        : { proof, proveSeconds: 0 };
    onSegment?.(finishAhead(run, index, proven));
  }
}
