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

const FIRST = u8(0);
const SQUEEZE = u8(1);

/** The Fiat–Shamir transcript: what was said decides what is asked (PROTOCOL §3). */
export class Transcript {
  #state = START;
  /** The frames since the last challenge, in the first #filled bytes. */
  #buffer = new Uint8Array(4096);
  #filled = 0;
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
    this.#frame(label, "C", count, NOTHING);
    this.#state = keccak256(FIRST, this.#state, this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
    return Array.from({ length: count }, (_, k) => this.#squeeze(k));
  }

  #squeeze(k: number): bigint {
    const half = (i: number): Uint8Array => keccak256(SQUEEZE, this.#state, u32(i));
    return read512(half(2 * k), half(2 * k + 1)) % R;
  }

  /** Appends u8 |label| ‖ label ‖ u8 type ‖ u32 count ‖ payload. */
  #frame(label: string, type: FrameType, count: number, payload: Uint8Array): void {
    this.#onFrame?.({ label, type, count });
    const head = ascii(`${type}${label}`);
    const size = head.length + 5;
    this.#reserve(size + payload.length);
    const buffer = this.#buffer;
    const at = this.#filled;
    buffer.set(u8(label.length), at); // a RangeError beyond 255
    buffer.set(head.subarray(1), at + 1);
    buffer[at + head.length] = head[0]!;
    buffer.set(u32(count), at + head.length + 1);
    buffer.set(payload, at + size);
    this.#filled = at + size + payload.length;
  }

  #reserve(bytes: number): void {
    const needed = this.#filled + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, this.#filled));
    this.#buffer = larger;
  }
}

const NOTHING = new Uint8Array();

function read512(high: Uint8Array, low: Uint8Array): bigint {
  return (readUint256(high) << 256n) | readUint256(low);
}
