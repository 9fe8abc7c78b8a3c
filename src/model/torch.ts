import { encodeSafetensors, type Tensor } from "./safetensors.ts";
import type { Weights } from "./weights.ts";

/** A linear layer as PyTorch has it, in float32: weight [out, in] row-major, bias [out]. */
export interface TorchLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** w / 2^R as float32, layer by layer. */
export function torchLayers({ widths, layers }: Weights, R: number): TorchLayer[] {
  const scale = 2 ** R;
  return layers.map((layer, index) => {
    const [inputs, outputs] = [widths[index]!, widths[index + 1]!];
    const weight = new Float32Array(inputs * outputs);
    for (let k = 0; k < inputs; k++)
      for (let j = 0; j < outputs; j++)
        weight[j * inputs + k] = Number(layer[k * outputs + j]!) / scale;
    const bias = Float32Array.from(layer.subarray(inputs * outputs), (w) => Number(w) / scale);
    return { inputs, outputs, weight, bias };
  });
}

/** Names of the linear layers in torch.nn.Sequential(Linear, ReLU, Linear, …) called net: net.0, net.2, … */
export const sequentialNames = (layers: number): string[] =>
  Array.from({ length: layers }, (_, index) => `net.${2 * index}`);

/** The little-endian bytes of floats, which typed arrays have in the machine's order. */
export function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  return bytes;
}

/**
 * Weights as a state_dict that torch's load_state_dict takes: F32 tensors <name>.weight [out, in] and <name>.bias [out].
 * `metadata` goes into the file beside format "pt".
 */
export function encodeStateDict(
  weights: Weights,
  R: number,
  names: readonly string[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const tensors = torchLayers(weights, R).flatMap((layer, index): [string, Tensor][] => {
    const { inputs, outputs, weight, bias } = layer;
    const name = names[index]!;
    return [
      [`${name}.bias`, { type: "F32", shape: [outputs], bytes: littleEndian(bias) }],
      [`${name}.weight`, { type: "F32", shape: [outputs, inputs], bytes: littleEndian(weight) }],
    ];
  });
  return encodeSafetensors({ metadata: { ...metadata, format: "pt" }, tensors: new Map(tensors) });
}
