import { z } from "zod";
import { ModelFileError } from "./errors.ts";
import { decodeSafetensors, joined, safetensorsPieces, type Tensor } from "./safetensors.ts";
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
): Uint8Array[] {
  const { widths, layers } = weights;
  const tensors = layers.map((layer, index): [string, Tensor] => {
    const shape = [widths[index]! + 1, widths[index + 1]!];
    return [tensorName(index + 1), tensorOf(layer, shape)];
  });
  const { R, step, runId } = meta;
  const metadata = { format, widths: widths.join(","), R: `${R}`, step: `${step}`, runId };
  return safetensorsPieces({ metadata, tensors: new Map(tensors) });
}

/** How this machine lays out numbers. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** 64-bit integers from this machine's order to little-endian, or back, in place. */
function swappedWhereBig(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!LITTLE_ENDIAN) Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).swap64();
  return bytes;
}

/** The integers little-endian: their own memory where this machine has that order. */
function littleEndian({ buffer, byteOffset, byteLength }: BigInt64Array): Uint8Array {
  const own = new Uint8Array(buffer, byteOffset, byteLength);
  return LITTLE_ENDIAN ? own : swappedWhereBig(new Uint8Array(own));
}

/** Exact weights as safetensors: I64 tensors layer.l.weight of shape [n_{l−1} + 1, n_l], bias row last. */
export const encodeWeights = (weights: Weights, meta: WeightsMetadata): Uint8Array =>
  joined(weightsPieces(weights, meta));

/** The same file in pieces, which share the weights' memory. */
export function weightsPieces(weights: Weights, meta: WeightsMetadata): Uint8Array[] {
  return fileOf(weights, meta, EXACT_FORMAT, (layer, shape) => {
    return { type: "I64", shape, bytes: littleEndian(layer) };
  });
}

/** The same as F32 tensors of w / 2^R, rounded to single precision: for use in other libraries. */
export function encodeFloatWeights(weights: Weights, meta: WeightsMetadata): Uint8Array {
  const scale = 2 ** meta.R;
  const pieces = fileOf(weights, meta, FLOAT_FORMAT, (layer, shape) => {
    const bytes = new Uint8Array(4 * layer.length);
    const view = new DataView(bytes.buffer);
    // Two halves instead of a BigInt for each: their sum rounds once, as Number(value) does.
    const halves = new DataView(layer.buffer, layer.byteOffset, layer.byteLength);
    const [low, high] = LITTLE_ENDIAN ? [0, 4] : [4, 0];
    for (let i = 0; i < layer.length; i++) {
      const upper = halves.getInt32(8 * i + high, LITTLE_ENDIAN);
      const lower = halves.getUint32(8 * i + low, LITTLE_ENDIAN);
      view.setFloat32(4 * i, (upper * 2 ** 32 + lower) / scale, true);
    }
    return { type: "F32", shape, bytes };
  });
  return joined(pieces);
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
    return new BigInt64Array(swappedWhereBig(new Uint8Array(tensor.bytes)).buffer);
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
