import { closeSync, openSync, readSync } from "node:fs";
import path from "node:path";
import type { DataFilesPlan } from "../../src/artifact/index.ts";
import { type CsvFacts, inspectCsv } from "../../src/proposal/index.ts";
import { UsageError } from "../lib/verb.ts";

/** Data as an option names it, and what else is known of it. */
export interface NamedData {
  readonly files: DataFilesPlan;
  readonly csv?: CsvFacts;
}

const FORMS = "mnist, data.csv, features.npy,labels.npy, or an object as the plan's data.train";

/**
 * Data as --train, --validation and --test name it: "mnist", a CSV file, a file of features and one of labels (IDX or .npy, known by
 * their first bytes), or JSON as in a plan. Paths are relative to the current folder, in JSON to the plan's.
 *
 * @param label - the label column of a CSV file, unless it is to be found.
 */
export async function namedData(
  text: string,
  planFolder: string,
  label?: string,
): Promise<NamedData> {
  if (text.trimStart().startsWith("{")) return { files: parseObject(text) };
  if (text === "mnist") return { files: { format: "mnist" } };
  const names = text.split(",").map((name) => name.trim());
  const relative = (name: string) =>
    path.relative(planFolder, path.resolve(name)).replaceAll(path.sep, "/");
  const [first, second, ...more] = names;
  if (first === undefined || first === "" || more.length > 0)
    throw new UsageError(`${text} names no data: give ${FORMS}`);
  if (second !== undefined) {
    const format = formatOf(first);
    if (format !== formatOf(second))
      throw new UsageError(`${first} and ${second} have different formats`);
    return { files: { format, features: relative(first), labels: relative(second) } };
  }
  if (!/\.(csv|tsv|txt)$/i.test(first))
    throw new UsageError(
      `${first} alone is no data that is known by its name: give ${FORMS} (docs/CONFIG.md)`,
    );
  head(first); // says that it is missing
  const csv = await inspectCsv(first, label);
  if (label !== undefined && !csv.columns.includes(label))
    throw new UsageError(`${first} has no column ${label}: ${csv.columns.slice(0, 20).join(", ")}`);
  return { files: csvFiles(relative(first), csv), csv };
}

/** A CSV file as a plan names it. */
export const csvFiles = (file: string, csv: CsvFacts): DataFilesPlan => ({
  format: "csv",
  file,
  header: csv.header,
  delimiter: csv.delimiter,
  labelColumns: [csv.labelColumn],
});

function parseObject(text: string): DataFilesPlan {
  try {
    return JSON.parse(text) as DataFilesPlan;
  } catch (error) {
    throw new UsageError(`the data is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

function head(file: string): Uint8Array {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
  const bytes = new Uint8Array(6);
  try {
    readSync(descriptor, bytes, 0, 6, 0);
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}

/** What a file of an array is, by its first bytes; a packed one by its name. */
function formatOf(file: string): "idx" | "npy" {
  const bytes = head(file);
  if (Buffer.from(bytes).toString("latin1") === "\x93NUMPY" || /\.npy(\.gz)?$/i.test(file))
    return "npy";
  if ((bytes[0] === 0 && bytes[1] === 0) || /idx\d?(-ubyte)?(\.gz)?$/i.test(file)) return "idx";
  throw new UsageError(`${file} is neither IDX nor .npy: give ${FORMS}`);
}
