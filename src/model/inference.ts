import type { Weights } from "./weights.ts";

/** Parameters of the forward pass (PROTOCOL §4). */
export interface ForwardFormat {
  /** Fraction bits of activations and of weights. */
  readonly fA: number;
  readonly R: number;
}

/** z_L of a batch: exact integers, row-major count × n_L. Outputs of more than 53 bits are refused. */
export type Forward = (features: Float64Array, count: number) => Float64Array;

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly exact: BigInt64Array;
  /** The entries as doubles, exact where every |w| < 2^53. */
  readonly doubles: Float64Array;
  /** max over columns of Σ_k |w_kj|, without the bias row; and the largest |bias|. */
  readonly columnSum: number;
  readonly bias: number;
}

const EXACT = 2 ** 53;

function prepare(exact: BigInt64Array, inputs: number, outputs: number): Layer {
  const doubles = Float64Array.from(exact, Number);
  const sums = new Float64Array(outputs);
  let bias = 0;
  for (let i = 0; i < doubles.length; i++) {
    const size = Math.abs(doubles[i]!);
    if (i < inputs * outputs) sums[i % outputs]! += size;
    else bias = Math.max(bias, size);
  }
  return {
    inputs,
    outputs,
    exact,
    doubles,
    columnSum: sums.reduce((a, b) => Math.max(a, b), 0),
    bias,
  };
}

/** One layer in doubles: right because every partial sum is an integer below 2^53. */
function layerInDoubles(a: Float64Array, count: number, layer: Layer, { fA, R }: ForwardFormat) {
  const { inputs, outputs, doubles } = layer;
  const [one, half, scale] = [2 ** fA, 2 ** (R - 1), 2 ** -R];
  const out = new Float64Array(count * outputs);
  const sum = new Float64Array(outputs);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < outputs; j++) sum[j] = one * doubles[inputs * outputs + j]! + half;
    for (let k = 0; k < inputs; k++) {
      const value = a[i * inputs + k]!;
      if (value === 0) continue;
      const row = k * outputs;
      for (let j = 0; j < outputs; j++) sum[j]! += value * doubles[row + j]!;
    }
    for (let j = 0; j < outputs; j++) out[i * outputs + j] = Math.floor(sum[j]! * scale);
  }
  return out;
}

/** One layer in exact integers, for values that doubles cannot hold. */
function layerInIntegers(a: Float64Array, count: number, layer: Layer, { fA, R }: ForwardFormat) {
  const { inputs, outputs, exact } = layer;
  const [one, half] = [1n << BigInt(fA), 1n << BigInt(R - 1)];
  const out = new Float64Array(count * outputs);
  for (let i = 0; i < count; i++) {
    const activations = Array.from(a.subarray(i * inputs, (i + 1) * inputs), BigInt);
    for (let j = 0; j < outputs; j++) {
      let sum = one * exact[inputs * outputs + j]! + half;
      for (let k = 0; k < inputs; k++) sum += activations[k]! * exact[k * outputs + j]!;
      const z = Number(sum >> BigInt(R));
      if (!Number.isSafeInteger(z))
        throw new RangeError(
          `inference: a pre-activation of the layer ${inputs} → ${outputs} exceeds 2^53; do the weights belong to this plan?`,
        );
      out[i * outputs + j] = z;
    }
  }
  return out;
}

/**
 * The exact forward pass of PROTOCOL §4: Z = [A, 2^fA]·W, z = ⌊(Z + 2^(R−1)) / 2^R⌋, A = max(z, 0) between layers.
 * Each layer runs in doubles where its products provably stay below 2^53, else in integers. Ranges of digits
 * (dv) are training's concern and not checked here.
 */
export function forwardPass(weights: Weights, format: ForwardFormat): Forward {
  const layers = weights.layers.map((exact, index) =>
    prepare(exact, weights.widths[index]!, weights.widths[index + 1]!),
  );
  return (features, count) => {
    if (features.length !== count * layers[0]!.inputs)
      throw new RangeError(
        `inference: ${features.length} features for ${count} samples of ${layers[0]!.inputs}`,
      );
    let a = features;
    for (const [index, layer] of layers.entries()) {
      let largest = 0;
      for (const value of a) largest = Math.max(largest, Math.abs(value));
      // Sums of doubles may themselves be rounded: the factor 2 is far more than that error.
      const bound = 2 * (largest * layer.columnSum + 2 ** format.fA * layer.bias) + 2 ** format.R;
      const run = bound < EXACT ? layerInDoubles : layerInIntegers;
      a = run(a, count, layer, format);
      if (index < layers.length - 1) for (let i = 0; i < a.length; i++) a[i] = Math.max(a[i]!, 0);
    }
    return a;
  };
}
