import type { ArrayHeader } from "./arrayFile.ts";
import type { ElementType } from "./element.ts";
import { DataFormatError } from "./errors.ts";
import type { Matrix } from "./matrix.ts";
import { openArrayFile } from "./packed.ts";
import { type ByteSource, DATA_LIMITS, type DataLimits } from "./source.ts";

const MAGIC = "\x93NUMPY";
/** NumPy itself refuses longer headers unless told otherwise. */
const MAX_HEADER = 10_000;
const TYPES = "u1 i1 u2 i2 u4 i4 u8 i8 f2 f4 f8 b1".split(" ");

/** The header dictionary; NumPy writes exactly these three keys, in any order. */
interface NpyHeader {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  readonly shape: readonly number[];
}

/**
 * Parses the header, a Python literal {'descr': '<f4', 'fortran_order': False, 'shape': (60000, 784), }.
 * Only that form is accepted: no nesting, so no evaluation.
 */
export function parseNpyHeader(file: string, text: string): NpyHeader {
  const reject = (problem: string, wayOut: string) =>
    new DataFormatError({ file, problem, wayOut });
  const again = "Write it with numpy.save.";
  const dictionary = /^\{(.*?),?\s*\}\s*$/s.exec(text)?.[1];
  if (dictionary === undefined) throw reject("the .npy header is not a dictionary.", again);
  const entries = new Map<string, string>();
  const entry = /\s*'([a-z_]+)'\s*:\s*('[^']*'|True|False|\([\d,\s]*\))\s*(?:,|$)/gy;
  let end = 0;
  for (let match = entry.exec(dictionary); match !== null; match = entry.exec(dictionary)) {
    if (entries.has(match[1]!)) throw reject(`the .npy header has '${match[1]!}' twice.`, again);
    entries.set(match[1]!, match[2]!);
    end = entry.lastIndex;
  }
  const descr = entries.get("descr");
  const order = entries.get("fortran_order");
  const tuple = entries.get("shape");
  if (
    end !== dictionary.length ||
    entries.size !== 3 ||
    !descr ||
    !order ||
    !tuple?.startsWith("(")
  )
    throw reject(
      "the .npy header does not have exactly 'descr', 'fortran_order' and 'shape' in the usual form (structured types are not read).",
      again,
    );
  const match = /^'([<>|=]?)(\w+)'$/.exec(descr);
  if (match === null || !TYPES.includes(match[2]!))
    throw reject(
      `the element type is ${descr}; ${TYPES.join(" ")} are read.`,
      "Convert it, for example with array.astype('float32').",
    );
  if (order !== "False")
    throw reject(
      "the array is stored in Fortran order.",
      "Save numpy.ascontiguousarray(array) instead.",
    );
  const shape = [...tuple.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  return { type: match[2] as ElementType, littleEndian: match[1] !== ">", shape };
}

/** The header of a NumPy .npy file, versions 1 to 3; the values follow. */
export function parseNpy(source: ByteSource): ArrayHeader {
  const { file } = source;
  const head = new Uint8Array(Math.min(12, source.size));
  source.read(0, head);
  const version = head[6] ?? 0;
  if (Buffer.from(head.subarray(0, 6)).toString("latin1") !== MAGIC || head.length < 12)
    throw new DataFormatError({
      file,
      problem: "not a .npy file: it does not start with \\x93NUMPY.",
      wayOut: 'Name a .npy file, or set "format" to the format that it has.',
    });
  if (version < 1 || version > 3)
    throw new DataFormatError({
      file,
      problem: `.npy version ${version}.${head[7]!}; 1, 2 and 3 are read.`,
      wayOut: "Write it with numpy.save.",
    });
  const view = new DataView(head.buffer);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER)
    throw new DataFormatError({
      file,
      problem: `a .npy header of ${length} bytes; the limit is ${MAX_HEADER}.`,
      wayOut: "Write the array without a structured type.",
    });
  const header = new Uint8Array(length);
  const headerOffset = version === 1 ? 10 : 12;
  source.read(headerOffset, header);
  const parsed = parseNpyHeader(file, Buffer.from(header).toString("utf8"));
  return { ...parsed, dataOffset: headerOffset + length };
}

/** Opens a NumPy .npy file, C order, packed with gzip or not. Errors: DataFileError, DataFormatError. */
export const openNpy = (file: string, limits: DataLimits = DATA_LIMITS): Promise<Matrix> =>
  openArrayFile(file, parseNpy, limits);
