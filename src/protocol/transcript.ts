import { ascii, concat, readUint256, u32, u64, u8 } from "./bytes.ts";
import { encodeScalars, R } from "./field.ts";
import { keccak256 } from "./hash.ts";
import { encodePoints, type Point, POINT_BYTES } from "./points.ts";
import { SCALAR_BYTES } from "./scalarList.ts";

/** The type of a frame: bytes, u64s, scalars, points, or a challenge (PROTOCOL §3). */
export type FrameType = "B" | "U" | "S" | "P" | "C";

/** One absorb or challenge, as PROTOCOL §20 lists them. */
export interface Frame {
  readonly label: string;
  readonly type: FrameType;
  readonly count: number;
}

const START = keccak256(ascii("trainproof/1/transcript"));

/** The Fiat–Shamir transcript: what was said decides what is asked (PROTOCOL §3). */
export class Transcript {
  #state = START;
  #buffer: Uint8Array[] = [];
  readonly #onFrame: ((frame: Frame) => void) | undefined;

  /** `onFrame` sees every frame in order, for inventories. */
  constructor(onFrame?: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  absorbBytes(label: string, bytes: Uint8Array): void {
    this.#frame(label, "B", bytes.length, bytes);
  }

  absorbU64s(label: string, values: readonly (number | bigint)[]): void {
    this.#frame(label, "U", values.length, concat(...values.map(u64)));
  }

  absorbScalars(label: string, values: readonly bigint[]): void {
    this.#frame(label, "S", values.length, encodeScalars(values));
  }

  /** Scalars that are bytes already, 32 each. */
  absorbEncodedScalars(label: string, bytes: Uint8Array): void {
    this.#frame(label, "S", bytes.length / SCALAR_BYTES, bytes);
  }

  absorbPoints(label: string, points: readonly Point[]): void {
    this.#frame(label, "P", points.length, encodePoints(points));
  }

  /** Points that are bytes already, 64 each. */
  absorbEncodedPoints(label: string, bytes: Uint8Array): void {
    this.#frame(label, "P", bytes.length / POINT_BYTES, bytes);
  }

  /** `count` scalars that depend on every frame so far; none, and no trace, for count 0. */
  challenge(label: string, count: number): bigint[] {
    if (count === 0) return [];
    this.#frame(label, "C", count, new Uint8Array());
    this.#state = keccak256(u8(0), this.#state, ...this.#buffer);
    this.#buffer = [];
    return Array.from({ length: count }, (_, k) => this.#squeeze(k));
  }

  #squeeze(k: number): bigint {
    const half = (i: number): Uint8Array => keccak256(u8(1), this.#state, u32(i));
    return read512(half(2 * k), half(2 * k + 1)) % R;
  }

  #frame(label: string, type: FrameType, count: number, payload: Uint8Array): void {
    this.#onFrame?.({ label, type, count });
    const name = ascii(label);
    this.#buffer.push(u8(name.length), name, ascii(type), u32(count), payload);
  }
}

function read512(high: Uint8Array, low: Uint8Array): bigint {
  return (readUint256(high) << 256n) | readUint256(low);
}
