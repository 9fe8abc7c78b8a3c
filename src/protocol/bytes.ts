/** Big-endian byte strings: the only serialisation that the protocol uses (PROTOCOL §1). */

/** The bytes of an ASCII string, without terminator. */
export function ascii(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) throw new RangeError("ascii: the text has a character outside ASCII");
    out[i] = code;
  }
  return out;
}

/** The concatenation of byte strings. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** `value` as `size` big-endian bytes; a RangeError where it does not fit. */
export function uint(value: number | bigint, size: number): Uint8Array {
  const out = new Uint8Array(size);
  // Numbers apart: they are hashed by the thousand, and bigints take five times as long.
  const left = typeof value === "number" ? fill(out, value) : fillBig(out, value);
  if (left !== 0) throw new RangeError(`uint: a value does not fit in ${size} bytes`);
  return out;
}

/** Fills the bytes from the last; what is left is 0 if the value fits. */
function fill(out: Uint8Array, value: number): number {
  let rest = value;
  for (let i = out.length - 1; i >= 0; i--) {
    out[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return Number.isInteger(value) ? rest : NaN;
}

function fillBig(out: Uint8Array, value: bigint): number {
  let rest = value;
  for (let i = out.length - 1; i >= 0; i--) {
    out[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return rest === 0n ? 0 : NaN;
}

export const u8 = (value: number): Uint8Array => uint(value, 1);
export const u32 = (value: number): Uint8Array => uint(value, 4);
export const u64 = (value: number | bigint): Uint8Array => uint(value, 8);

/** A view of exactly these bytes. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** The 32 bytes at `offset` as an unsigned big-endian integer. */
export function readUint256(bytes: Uint8Array, offset = 0): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 32);
  return (
    (view.getBigUint64(0) << 192n) |
    (view.getBigUint64(8) << 128n) |
    (view.getBigUint64(16) << 64n) |
    view.getBigUint64(24)
  );
}

/** Writes `value` < 2^256 as 32 big-endian bytes at `offset`. */
export function writeUint256(bytes: Uint8Array, offset: number, value: bigint): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 32);
  view.setBigUint64(0, value >> 192n); // setBigUint64 keeps the low 64 bits
  view.setBigUint64(8, value >> 128n);
  view.setBigUint64(16, value >> 64n);
  view.setBigUint64(24, value);
}

/** Whether two byte strings are the same. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal, without prefix. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** The value of a hexadecimal digit by its character code; 16 for any other character below 128. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 16 : value;
});

/** Bytes of a hexadecimal string, with or without 0x; a RangeError for anything else. */
export function fromHex(text: string): Uint8Array {
  const start = text.startsWith("0x") ? 2 : 0;
  const out = new Uint8Array(Math.floor((text.length - start) / 2));
  let faults = (text.length - start) % 2;
  for (let i = 0; i < out.length; i++) {
    const high = DIGITS[text.charCodeAt(start + 2 * i)] ?? 16;
    const low = DIGITS[text.charCodeAt(start + 2 * i + 1)] ?? 16;
    faults |= (high | low) & 16;
    out[i] = 16 * high + low;
  }
  if (faults !== 0) throw new RangeError("fromHex: expected an even number of hexadecimal digits");
  return out;
}
