import type { ByteSource } from "./source.ts";
import { DataFormatError, DataRangeError } from "./errors.ts";

/** Element types of IDX and .npy: unsigned, signed, floating point; the number is the size in bytes. */
export type ElementType = "u1" | "i1" | "u2" | "i2" | "i4" | "i8" | "f4" | "f8" | "b1";

/** A dense array in a file, C order: what IDX and .npy have in common. */
export interface ArrayFile {
  readonly source: ByteSource;
  readonly type: ElementType;
  readonly littleEndian: boolean;
  /** First dimension: samples. The others are flattened to columns. */
  readonly shape: readonly number[];
  readonly dataOffset: number;
}

/** Rows of numbers, read on demand. */
export interface Matrix {
  readonly file: string;
  readonly rows: number;
  readonly columns: number;
  /** Name of a column where the format has names. */
  columnName?(column: number): string;
  /** Rows first … first + count − 1, row-major, into out (count · columns values). */
  read(first: number, count: number, out: Float64Array): void;
  close(): void;
}

export const sizeOf = (type: ElementType): number => Number(type[1]);

const getters: Record<ElementType, (view: DataView, at: number, little: boolean) => number> = {
  u1: (view, at) => view.getUint8(at),
  b1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** Largest number of rows of a data set (PROTOCOL §5: S ≤ 2^32). */
const MAX_ROWS = 2 ** 32;
/** Largest width of a sample (PROTOCOL §5: n_0 + n_L ≤ 2^13). */
const MAX_COLUMNS = 2 ** 13;

/**
 * A matrix over an array file: first dimension rows, the others flattened. Checks that the file has
 * exactly the bytes that the shape implies.
 */
export function arrayMatrix(array: ArrayFile): Matrix {
  const { source, type, littleEndian, shape, dataOffset } = array;
  const { file } = source;
  const rows = shape[0] ?? 1;
  const columns = shape.slice(1).reduce((product, size) => product * size, 1);
  const reject = (problem: string, wayOut: string) =>
    new DataFormatError({ file, problem, wayOut });
  if (shape.length === 0 || rows < 1 || columns < 1)
    throw reject(
      `the array has shape (${shape.join(", ")}), without any sample.`,
      "Give an array with one row per sample.",
    );
  if (rows > MAX_ROWS || columns > MAX_COLUMNS)
    throw reject(
      `${rows} rows of ${columns} values; the limits are ${MAX_ROWS} rows and ${MAX_COLUMNS} values a row.`,
      "Use fewer or smaller samples.",
    );
  const size = sizeOf(type);
  const expected = dataOffset + rows * columns * size;
  if (source.size !== expected)
    throw reject(
      `the header promises ${rows} × ${columns} values of ${size} bytes, ${expected} bytes in all, ` +
        `but the file has ${source.size}${source.size < expected ? " (cut off)" : " (trailing bytes)"}.`,
      "Fetch or write the file again.",
    );
  const get = getters[type];
  return {
    file,
    rows,
    columns,
    read(first, count, out) {
      const values = count * columns;
      const bytes = new Uint8Array(values * size);
      source.read(dataOffset + first * columns * size, bytes);
      if (size === 1 && type !== "i1") {
        for (let i = 0; i < values; i++) out[i] = bytes[i]!;
        return;
      }
      const view = new DataView(bytes.buffer);
      for (let i = 0; i < values; i++) out[i] = get(view, i * size, littleEndian);
      if (type !== "i8") return;
      for (let i = 0; i < values; i++)
        if (!Number.isSafeInteger(out[i]!))
          throw new DataRangeError({
            file,
            row: first + Math.floor(i / columns),
            column: i % columns,
            problem: "an 8-byte integer beyond ±2^53.",
            wayOut: "Store smaller integers, or floating-point numbers.",
          });
    },
    close: () => source.close(),
  };
}
