import { initialWeights, type LayerShape } from "../protocol/index.ts";

/**
 * Exact integer weights: layers[l−1] is W_l, row-major (n_{l−1} + 1) × n_l, bias row last, at scale 2^R
 * (PROTOCOL §4).
 */
export interface Weights {
  /** n_0 … n_L. */
  readonly widths: readonly number[];
  readonly layers: readonly BigInt64Array[];
}

/** Where each layer lies in the linear layout, and |W| (PROTOCOL §7). */
export function weightLayout(widths: readonly number[]): {
  readonly layers: readonly Pick<
    LayerShape,
    "layer" | "inputs" | "outputs" | "base" | "columnBits"
  >[];
  readonly entries: number;
} {
  const layers = [];
  let end = 0;
  for (let layer = 1; layer < widths.length; layer++) {
    const [inputs, outputs] = [widths[layer - 1]!, widths[layer]!];
    const columnBits = Math.ceil(Math.log2(outputs));
    const stride = 2 ** columnBits;
    const base = Math.ceil(end / stride) * stride;
    layers.push({ layer, inputs, outputs, base, columnBits });
    end = base + (inputs + 1) * stride;
  }
  return { layers, entries: end };
}

/** The start weights that a public seed (32 bytes) expands to (PROTOCOL §6). */
export function weightsFromSeed(seed: Uint8Array, widths: readonly number[], R: number): Weights {
  const { layers } = weightLayout(widths);
  return { widths, layers: layers.map((layer) => initialWeights(seed, R, layer)) };
}

/** All weights by linear address, |W| entries; addresses between the layers' rows hold 0 (PROTOCOL §7). */
export function toLinear({ widths, layers }: Weights): BigInt64Array {
  const layout = weightLayout(widths);
  const linear = new BigInt64Array(layout.entries);
  layout.layers.forEach(({ inputs, outputs, base, columnBits }, index) => {
    const layer = layers[index];
    if (layer?.length !== (inputs + 1) * outputs)
      throw new RangeError(
        `weights: layer ${index + 1} has ${layer?.length ?? 0} entries, its widths need ${(inputs + 1) * outputs}`,
      );
    for (let k = 0; k <= inputs; k++)
      linear.set(layer.subarray(k * outputs, (k + 1) * outputs), base + k * 2 ** columnBits);
  });
  return linear;
}

/**
 * The inverse of toLinear; a RangeError for a wrong length or a padding entry that is not 0. A layer whose rows lie without padding
 * shares `linear`'s memory.
 */
export function fromLinear(linear: BigInt64Array, widths: readonly number[]): Weights {
  const layout = weightLayout(widths);
  if (linear.length !== layout.entries)
    throw new RangeError(
      `weights: ${linear.length} linear entries, the widths need ${layout.entries}`,
    );
  let end = 0;
  const requireZeros = (from: number, to: number) => {
    for (let address = from; address < to; address++)
      if (linear[address] !== 0n)
        throw new RangeError(`weights: the padding at linear address ${address} is not 0`);
  };
  const layers = layout.layers.map(({ inputs, outputs, base, columnBits }) => {
    if (outputs === 2 ** columnBits) {
      requireZeros(end, base);
      end = base + (inputs + 1) * outputs;
      return linear.subarray(base, end);
    }
    const layer = new BigInt64Array((inputs + 1) * outputs);
    for (let k = 0; k <= inputs; k++) {
      const from = base + k * 2 ** columnBits;
      requireZeros(end, from);
      end = from + outputs;
      layer.set(linear.subarray(from, end), k * outputs);
    }
    return layer;
  });
  requireZeros(end, linear.length);
  return { widths, layers };
}
