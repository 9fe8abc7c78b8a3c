import { ModelFileError } from "./errors.ts";
import { readFloats } from "./floatTensor.ts";
import { firstDifference, quantise } from "./quantise.ts";
import { decodeSafetensors } from "./safetensors.ts";
import {
  decodeStateDict,
  type FloatLayer,
  type StateDictOptions,
  stateDictWidths,
} from "./stateDict.ts";
import type { Weights } from "./weights.ts";
import { decodeWeights, EXACT_FORMAT, FLOAT_FORMAT, tensorName } from "./weightsFile.ts";

/** What a weights file must fit. */
export interface WeightsFit extends StateDictOptions {
  /** Fraction bits of weights. */
  readonly R: number;
}

/** Layers of trainproof's own float32 file, whose tensors are W_l, bias row last, as they are. */
function ownFloats(bytes: Uint8Array, file: string, widths: readonly number[]): FloatLayer[] {
  const { tensors } = decodeSafetensors(bytes, file);
  return widths.slice(1).map((outputs, index) => {
    const name = tensorName(index + 1);
    const tensor = tensors.get(name);
    const shape = [widths[index]! + 1, outputs];
    if (tensor?.shape.join() !== shape.join() || tensors.size !== widths.length - 1)
      throw new ModelFileError(
        file,
        `${tensors.size} tensors, ${name} of shape [${tensor?.shape.join(", ") ?? "none"}]; the plan's widths need [${shape.join(", ")}].`,
        'Correct "widths" in the plan, or name another file.',
      );
    return { values: readFloats(tensor, name, file), type: "F32", biasType: "F32" };
  });
}

function exactWeights(bytes: Uint8Array, file: string, { widths, R }: WeightsFit): Weights {
  const { weights, metadata } = decodeWeights(bytes, file);
  if (weights.widths.join() === widths.join() && metadata.R === R) return weights;
  throw new ModelFileError(
    file,
    `exact weights of ${weights.widths.join("-")} with R = ${metadata.R}; the plan says ${widths.join("-")} with R = ${R}.`,
    "Take the plan's widths and fixedPoint.R from the run that wrote the file.",
  );
}

type Decoded = { readonly exact: Weights } | { readonly floats: readonly FloatLayer[] };

function decode(bytes: Uint8Array, file: string, fit: WeightsFit): Decoded {
  const { format } = decodeSafetensors(bytes, file).metadata;
  if (format === EXACT_FORMAT) return { exact: exactWeights(bytes, file, fit) };
  return {
    floats:
      format === FLOAT_FORMAT
        ? ownFloats(bytes, file, fit.widths)
        : decodeStateDict(bytes, file, fit),
  };
}

/**
 * Weights to start from: a PyTorch state_dict or trainproof's float32 file, rounded to R fraction bits (half up), or trainproof's
 * exact file as it is. Errors: ModelFileError.
 */
export function decodeStartWeights(bytes: Uint8Array, file: string, fit: WeightsFit): Weights {
  const decoded = decode(bytes, file, fit);
  return "exact" in decoded ? decoded.exact : quantise(decoded.floats, fit.widths, fit.R, file);
}

/**
 * n_0 … n_L of the network that a weights file holds, whichever of these it is. Errors: ModelFileError.
 *
 * @param names - a state_dict's modules in order, where they cannot be told.
 */
export function fileWidths(bytes: Uint8Array, file: string, names?: readonly string[]): number[] {
  const { format, widths = "" } = decodeSafetensors(bytes, file).metadata;
  if (format !== EXACT_FORMAT && format !== FLOAT_FORMAT)
    return stateDictWidths(bytes, file, names);
  if (/^\d+(,\d+)+$/.test(widths)) return widths.split(",").map(Number);
  throw new ModelFileError(file, "its widths are missing.", "Fetch the file again.");
}

/**
 * Compares a weights file with exact weights: exact integers must be equal, floating-point numbers what the exact weights round
 * to in the file's own type. The first layer and entry that differ, or undefined. Errors: ModelFileError.
 */
export function differenceFrom(
  bytes: Uint8Array,
  file: string,
  fit: WeightsFit,
  exact: Weights,
): { readonly layer: number; readonly entry: number } | undefined {
  const decoded = decode(bytes, file, fit);
  if ("floats" in decoded) return firstDifference(decoded.floats, exact, fit.R);
  for (const [index, layer] of decoded.exact.layers.entries()) {
    const entry = layer.findIndex((weight, i) => weight !== exact.layers[index]![i]);
    if (entry >= 0) return { layer: index + 1, entry };
  }
  return undefined;
}
