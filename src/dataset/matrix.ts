import { DataFormatError } from "./errors.ts";

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

/** The two halves of a data set, with as many rows. */
export interface MatrixPair {
  readonly features: Matrix;
  readonly labels: Matrix;
}

/** Largest number of rows of a data set (PROTOCOL §5: S ≤ 2^32). */
export const MAX_ROWS = 2 ** 32;
/** Largest width of a sample (PROTOCOL §5: n_0 + n_L ≤ 2^13). */
export const MAX_COLUMNS = 2 ** 13;

/** A DataFormatError where a data set cannot have this size. */
export function checkSize(file: string, rows: number, columns: number): void {
  if (rows < 1 || columns < 1)
    throw new DataFormatError({
      file,
      problem: `${rows} rows of ${columns} values: there is no sample.`,
      wayOut: "Give one row per sample.",
    });
  if (rows > MAX_ROWS || columns > MAX_COLUMNS)
    throw new DataFormatError({
      file,
      problem: `${rows} rows of ${columns} values; the limits are ${MAX_ROWS} rows and ${MAX_COLUMNS} values a row.`,
      wayOut: "Use fewer or smaller samples.",
    });
}
