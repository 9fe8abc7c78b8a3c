import { readUint256, writeUint256 } from "./bytes.ts";

/** Fq: the base field of BN254 (PROTOCOL §1). */
export const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** A point of G1: y² = x³ + 3 over Fq. The group has prime order, so the curve check is all. */
export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** Bytes of an encoded point, x ‖ y. */
export const POINT_BYTES = 64;

/** Why 64 bytes are no point, or undefined if they are one. */
export type PointFault = "not canonical" | "the identity" | "not on the curve";

export function onCurve(x: bigint, y: bigint): boolean {
  return (y * y - x * x * x - 3n) % Q === 0n;
}

/**
 * The point encoded at `offset`, or the reason why there is none. The identity, which has no affine
 * coordinates, is conventionally (0, 0) and gets its own reason.
 */
export function readPoint(bytes: Uint8Array, offset = 0): Point | PointFault {
  const x = readUint256(bytes, offset);
  const y = readUint256(bytes, offset + 32);
  if (x >= Q || y >= Q) return "not canonical";
  if (x === 0n && y === 0n) return "the identity";
  return onCurve(x, y) ? { x, y } : "not on the curve";
}

/** Points as 64 bytes each. */
export function encodePoints(points: readonly Point[]): Uint8Array {
  const out = new Uint8Array(POINT_BYTES * points.length);
  points.forEach(({ x, y }, i) => {
    writeUint256(out, POINT_BYTES * i, x);
    writeUint256(out, POINT_BYTES * i + 32, y);
  });
  return out;
}
