import { bfloat16ToNumber, halfToNumber } from "../model/index.ts";

/**
 * Element types of IDX, .npy and safetensors: unsigned, signed, floating point, bfloat16, boolean; the digit is the size in bytes.
 */
export type ElementType =
  "u1" | "i1" | "u2" | "i2" | "u4" | "i4" | "u8" | "i8" | "f2" | "f4" | "f8" | "bf2" | "b1";

export const sizeOf = (type: ElementType): number => Number(type.at(-1));

/** Reads one element; 8-byte integers beyond ±2^53 come out rounded, and no longer safe integers. */
export const elementGetters: Record<
  ElementType,
  (view: DataView, at: number, little: boolean) => number
> = {
  u1: (view, at) => view.getUint8(at),
  b1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f2: (view, at, little) => halfToNumber(view.getUint16(at, little)),
  bf2: (view, at, little) => bfloat16ToNumber(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};
