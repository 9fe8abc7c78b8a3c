import { writeUint256, readUint256, viewOf } from "./bytes.ts";
import { encodeScalars, R } from "./field.ts";

/** Bytes of an encoded scalar. */
export const SCALAR_BYTES = 32;

/** Scalars that stay bytes, 32 each, until their values are asked for. */
export class ScalarList {
  readonly bytes: Uint8Array;
  #values: readonly bigint[] | undefined;

  /** Takes the bytes as they are: readScalars checks them. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  static of(values: readonly bigint[]): ScalarList {
    return new ScalarList(encodeScalars(values));
  }

  get length(): number {
    return this.bytes.length / SCALAR_BYTES;
  }

  /** The values, decoded when first asked for. */
  get values(): readonly bigint[] {
    return (this.#values ??= Array.from({ length: this.length }, (_, i) =>
      readUint256(this.bytes, SCALAR_BYTES * i),
    ));
  }

  /** The bytes of the scalars from `start` up to `end`. */
  part(start: number, end: number): Uint8Array {
    return this.bytes.subarray(SCALAR_BYTES * start, SCALAR_BYTES * end);
  }
}

/** r as eight big-endian 32-bit words, to compare with. */
const ORDER = ((): readonly number[] => {
  const bytes = new Uint8Array(SCALAR_BYTES);
  writeUint256(bytes, 0, R);
  const view = viewOf(bytes);
  return Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i));
})();

/** The index of the first of the scalars in `bytes`, 32 each, that is not below r; their number if all are. */
export function canonicalScalars(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  const count = bytes.length / SCALAR_BYTES;
  for (let i = 0; i < count; i++) {
    let k = 0;
    while (k < 8 && view.getUint32(SCALAR_BYTES * i + 4 * k) === ORDER[k]) k++;
    if (k === 8 || view.getUint32(SCALAR_BYTES * i + 4 * k) > ORDER[k]!) return i;
  }
  return count;
}

/** The scalars in `bytes`, a copy that nobody else can change; or the index of the first that is not below r. */
export function readScalars(bytes: Uint8Array): ScalarList | number {
  const own = bytes.slice();
  const valid = canonicalScalars(own);
  return valid === own.length / SCALAR_BYTES ? new ScalarList(own) : valid;
}
