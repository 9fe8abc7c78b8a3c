import { CsvError, parse } from "csv-parse/sync";
import type { Matrix } from "./arrayFile.ts";
import { DataFormatError, DataMismatchError } from "./errors.ts";
import { DATA_LIMITS, readWhole, type DataLimits } from "./source.ts";

/** How to read a CSV file. */
export interface CsvOptions {
  /** Whether the first line names the columns. */
  readonly header: boolean;
  readonly delimiter: string;
  /** Label columns, by name (with a header) or index from 0; all others are features. */
  readonly labelColumns: readonly (string | number)[];
  /** Columns that are neither. */
  readonly ignoreColumns?: readonly (string | number)[];
  /** Text labels: the label column's value is replaced by its index in this list. */
  readonly classNames?: readonly string[];
}

/** Values in memory as a matrix; `origin` maps its columns to those of the file. */
function memoryMatrix(
  file: string,
  values: Float64Array,
  columns: number,
  name: (column: number) => string,
): Matrix {
  return {
    file,
    rows: values.length / columns,
    columns,
    columnName: name,
    read: (first, count, out) =>
      out.set(values.subarray(first * columns, (first + count) * columns)),
    close: () => undefined,
  };
}

/** Grows by doubling: CSV does not say how many rows it has. */
class Column64 {
  #values = new Float64Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  take(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads a CSV file into two matrices, features and labels, with as many rows as records.
 * Errors: DataFileError, DataFormatError (syntax, a cell that is no number), DataMismatchError (columns).
 */
export function openCsv(
  file: string,
  options: CsvOptions,
  limits: DataLimits = DATA_LIMITS,
): { readonly features: Matrix; readonly labels: Matrix } {
  const bytes = readWhole(file, limits.csvBytes, "a CSV file");
  let names: readonly string[] | undefined;
  let roles: readonly ("feature" | "label" | "ignored")[] | undefined;
  const features = new Column64();
  const labels = new Column64();
  let row = -1;

  const nameOf = (column: number): string => names?.[column] ?? String(column);
  const indexOf = (column: string | number, width: number): number => {
    const index = typeof column === "number" ? column : (names?.indexOf(column) ?? -1);
    if (index >= 0 && index < width) return index;
    const known = names ? `The header names: ${names.join(", ")}.` : `There are ${width} columns.`;
    throw new DataMismatchError({
      file,
      column,
      problem:
        names === undefined && typeof column === "string"
          ? 'a column is named, but "header" is false.'
          : "no such column.",
      wayOut: known.slice(0, 300),
    });
  };
  const assignRoles = (width: number) => {
    const assigned = new Array<"feature" | "label" | "ignored">(width).fill("feature");
    for (const column of options.ignoreColumns ?? []) assigned[indexOf(column, width)] = "ignored";
    for (const column of options.labelColumns) assigned[indexOf(column, width)] = "label";
    return assigned;
  };
  const cell = (text: string, column: number): number => {
    if (roles![column] === "label" && options.classNames !== undefined) {
      const index = options.classNames.indexOf(text);
      if (index >= 0) return index;
      throw new DataMismatchError({
        file,
        row,
        column: nameOf(column),
        problem: `the label ${JSON.stringify(text.slice(0, 40))} is none of the ${options.classNames.length} classes.`,
        wayOut: 'List it in the plan\'s "classes", or correct the file.',
      });
    }
    const value = NUMBER.test(text) ? Number(text) : NaN;
    if (Number.isFinite(value)) return value;
    throw new DataFormatError({
      file,
      row,
      column: nameOf(column),
      problem: `${JSON.stringify(text.slice(0, 40))} is not a number.`,
      wayOut: 'Correct it, or set "header" or "ignoreColumns" in the plan.',
    });
  };
  const onRecord = (record: string[]): null => {
    if (options.header && names === undefined) {
      names = record;
      return null;
    }
    row++;
    roles ??= assignRoles(record.length);
    record.forEach((text, column) => {
      if (roles![column] === "feature") features.push(cell(text, column));
      else if (roles![column] === "label") labels.push(cell(text, column));
    });
    return null; // drops the record: the numbers are kept above
  };

  try {
    parse(Buffer.from(bytes.buffer), {
      bom: true,
      delimiter: options.delimiter,
      trim: true,
      skip_empty_lines: true,
      max_record_size: 1 << 22,
      on_record: onRecord,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DataFormatError(
      {
        file,
        problem: `not valid CSV: ${error.message}.`,
        wayOut: 'Check the line, and "delimiter" in the plan.',
      },
      { cause: error },
    );
  }
  if (row < 0 || roles === undefined)
    throw new DataFormatError({
      file,
      problem: "no record.",
      wayOut: "Give one line per sample.",
    });
  const columnsOf = (role: string) => roles!.flatMap((r, column) => (r === role ? [column] : []));
  const [featureColumns, labelColumns] = [columnsOf("feature"), columnsOf("label")];
  if (featureColumns.length === 0 || labelColumns.length === 0)
    throw new DataMismatchError({
      file,
      problem: `${featureColumns.length} feature and ${labelColumns.length} label columns; each needs one.`,
      wayOut: 'Set "labelColumns" in the plan; every other column is a feature.',
    });
  return {
    features: memoryMatrix(file, features.take(), featureColumns.length, (column) =>
      nameOf(featureColumns[column]!),
    ),
    labels: memoryMatrix(file, labels.take(), labelColumns.length, (column) =>
      nameOf(labelColumns[column]!),
    ),
  };
}
