import { ObjectDamagedError } from "./errors.ts";

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
  const small = values.every((value) => value >= -32768 && value <= 32767);
  const body = bytesOf(small ? Int16Array.from(values) : values);
  return Buffer.concat([Uint8Array.of(small ? 2 : 4), body]);
}

export function unpackIntegers(bytes: Uint8Array): Int32Array {
  const width = bytes[0];
  const body = new Uint8Array(bytes.subarray(1)); // a copy: aligned, whatever it came from
  if ((width !== 2 && width !== 4) || body.length % width !== 0)
    throw new ObjectDamagedError("an object's integers have no whole number of entries");
  return width === 2 ? Int32Array.from(new Int16Array(body.buffer)) : new Int32Array(body.buffer);
}

export const packWeights = (weights: BigInt64Array): Uint8Array => bytesOf(weights);

export function unpackWeights(bytes: Uint8Array): BigInt64Array {
  if (bytes.length % 8 !== 0) throw new ObjectDamagedError("weights of no whole number of entries");
  // Aligned, as what was just decrypted is, they are used where they lie.
  const own = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  return new BigInt64Array(own.buffer, own.byteOffset, own.length / 8);
}
