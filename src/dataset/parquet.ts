import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import {
  type ColumnOptions,
  columnRoles,
  columnsOf,
  type Role,
  type TableColumns,
} from "./columns.ts";
import { DataFormatError, DataMismatchError } from "./errors.ts";
import { checkSize, type Matrix, type MatrixPair } from "./matrix.ts";
import type { ParquetAnswer, ParquetFacts, ParquetRequest } from "./parquetProcess.ts";
import { DATA_LIMITS, type DataLimits, fileSource } from "./source.ts";
import { RowSpool, Spool } from "./spool.ts";

/** The process's file: TypeScript in a checkout, JavaScript in a package. */
const SCRIPT = path.join(
  import.meta.dirname,
  `parquetProcess${path.extname(import.meta.filename)}`,
);

/** Of the decoding process's heap; column data beside it is bounded by the limits. */
const HEAP_MIB = 512;

/** A process that decodes one file. */
class Decoder {
  readonly #file: string;
  readonly #process: ChildProcess;
  #fail: (problem: string) => void = () => undefined;

  constructor(file: string, limits: DataLimits) {
    this.#file = file;
    this.#process = fork(SCRIPT, [file, JSON.stringify(limits)], {
      execArgv: [`--max-old-space-size=${HEAP_MIB}`],
      env: {}, // no key is its business
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#process
      .on("error", (error) => this.#fail(`its process failed (${error.message})`))
      .on("exit", (code, signal) =>
        this.#fail(
          `its process ended (${signal ?? code ?? "?"}): it may take more than ${HEAP_MIB} MiB to decode`,
        ),
      );
  }

  problem(problem: string): DataFormatError {
    return new DataFormatError({
      file: this.#file,
      problem: `not a readable Parquet file: ${problem}.`,
      wayOut:
        "Write it again, with row groups of at most a million rows and snappy, gzip, zstd, brotli or no compression.",
    });
  }

  async ask(request: ParquetRequest): Promise<ParquetAnswer> {
    const answer = await new Promise<ParquetAnswer>((resolve, reject) => {
      this.#fail = (problem) => reject(this.problem(problem));
      this.#process.once("message", (message) => resolve(message as ParquetAnswer));
      // A process that has ended is told by its exit.
      this.#process.send(request, () => undefined);
    });
    if ("problem" in answer) throw this.problem(answer.problem);
    return answer;
  }

  close(): void {
    this.#fail = () => undefined;
    this.#process.removeAllListeners("message").kill("SIGKILL");
  }
}

/** Values held at once while columns become rows. */
const TILE = 1 << 21;

/** Columns of one row group, column after column in `scratch`, to rows. */
function transpose(scratch: Spool, rows: number, columns: number, out: RowSpool): void {
  const height = Math.max(1, Math.floor(TILE / columns));
  for (let first = 0; first < rows; first += height) {
    const count = Math.min(height, rows - first);
    const tile = new Float64Array(columns * count);
    for (let column = 0; column < columns; column++)
      scratch.read(
        8 * (column * rows + first),
        new Uint8Array(tile.buffer, 8 * column * count, 8 * count),
      );
    for (let row = 0; row < count; row++)
      for (let column = 0; column < columns; column++) out.push(tile[column * count + row]!);
  }
}

/** The plan's columns; a DataMismatchError for one whose values are no numbers, nor texts with classes. */
function checkKinds(file: string, facts: ParquetFacts, roles: readonly Role[], texts: boolean) {
  facts.columns.forEach(({ name, kind }, column) => {
    const wanted = roles[column] === "label" && texts ? "text" : "number";
    if (roles[column] === "ignored" || kind === wanted) return;
    throw new DataMismatchError({
      file,
      column: name,
      problem: `holds ${kind}, where a ${wanted} is needed.`,
      wayOut:
        roles[column] === "label"
          ? 'For texts list them in the plan\'s "classes"; for numbers give how many there are.'
          : 'List it in "ignoreColumns", or write it as numbers in columns of their own.',
    });
  });
}

async function factsOf(decoder: Decoder): Promise<ParquetFacts> {
  const answer = await decoder.ask({ facts: true });
  if ("facts" in answer) return answer.facts;
  throw decoder.problem("no columns");
}

/** A Parquet file's top-level columns: "number", "text", or a kind that is not read. Errors: DataFileError, DataFormatError. */
export async function parquetColumns(
  file: string,
  limits: DataLimits = DATA_LIMITS,
): Promise<ParquetFacts["columns"]> {
  fileSource(file).close(); // its errors are better than the process's
  const decoder = new Decoder(file, limits);
  try {
    return (await factsOf(decoder)).columns;
  } finally {
    decoder.close();
  }
}

/**
 * Reads a Parquet file's flat columns, once, a column of a row group at a time, into two matrices that lie on the disk.
 * Errors: DataFileError, DataFormatError (damaged, null), DataMismatchError (columns).
 */
export async function openParquet(
  file: string,
  options: ColumnOptions,
  limits: DataLimits = DATA_LIMITS,
): Promise<MatrixPair> {
  fileSource(file).close(); // its errors are better than the process's
  const decoder = new Decoder(file, limits);
  const spools: RowSpool[] = [];
  try {
    const facts = await factsOf(decoder);
    const names = facts.columns.map(({ name }) => name);
    const table: TableColumns = { file, width: names.length, names };
    const roles = columnRoles(table, options);
    checkKinds(file, facts, roles, options.classNames !== undefined);
    checkSize(
      file,
      facts.groups.reduce((sum, rows) => sum + rows, 0),
      1,
    );
    const read = async (role: "feature" | "label"): Promise<Matrix> => {
      const columns = columnsOf(roles, role).map((column) => names[column]!);
      const classNames = role === "label" ? options.classNames : undefined;
      const out = new RowSpool(file, limits.unpackedBytes);
      spools.push(out);
      let firstRow = 0;
      for (const [group, rows] of facts.groups.entries()) {
        const scratch = new Spool(file, limits.unpackedBytes);
        try {
          for (const column of columns) {
            const got = await decoder.ask({ group, column, ...(classNames && { classNames }) });
            if ("badRow" in got)
              throw new DataFormatError({
                file,
                row: firstRow + got.badRow,
                column,
                problem: `${JSON.stringify(got.shown)} is ${classNames ? "none of the classes" : "no number"}.`,
                wayOut: "Fill in or drop rows with null before; integers must be within ±2^53.",
              });
            if ("values" in got)
              scratch.write(
                new Uint8Array(got.values.buffer, got.values.byteOffset, got.values.byteLength),
              );
          }
          transpose(scratch, rows, columns.length, out);
        } finally {
          scratch.close();
        }
        firstRow += rows;
      }
      return out.matrix(columns.length, (column) => columns[column]!);
    };
    return { features: await read("feature"), labels: await read("label") };
  } catch (error) {
    for (const spool of spools) spool.close();
    throw error;
  } finally {
    decoder.close();
  }
}
