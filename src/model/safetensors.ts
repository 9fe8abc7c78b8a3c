import { z } from "zod";
import { ModelFileError } from "./errors.ts";

/** Bytes of one element, for the types that weights come in. */
const ELEMENT_BYTES = { I64: 8, F64: 8, F32: 4, I32: 4, U8: 1 } as const;

export type TensorType = keyof typeof ELEMENT_BYTES;

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
  dtype: z.enum(["I64", "F64", "F32", "I32", "U8"]),
  shape: z.array(z.number().int().min(0)).max(8),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
const Header = z.record(z.string(), z.unknown());
const Metadata = z.record(z.string(), z.string());

/** The bytes of a safetensors file: u64 LE header length ‖ JSON header, padded to 8 ‖ tensors in order. */
export function encodeSafetensors({ metadata, tensors }: Safetensors): Uint8Array {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { type, shape, bytes }] of tensors) {
    if (bytes.length !== shape.reduce((a, b) => a * b, 1) * ELEMENT_BYTES[type])
      throw new RangeError(`encodeSafetensors: ${name} has not the bytes that its shape needs`);
    header[name] = { dtype: type, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + padded + offset).fill(0x20, 8, 8 + padded);
  new DataView(out.buffer).setBigUint64(0, BigInt(padded), true);
  out.set(json, 8);
  let at = 8 + padded;
  for (const { bytes } of tensors.values()) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

/**
 * Reads a safetensors file, strictly: the offsets must cover the data without gap, overlap or rest, and agree
 * with shape and type. `file` names it in errors (ModelFileError).
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const reject = (problem: string, wayOut = "Write the file again.") =>
    new ModelFileError(file, problem, wayOut);
  if (bytes.length < 8) throw reject(`${bytes.length} bytes are no safetensors file.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerLength = view.getBigUint64(0, true);
  if (headerLength > BigInt(Math.min(MAX_HEADER, bytes.length - 8)))
    throw reject(
      `the header claims ${headerLength} bytes; the file has ${bytes.length - 8} after the length, the limit is ${MAX_HEADER}.`,
      "The file is cut off or not safetensors.",
    );
  const dataStart = 8 + Number(headerLength);
  const text = Buffer.from(bytes.subarray(8, dataStart)).toString("utf8");
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
      `Types read: ${Object.keys(ELEMENT_BYTES).join(", ")}.`,
    );
  });
  parsed.sort(
    (a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  const tensors = new Map<string, Tensor>();
  let end = 0;
  for (const { name, dtype, shape, data_offsets } of parsed) {
    const [from, to] = data_offsets;
    const length = shape.reduce((a, b) => a * b, 1) * ELEMENT_BYTES[dtype];
    if (from !== end || to - from !== length)
      throw reject(
        `tensor ${JSON.stringify(name)} spans bytes ${from} to ${to}; its shape (${shape.join(", ")}) of ${dtype} needs ${end} to ${end + length}.`,
      );
    end = to;
    tensors.set(name, {
      type: dtype,
      shape,
      bytes: bytes.subarray(dataStart + from, Math.min(dataStart + to, bytes.length)),
    });
  }
  if (dataStart + end !== bytes.length)
    throw reject(
      `the tensors end at byte ${dataStart + end}, the file at ${bytes.length}.`,
      "The file is cut off or has trailing bytes: write it again.",
    );
  return { metadata: metadata.data, tensors };
}
