import { type ElementType, elementGetters, sizeOf } from "./element.ts";
import { DataFormatError, DataRangeError } from "./errors.ts";
import { checkSize, type Matrix } from "./matrix.ts";
import type { ByteSource } from "./source.ts";

/** A dense array, C order: what IDX, .npy and safetensors have in common. */
export interface ArrayHeader {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  /** First dimension: samples. The others are flattened to columns. */
  readonly shape: readonly number[];
  readonly dataOffset: number;
}

/** Rows, columns, and the bytes that header and values together take; a DataFormatError beyond the limits. */
export function arrayExtent(
  file: string,
  { type, shape, dataOffset }: ArrayHeader,
): { readonly rows: number; readonly columns: number; readonly bytes: number } {
  const rows = shape[0] ?? 1;
  const columns = shape.slice(1).reduce((product, size) => product * size, 1);
  if (shape.length === 0 || rows < 1 || columns < 1)
    throw new DataFormatError({
      file,
      problem: `the array has shape (${shape.join(", ")}), without any sample.`,
      wayOut: "Give an array with one row per sample.",
    });
  checkSize(file, rows, columns);
  return { rows, columns, bytes: dataOffset + rows * columns * sizeOf(type) };
}

/**
 * A matrix over an array file: first dimension rows, the others flattened. Checks that the source has
 * exactly the bytes that the shape implies.
 */
export function arrayMatrix(source: ByteSource, header: ArrayHeader): Matrix {
  const { file } = source;
  const { type, littleEndian, dataOffset } = header;
  const { rows, columns, bytes: expected } = arrayExtent(file, header);
  const size = sizeOf(type);
  if (source.size !== expected)
    throw new DataFormatError({
      file,
      problem:
        `the header promises ${rows} × ${columns} values of ${size} bytes, ${expected} bytes in all, ` +
        `but the file has ${source.size}${source.size < expected ? " (cut off)" : " (trailing bytes)"}.`,
      wayOut: "Fetch or write the file again.",
    });
  const get = elementGetters[type];
  const wide = type === "i8" || type === "u8";
  return {
    file,
    rows,
    columns,
    read(first, count, out) {
      const values = count * columns;
      const bytes = new Uint8Array(values * size);
      source.read(dataOffset + first * columns * size, bytes);
      if (type === "u1" || type === "b1") {
        for (let i = 0; i < values; i++) out[i] = bytes[i]!;
        return;
      }
      const view = new DataView(bytes.buffer);
      for (let i = 0; i < values; i++) out[i] = get(view, i * size, littleEndian);
      if (!wide) return;
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
