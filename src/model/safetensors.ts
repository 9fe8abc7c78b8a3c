import { z } from "zod";
import { ModelFileError } from "./errors.ts";

/** The element types that are read, with the bytes of one element. */
const ELEMENT_BYTES = {
  I64: 8,
  U64: 8,
  F64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type TensorType = keyof typeof ELEMENT_BYTES;
const TENSOR_TYPES = Object.keys(ELEMENT_BYTES) as TensorType[];

/** A tensor as raw little-endian bytes, C order. */
export interface Tensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The format's own limit on the JSON header. */
const MAX_HEADER = 100_000_000;

const HeaderEntry = z.strictObject({
  dtype: z.enum(TENSOR_TYPES),
  shape: z.array(z.number().int().min(0)).max(8),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
const Header = z.record(z.string(), z.unknown());
const Metadata = z.record(z.string(), z.string());

/** A safetensors file in pieces: u64 LE header length ‖ JSON header, padded to 8; then the bytes of each tensor, in order. */
export function safetensorsPieces({ metadata, tensors }: Safetensors): Uint8Array[] {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { type, shape, bytes }] of tensors) {
    if (bytes.length !== shape.reduce((a, b) => a * b, 1) * ELEMENT_BYTES[type])
      throw new RangeError(`safetensors: ${name} has not the bytes that its shape needs`);
    header[name] = { dtype: type, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const head = new Uint8Array(8 + padded).fill(0x20, 8);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
  head.set(json, 8);
  return [head, ...Array.from(tensors.values(), ({ bytes }) => bytes)];
}

/** The bytes of a safetensors file. */
export const encodeSafetensors = (content: Safetensors): Uint8Array =>
  joined(safetensorsPieces(content));

/** Pieces as one, in memory of its own. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Where a tensor lies in the file, and what it is. */
export interface TensorEntry {
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** Of its first byte in the file. */
  readonly offset: number;
  readonly bytes: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/**
 * Reads the header of a safetensors file of `size` bytes, strictly: the offsets must cover the data without gap, overlap
 * or rest, and agree with shape and type. `read` gives bytes by offset; `file` names the file in errors (ModelFileError).
 */
export function parseSafetensors(
  size: number,
  read: (offset: number, length: number) => Uint8Array,
  file: string,
): SafetensorsHeader {
  const reject = (problem: string, wayOut = "Write the file again.") =>
    new ModelFileError(file, problem, wayOut);
  if (size < 8) throw reject(`${size} bytes are no safetensors file.`);
  const prefix = read(0, 8);
  const headerLength = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true);
  if (headerLength > BigInt(Math.min(MAX_HEADER, size - 8)))
    throw reject(
      `the header claims ${headerLength} bytes; the file has ${size - 8} after the length, the limit is ${MAX_HEADER}.`,
      "The file is cut off or not safetensors.",
    );
  const dataStart = 8 + Number(headerLength);
  const text = Buffer.from(read(8, Number(headerLength))).toString("utf8");
  if (!text.startsWith("{")) throw reject("the header does not start with {.");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw reject("the header is not JSON.");
  }
  const header = Header.safeParse(json);
  if (!header.success) throw reject("the header is not a JSON object.");
  const { __metadata__: rawMetadata = {}, ...entries } = header.data;
  const metadata = Metadata.safeParse(rawMetadata);
  if (!metadata.success) throw reject("__metadata__ must map strings to strings.");

  const parsed = Object.entries(entries).map(([name, value]) => {
    const entry = HeaderEntry.safeParse(value);
    if (entry.success) return { name, ...entry.data };
    const issue = entry.error.issues[0]!;
    throw reject(
      `tensor ${JSON.stringify(name.slice(0, 80))}, ${issue.path.join(".") || "entry"}: ${issue.message}.`,
      `Types read: ${TENSOR_TYPES.join(", ")}.`,
    );
  });
  parsed.sort(
    (a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  const tensors = new Map<string, TensorEntry>();
  let end = 0;
  for (const { name, dtype, shape, data_offsets } of parsed) {
    const [from, to] = data_offsets;
    const length = shape.reduce((a, b) => a * b, 1) * ELEMENT_BYTES[dtype];
    if (from !== end || to - from !== length)
      throw reject(
        `tensor ${JSON.stringify(name)} spans bytes ${from} to ${to}; its shape (${shape.join(", ")}) of ${dtype} needs ${end} to ${end + length}.`,
      );
    end = to;
    tensors.set(name, { type: dtype, shape, offset: dataStart + from, bytes: length });
  }
  if (dataStart + end !== size)
    throw reject(
      `the tensors end at byte ${dataStart + end}, the file at ${size}.`,
      "The file is cut off or has trailing bytes: write it again.",
    );
  return { metadata: metadata.data, tensors };
}

/** Reads a safetensors file that is in memory. Errors: ModelFileError. */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const { metadata, tensors } = parseSafetensors(
    bytes.length,
    (offset, length) => bytes.subarray(offset, offset + length),
    file,
  );
  const views = [...tensors].map(([name, entry]): [string, Tensor] => [
    name,
    {
      type: entry.type,
      shape: entry.shape,
      bytes: bytes.subarray(entry.offset, entry.offset + entry.bytes),
    },
  ]);
  return { metadata, tensors: new Map(views) };
}
