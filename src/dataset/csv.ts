import {
  classCell,
  columnName,
  type ColumnOptions,
  columnRoles,
  columnsOf,
  numberCell,
  type Role,
  type TableColumns,
} from "./columns.ts";
import { type CsvSyntax, readCsv } from "./csvRecords.ts";
import type { MatrixPair } from "./matrix.ts";
import { DATA_LIMITS, type DataLimits } from "./source.ts";
import { RowSpool } from "./spool.ts";

/** How to read a CSV file. */
export type CsvOptions = CsvSyntax & ColumnOptions;

/**
 * Reads a CSV file, once and record by record, into two matrices, features and labels, that lie on the disk.
 * Errors: DataFileError, DataFormatError (syntax, a cell that is no number), DataMismatchError (columns).
 */
export async function openCsv(
  file: string,
  options: CsvOptions,
  limits: DataLimits = DATA_LIMITS,
): Promise<MatrixPair> {
  const { classNames } = options;
  let table: TableColumns;
  let roles: readonly Role[] = [];
  const features = new RowSpool(file, limits.unpackedBytes);
  const labels = new RowSpool(file, limits.unpackedBytes);
  try {
    await readCsv(
      file,
      options,
      (columns) => {
        table = columns;
        roles = columnRoles(columns, options);
      },
      (cells, row) => {
        for (let column = 0; column < cells.length; column++) {
          const role = roles[column];
          if (role === "ignored") continue;
          const place = () => ({ file, row, column: columnName(table, column) });
          if (role === "feature") features.push(numberCell(cells[column]!, place));
          else if (classNames) labels.push(classCell(cells[column]!, classNames, place));
          else labels.push(numberCell(cells[column]!, place));
        }
      },
    );
    const matrixOf = (spool: RowSpool, role: Role) => {
      const columns = columnsOf(roles, role);
      return spool.matrix(columns.length, (column) => columnName(table, columns[column]!));
    };
    return { features: matrixOf(features, "feature"), labels: matrixOf(labels, "label") };
  } catch (error) {
    features.close();
    labels.close();
    throw error;
  }
}
