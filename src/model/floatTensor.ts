import { ModelFileError } from "./errors.ts";
import { bfloat16ToNumber, halfToNumber } from "./halfFloat.ts";
import type { Tensor, TensorType } from "./safetensors.ts";

/** The types that weights come in. */
export type FloatType = "F64" | "F32" | "F16" | "BF16";

const getters: Record<FloatType, readonly [bytes: number, (view: DataView, at: number) => number]> =
  {
    F64: [8, (view, at) => view.getFloat64(at, true)],
    F32: [4, (view, at) => view.getFloat32(at, true)],
    F16: [2, (view, at) => halfToNumber(view.getUint16(at, true))],
    BF16: [2, (view, at) => bfloat16ToNumber(view.getUint16(at, true))],
  };

export const isFloatType = (type: TensorType): type is FloatType => type in getters;

/** A tensor's values as doubles, exactly. A ModelFileError for other types, NaN and infinities; no value is shown. */
export function readFloats(tensor: Tensor, name: string, file: string): Float64Array {
  const { type, bytes } = tensor;
  if (!isFloatType(type))
    throw new ModelFileError(
      file,
      `tensor ${JSON.stringify(name)} is ${type}; weights are F64, F32, F16 or BF16.`,
      "Save the floating-point state_dict, before any quantisation.",
    );
  const [size, get] = getters[type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float64Array.from({ length: bytes.length / size }, (_, i) => {
    const value = get(view, i * size);
    if (Number.isFinite(value)) return value;
    throw new ModelFileError(
      file,
      `tensor ${JSON.stringify(name)}, entry ${i}: not a finite number.`,
      "Train without divergence, and save again.",
    );
  });
}

/** The nearest number with so many fraction bits below the leading one and exponent ≥ least; ties to even. */
function roundTo(value: number, fractionBits: number, leastExponent: number): number {
  if (value === 0) return 0;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), leastExponent);
  const unit = 2 ** (exponent - fractionBits);
  const scaled = value / unit;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return (floor + (up ? 1 : 0)) * unit;
}

/** A double as it comes back from a type: rounded to float32 first, as PyTorch's tensors are, then on, ties to even. */
export function throughType(value: number, type: FloatType): number {
  if (type === "F64") return value;
  const single = Math.fround(value);
  if (type === "F32") return single;
  return type === "BF16" ? roundTo(single, 7, -126) : roundTo(single, 10, -14);
}
