import type { ArrayHeader } from "./arrayFile.ts";
import type { ElementType } from "./element.ts";
import { DataFormatError } from "./errors.ts";
import type { Matrix } from "./matrix.ts";
import { openArrayFile } from "./packed.ts";
import { type ByteSource, DATA_LIMITS, type DataLimits } from "./source.ts";

/** IDX type codes (the format of the MNIST files): values are big-endian. */
const TYPES: Readonly<Record<number, ElementType>> = {
  0x08: "u1",
  0x09: "i1",
  0x0b: "i2",
  0x0c: "i4",
  0x0d: "f4",
  0x0e: "f8",
};

/** The header 00 00 ‖ type ‖ number of dimensions ‖ u32 sizes; the values follow. */
export function parseIdx(source: ByteSource): ArrayHeader {
  const { file } = source;
  const head = new Uint8Array(4);
  if (source.size >= 4) source.read(0, head);
  const type = TYPES[head[2]!];
  const dimensions = head[3]!;
  if (source.size < 4 || head[0] !== 0 || head[1] !== 0 || type === undefined)
    throw new DataFormatError({
      file,
      problem: `not an IDX file: it starts with ${Buffer.from(head).toString("hex")}, not with 0000 and a type (08, 09, 0b to 0e).`,
      wayOut: 'Name an IDX file, or set "format" to the format that it has.',
    });
  if (dimensions < 1 || dimensions > 8)
    throw new DataFormatError({
      file,
      problem: `an IDX array of ${dimensions} dimensions; 1 to 8 are read.`,
      wayOut: "Store one row per sample.",
    });
  const sizes = new Uint8Array(4 * dimensions);
  source.read(4, sizes);
  const view = new DataView(sizes.buffer);
  const shape = Array.from({ length: dimensions }, (_, d) => view.getUint32(4 * d));
  return { type, littleEndian: false, shape, dataOffset: 4 + 4 * dimensions };
}

/** Opens an IDX file, packed with gzip or not. Errors: DataFileError, DataFormatError. */
export const openIdx = (file: string, limits: DataLimits = DATA_LIMITS): Promise<Matrix> =>
  openArrayFile(file, parseIdx, limits);
