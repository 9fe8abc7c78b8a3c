import { readUint256 } from "./bytes.ts";
import { encodePoints, type Point, POINT_BYTES, type PointFault, readPoint } from "./points.ts";
import { engine, instantiate, type WebAssemblyLike } from "./wasm/engine.ts";
import { pointsModule } from "./wasm/pointsModule.ts";

/** Points that stay bytes, 64 each: most are only hashed and multiplied. */
export class PointList {
  readonly bytes: Uint8Array;

  /** Takes the bytes as they are: readPoints checks them. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  static of(points: readonly Point[]): PointList {
    return new PointList(encodePoints(points));
  }

  get length(): number {
    return this.bytes.length / POINT_BYTES;
  }

  at(index: number): Point {
    const offset = POINT_BYTES * index;
    return { x: readUint256(this.bytes, offset), y: readUint256(this.bytes, offset + 32) };
  }

  toArray(): Point[] {
    return Array.from({ length: this.length }, (_, i) => this.at(i));
  }
}

/** The first of some encoded points that is none, and why. */
export interface ListFault {
  readonly index: number;
  readonly fault: PointFault;
}

/** The first of the points in `bytes`, 64 each, that is none; undefined where all are. */
export type FirstFault = (bytes: Uint8Array) => ListFault | undefined;

/** The exports of wasm/points.as.ts. */
interface Kernel {
  memory: { buffer: ArrayBuffer };
  buffer(count: number): number;
  valid(count: number): number;
}

/** Points handed over at a time. */
const CHUNK = 1024;

let chosen: FirstFault | undefined;

/** The points in `bytes`, a copy that nobody else can change; or the first that is none. */
export function readPoints(bytes: Uint8Array): PointList | ListFault {
  chosen ??= wasmFirstFault(engine) ?? bigintFirstFault;
  const own = bytes.slice();
  return chosen(own) ?? new PointList(own);
}

export const bigintFirstFault = (bytes: Uint8Array, first = 0): ListFault | undefined => {
  for (let index = first; POINT_BYTES * index < bytes.length; index++) {
    const point = readPoint(bytes, POINT_BYTES * index);
    if (typeof point === "string") return { index, fault: point };
  }
  return undefined;
};

/**
 * By wasm/points.as.ts: 0.25 µs a point, where optimised bigints take 1. These say what is wrong with a point.
 * Undefined where there is no WebAssembly, or no memory for it.
 */
export function wasmFirstFault(by: WebAssemblyLike | undefined): FirstFault | undefined {
  const kernel = instantiate<Kernel>(by, pointsModule);
  const at = kernel?.buffer(CHUNK) ?? 0;
  if (kernel === undefined || at === 0) return undefined;
  const buffer = new Uint8Array(kernel.memory.buffer, at, POINT_BYTES * CHUNK);
  return (bytes) => {
    for (let first = 0; POINT_BYTES * first < bytes.length; first += CHUNK) {
      const part = bytes.subarray(POINT_BYTES * first, POINT_BYTES * (first + CHUNK));
      buffer.set(part);
      const count = part.length / POINT_BYTES;
      const valid = kernel.valid(count);
      if (valid < count) return bigintFirstFault(bytes, first + valid);
    }
    return undefined;
  };
}
