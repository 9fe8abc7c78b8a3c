import { ObjectDamagedError } from "./errors.ts";
import type { Pieces } from "./objectCipher.ts";

/** Several byte strings as one: u32 their number, u64 the length of each, then the bytes; little-endian. */
export function pack(parts: readonly Uint8Array[]): Uint8Array {
  const header = Buffer.alloc(4 + 8 * parts.length);
  header.writeUInt32LE(parts.length);
  parts.forEach((part, i) => header.writeBigUInt64LE(BigInt(part.length), 4 + 8 * i));
  return Buffer.concat([header, ...parts]);
}

/** The inverse; ObjectDamagedError unless there are exactly so many parts that fill the bytes. Each has memory of its own. */
export function unpack(bytes: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let at = 4 + 8 * count;
  if (bytes.length >= at && view.getUint32(0, true) === count)
    for (let i = 0; i < count; i++) {
      const length = Number(view.getBigUint64(4 + 8 * i, true));
      if (length > bytes.length - at) break;
      // A copy: Buffer.slice would share memory, and typed arrays need it aligned.
      parts.push(new Uint8Array(bytes.subarray(at, (at += length))));
    }
  if (parts.length === count && at === bytes.length) return parts;
  throw new ObjectDamagedError(`an object of the queue does not consist of ${count} parts`);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Integers in two bytes each where all fit, else in four; unpackIntegers tells by the first byte. */
export function packIntegers(values: Int32Array): Uint8Array {
  let small = true;
  for (let i = 0; small && i < values.length; i++) small = (values[i]! << 16) >> 16 === values[i];
  const body = bytesOf(small ? new Int16Array(values) : values);
  return Buffer.concat([Uint8Array.of(small ? 2 : 4), body]);
}

export function unpackIntegers(bytes: Uint8Array): Int32Array {
  const width = bytes[0];
  const body = new Uint8Array(bytes.subarray(1)); // a copy: aligned, whatever it came from
  if ((width !== 2 && width !== 4) || body.length % width !== 0)
    throw new ObjectDamagedError("an object's integers have no whole number of entries");
  return width === 2 ? new Int32Array(new Int16Array(body.buffer)) : new Int32Array(body.buffer);
}

/** Bytes before weights: their width, 4 or 8, as u32. With an object's own header they then lie aligned. */
const WIDTH = 4;
/** Weights narrowed at a time. */
const CHUNK = 2 ** 16;

/** Weights in four bytes each where all fit, as those of most networks do, else in eight: u32 the width, then the integers. */
export function packWeights(weights: BigInt64Array | Int32Array): Pieces {
  const narrow = weights instanceof BigInt64Array && fitInt32(weights);
  const width = narrow ? 4 : weights.BYTES_PER_ELEMENT;
  const header = Buffer.alloc(WIDTH);
  header.writeUInt32LE(width);
  return {
    length: WIDTH + width * weights.length,
    pieces: narrow ? narrowed(header, weights) : [header, bytesOf(weights)],
  };
}

/** Weights' 32-bit halves; the lower one first, as on all machines that the prover is for. */
const halves = ({ buffer, byteOffset, length }: BigInt64Array): Int32Array =>
  new Int32Array(buffer, byteOffset, 2 * length);

function fitInt32(weights: BigInt64Array): boolean {
  const parts = halves(weights);
  for (let i = 0; i < parts.length; i += 2) if (parts[i]! >> 31 !== parts[i + 1]!) return false;
  return true;
}

function* narrowed(header: Uint8Array, weights: BigInt64Array): Iterable<Uint8Array> {
  yield header;
  const parts = halves(weights);
  const chunk = new Int32Array(CHUNK);
  for (let begin = 0; begin < weights.length; begin += CHUNK) {
    const count = Math.min(CHUNK, weights.length - begin);
    for (let i = 0; i < count; i++) chunk[i] = parts[2 * (begin + i)]!;
    yield bytesOf(chunk.subarray(0, count));
  }
}

/** The inverse, in the bytes' own memory; ObjectDamagedError where they are no weights. */
export function unpackWeights(bytes: Uint8Array): BigInt64Array | Int32Array {
  const width =
    bytes.length < WIDTH ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const body = bytes.subarray(WIDTH);
  if ((width !== 4 && width !== 8) || body.length % width !== 0)
    throw new ObjectDamagedError("weights of no whole number of entries");
  // Aligned, as what was just opened is, they are used where they lie.
  const own = body.byteOffset % width === 0 ? body : new Uint8Array(body);
  const length = own.length / width;
  return width === 4
    ? new Int32Array(own.buffer, own.byteOffset, length)
    : new BigInt64Array(own.buffer, own.byteOffset, length);
}
