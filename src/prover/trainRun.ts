import { exampleStatement, type ResolvedPlan, seedBound, weightBounds } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fromLinear, toLinear, type Weights } from "../model/index.ts";
import { encodeStatement, fromHex } from "../protocol/index.ts";
import type { NativeWeights } from "./addon.ts";
import type { NativeProver } from "./nativeProver.ts";
import { type RangeUse, rangeUse } from "./ranges.ts";
import { type ProveRunOptions, trainingFigures } from "./runReport.ts";
import type { Validation } from "./validator.ts";

export interface TrainingReport {
  segment: number;
  steps: number;
  loss: number;
  accuracy: number;
  validation?: Validation;
  ranges: RangeUse[];
  seconds: number;
}

/**
 * Trains a whole run exactly as proving it would, without commitments or proofs: the weights are those that the proven run ends in.
 *
 * @param start - the weights to start from and their bound, for a plan without a seed.
 */
export async function trainRun(
  { plan, run, segments }: ResolvedPlan,
  data: Dataset,
  prover: NativeProver,
  options: Omit<ProveRunOptions, "onSegment"> & {
    start?: { weights: Weights; weightBound: bigint };
    onSegment?: (report: TrainingReport) => void;
  } = {},
): Promise<Weights> {
  const { start, signal, memoryLimit, onProgress } = options;
  const first = start?.weightBound ?? seedBound(run.widths, run.fixedPoint.R);
  const bounds = weightBounds(run, segments, first);
  let weights: BigInt64Array | NativeWeights | undefined = start && toLinear(start.weights);
  for (const segment of segments) {
    const started = performance.now();
    const seeded = weights === undefined;
    const draft = encodeStatement({
      ...exampleStatement(run, segment, seeded ? 0 : 1, bounds[segment.index]!),
      ...(seeded && plan.start.seed !== undefined && { start: fromHex(plan.start.seed) }),
    });
    const indices = prover.schedule(draft);
    weights ??= prover.initialWeights(draft);
    const training = await prover.train(draft, data.rows(indices), weights, {
      ...(signal && { signal }),
      ...(memoryLimit !== undefined && { memoryLimit }),
      onProgress: (phase, fraction) => onProgress?.({ phase, fraction, segment: segment.index }),
    });
    training.trace.release();
    release(weights);
    weights = training.weights;
    const validation = options.validate?.(
      fromLinear(await prover.readWeights(weights), run.widths),
    );
    options.onSegment?.({
      segment: segment.index,
      steps: segment.steps,
      ...trainingFigures(training, indices.length),
      ...(validation && { validation }),
      ranges: rangeUse(training, run.fixedPoint, segment.firstStep),
      seconds: (performance.now() - started) / 1000,
    });
  }
  const last = weights as NativeWeights;
  try {
    return fromLinear(await prover.readWeights(last), run.widths);
  } finally {
    release(last);
  }
}

function release(weights: BigInt64Array | NativeWeights): void {
  if ("release" in weights) weights.release();
}
