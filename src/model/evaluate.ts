import { forwardPass, type ForwardFormat } from "./inference.ts";
import type { Weights } from "./weights.ts";

/** The samples to evaluate on: what a Dataset of src/dataset offers. */
export interface Samples {
  readonly count: number;
  readonly featureCount: number;
  readonly labelCount: number;
  readonly encoding: "oneHot" | "real";
  /** Fixed-point samples, row-major: features at 2^fA, then labels at 2^sigma. */
  rows(indices: ArrayLike<number>): Int32Array;
}

export interface Evaluation {
  readonly count: number;
  /** Mean over samples of ½‖z_L − y‖², in real units. */
  readonly loss: number;
  /** One-hot labels only: samples whose largest output (the first of equals) is their class. */
  readonly correct?: number;
  readonly accuracy?: number;
}

/** Samples evaluated at once. */
const CHUNK = 500;

const argmax = (values: ArrayLike<number>, from: number, to: number): number => {
  let best = from;
  for (let i = from + 1; i < to; i++) if (values[i]! > values[best]!) best = i;
  return best - from;
};

/** Runs the exact network over a data set. A RangeError where data and network do not fit. */
export function evaluate(
  weights: Weights,
  format: ForwardFormat & { readonly sigma: number },
  dataset: Samples,
): Evaluation {
  const { count, featureCount, labelCount } = dataset;
  const outputs = weights.widths.at(-1)!;
  if (featureCount !== weights.widths[0] || labelCount !== outputs)
    throw new RangeError(
      `evaluate: the data has ${featureCount} features and ${labelCount} labels, the network ${weights.widths[0]!} inputs and ${outputs} outputs`,
    );
  const forward = forwardPass(weights, format);
  const width = featureCount + labelCount;
  let [correct, loss] = [0, 0];
  for (let first = 0; first < count; first += CHUNK) {
    const size = Math.min(CHUNK, count - first);
    const rows = dataset.rows(Array.from({ length: size }, (_, i) => first + i));
    const features = new Float64Array(size * featureCount);
    for (let i = 0; i < size; i++)
      features.set(rows.subarray(i * width, i * width + featureCount), i * featureCount);
    const z = forward(features, size);
    for (let i = 0; i < size; i++) {
      const labels = i * width + featureCount;
      if (argmax(z, i * outputs, (i + 1) * outputs) === argmax(rows, labels, labels + labelCount))
        correct++;
      for (let j = 0; j < outputs; j++)
        loss += (z[i * outputs + j]! / 2 ** format.fA - rows[labels + j]! / 2 ** format.sigma) ** 2;
    }
  }
  loss /= 2 * count;
  return dataset.encoding === "oneHot"
    ? { count, loss, correct, accuracy: correct / count }
    : { count, loss };
}
