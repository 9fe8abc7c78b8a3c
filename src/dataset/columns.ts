import { DataFormatError, DataMismatchError } from "./errors.ts";
import { MAX_COLUMNS } from "./matrix.ts";

/** Which columns of a table are what. */
export interface ColumnOptions {
  /** Label columns, by name (where there are names) or index from 0; all others are features. */
  readonly labelColumns: readonly (string | number)[];
  /** Columns that are neither. */
  readonly ignoreColumns?: readonly (string | number)[];
  /** Text labels: the label column's value is replaced by its index in this list. */
  readonly classNames?: readonly string[];
}

export type Role = "feature" | "label" | "ignored";

/** A table's columns: how many, and their names if it has any. */
export interface TableColumns {
  readonly file: string;
  readonly width: number;
  readonly names: readonly string[] | undefined;
}

export const columnName = ({ names }: TableColumns, column: number): string =>
  names?.[column] ?? String(column);

/** The index of a column; a DataMismatchError where there is none. */
export function columnIndex(table: TableColumns, column: string | number): number {
  const { file, width, names } = table;
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
}

/** What each column is; a DataMismatchError unless there are features and labels, at most 8192 each. */
export function columnRoles(table: TableColumns, options: ColumnOptions): Role[] {
  const roles = new Array<Role>(table.width).fill("feature");
  for (const column of options.ignoreColumns ?? []) roles[columnIndex(table, column)] = "ignored";
  for (const column of options.labelColumns) roles[columnIndex(table, column)] = "label";
  const [features, labels] = [columnsOf(roles, "feature"), columnsOf(roles, "label")];
  if (features.length === 0 || labels.length === 0)
    throw new DataMismatchError({
      file: table.file,
      problem: `${features.length} feature and ${labels.length} label columns; each needs one.`,
      wayOut: 'Set "labelColumns" in the plan; every other column is a feature.',
    });
  if (features.length + labels.length > MAX_COLUMNS)
    throw new DataMismatchError({
      file: table.file,
      problem: `${features.length} feature and ${labels.length} label columns; the limit is ${MAX_COLUMNS}.`,
      wayOut: 'List columns in "ignoreColumns".',
    });
  return roles;
}

/** The indices of the columns with a role. */
export const columnsOf = (roles: readonly Role[], role: Role): number[] =>
  roles.flatMap((each, column) => (each === role ? [column] : []));

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Where a cell stands, for its error. */
export interface CellPlace {
  readonly file: string;
  readonly row: number;
  readonly column: string;
}

/** The number that a text cell holds; a DataFormatError for anything else. */
export function numberCell(text: string, place: () => CellPlace): number {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw new DataFormatError({
    ...place(),
    problem: `${JSON.stringify(text.slice(0, 40))} is not a number.`,
    wayOut: 'Correct it, or set "header" or "ignoreColumns" in the plan.',
  });
}

/** The index of a text label in the plan's classes; a DataMismatchError for an unknown one. */
export function classCell(
  text: string,
  classNames: readonly string[],
  place: () => CellPlace,
): number {
  const index = classNames.indexOf(text);
  if (index >= 0) return index;
  throw new DataMismatchError({
    ...place(),
    problem: `the label ${JSON.stringify(text.slice(0, 40))} is none of the ${classNames.length} classes.`,
    wayOut: 'List it in the plan\'s "classes", or correct the file.',
  });
}
