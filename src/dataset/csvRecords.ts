import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import type { TableColumns } from "./columns.ts";
import { DataFormatError } from "./errors.ts";
import { streamBytes } from "./packed.ts";
import { fileSource } from "./source.ts";

/** How the text of a CSV file is cut into cells. */
export interface CsvSyntax {
  /** Whether the first line names the columns. */
  readonly header: boolean;
  readonly delimiter: string;
}

/** Longest record, in characters: what parsing holds in memory. */
const MAX_RECORD = 1 << 22;

/**
 * Reads a CSV file, packed with gzip or not, record by record: `begin` is told the columns once, `record` gets the cells and
 * the row's index. Memory is bounded by the longest record. Returns the number of rows.
 * Errors: DataFileError, DataFormatError (syntax, no record), and whatever the two throw.
 */
export async function readCsv(
  file: string,
  { header, delimiter }: CsvSyntax,
  begin: (columns: TableColumns) => void,
  record: (cells: readonly string[], row: number) => void,
): Promise<number> {
  let names: readonly string[] | undefined;
  let rows = 0;
  const onRecord = (cells: string[]): null => {
    if (header && names === undefined) {
      names = cells;
      return null;
    }
    if (rows === 0) begin({ file, width: cells.length, names });
    record(cells, rows++);
    return null; // drops the record
  };
  const parser = parse({
    bom: true,
    delimiter,
    trim: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
    on_record: onRecord,
  });
  const source = fileSource(file);
  try {
    parser.resume(); // no record comes out, but its end does
    await streamBytes(source, (bytes) => pipeline(bytes, parser));
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
  } finally {
    source.close();
  }
  if (rows > 0) return rows;
  throw new DataFormatError({
    file,
    problem: "no record.",
    wayOut: "Give one line per sample.",
  });
}
