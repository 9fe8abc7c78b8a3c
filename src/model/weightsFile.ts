import { z } from "zod";
import { ModelFileError } from "./errors.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./safetensors.ts";
import type { Weights } from "./weights.ts";

/** What a weights file says about itself. */
export interface WeightsMetadata {
  /** Fraction bits: an entry w stands for w / 2^R. */
  readonly R: number;
  /** Steps of the run that are in these weights. */
  readonly step: number;
  /** 32 bytes, 0x and lower-case hexadecimal. */
  readonly runId: string;
}

/** What trainproof's own files call themselves: exact integers, and the same in float32. */
export const EXACT_FORMAT = "trainproof-weights/1";
export const FLOAT_FORMAT = "trainproof-weights-f32/1";

const decimal = (max: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/)
    .transform(Number)
    .pipe(z.number().max(max));

const Metadata = z.object({
  format: z.literal(EXACT_FORMAT),
  widths: z.string().regex(/^[1-9]\d{0,6}(,[1-9]\d{0,6}){1,64}$/),
  R: decimal(56),
  step: decimal(2 ** 40),
  runId: z.string().regex(/^0x[0-9a-f]{64}$/),
});

/** W_l's tensor. */
export const tensorName = (layer: number) => `layer.${layer}.weight`;

function fileOf(
  weights: Weights,
  meta: WeightsMetadata,
  format: string,
  tensorOf: (layer: BigInt64Array, shape: readonly number[]) => Tensor,
): Uint8Array {
  const { widths, layers } = weights;
  const tensors = layers.map((layer, index): [string, Tensor] => {
    const shape = [widths[index]! + 1, widths[index + 1]!];
    return [tensorName(index + 1), tensorOf(layer, shape)];
  });
  const { R, step, runId } = meta;
  const metadata = { format, widths: widths.join(","), R: `${R}`, step: `${step}`, runId };
  return encodeSafetensors({ metadata, tensors: new Map(tensors) });
}

/** Exact weights as safetensors: I64 tensors layer.l.weight of shape [n_{l−1} + 1, n_l], bias row last. */
export function encodeWeights(weights: Weights, meta: WeightsMetadata): Uint8Array {
  return fileOf(weights, meta, EXACT_FORMAT, (layer, shape) => {
    const bytes = new Uint8Array(8 * layer.length);
    const view = new DataView(bytes.buffer);
    layer.forEach((value, i) => view.setBigInt64(8 * i, value, true));
    return { type: "I64", shape, bytes };
  });
}

/** The same as F32 tensors of w / 2^R, rounded to single precision: for use in other libraries. */
export function encodeFloatWeights(weights: Weights, meta: WeightsMetadata): Uint8Array {
  const scale = 2 ** meta.R;
  return fileOf(weights, meta, FLOAT_FORMAT, (layer, shape) => {
    const bytes = new Uint8Array(4 * layer.length);
    const view = new DataView(bytes.buffer);
    layer.forEach((value, i) => view.setFloat32(4 * i, Number(value) / scale, true));
    return { type: "F32", shape, bytes };
  });
}

/** Reads what encodeWeights wrote; ModelFileError for anything else. `file` names it in errors. */
export function decodeWeights(
  bytes: Uint8Array,
  file: string,
): { readonly weights: Weights; readonly metadata: WeightsMetadata } {
  const { metadata, tensors } = decodeSafetensors(bytes, file);
  const parsed = Metadata.safeParse(metadata);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new ModelFileError(
      file,
      `metadata ${issue.path.join(".")}: ${issue.message}.`,
      `Name a weights.safetensors that trainproof wrote (format ${EXACT_FORMAT}).`,
    );
  }
  const widths = parsed.data.widths.split(",").map(Number);
  const layers = widths.slice(1).map((outputs, index) => {
    const name = tensorName(index + 1);
    const tensor = tensors.get(name);
    const shape = [widths[index]! + 1, outputs];
    if (tensor?.type !== "I64" || tensor.shape.join() !== shape.join())
      throw new ModelFileError(
        file,
        `tensor ${name} is ${tensor ? `${tensor.type} (${tensor.shape.join(", ")})` : "missing"}; the widths need I64 (${shape.join(", ")}).`,
        "Use the file as trainproof wrote it.",
      );
    const view = new DataView(tensor.bytes.buffer, tensor.bytes.byteOffset, tensor.bytes.length);
    return BigInt64Array.from({ length: tensor.bytes.length / 8 }, (_, i) =>
      view.getBigInt64(8 * i, true),
    );
  });
  if (tensors.size !== layers.length)
    throw new ModelFileError(
      file,
      `${tensors.size} tensors, but the widths need ${layers.length}.`,
      "Use the file as trainproof wrote it.",
    );
  const { R, step, runId } = parsed.data;
  return { weights: { widths, layers }, metadata: { R, step, runId } };
}
