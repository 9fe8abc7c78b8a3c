import { closeSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import type { DataFilesPlan } from "../../src/artifact/index.ts";
import { parquetColumns, tensorNames, zipArrayNames } from "../../src/dataset/index.ts";
import { type CsvFacts, inspectCsv, inspectImages, isLabelName } from "../../src/proposal/index.ts";
import { UsageError } from "../lib/verb.ts";

/** Columns from which the label is chosen. */
export interface LabelChoice {
  readonly columns: readonly string[];
  readonly labelColumn: string | number;
}

/** Data as an option names it, and what else is known of it. */
export interface NamedData {
  readonly files: DataFilesPlan;
  /** For data with columns. */
  readonly choice?: LabelChoice;
  /** The labels' texts, where they are no numbers. */
  readonly classNames?: readonly string[];
  /** The column of texts whose classes are not known from the file. */
  readonly unknownTexts?: string;
}

const FORMS =
  "mnist, a .csv, .parquet, .npz or .safetensors file, features.npy,labels.npy (IDX likewise), a folder of images, or an object as the plan's data.train";

/**
 * Data as --train, --validation and --test name it: "mnist", a file by its ending, two files of features and labels (IDX or .npy, known
 * by their first bytes), a folder of images with a labels file, or JSON as in a plan. Paths are relative to the current folder, in
 * JSON to the plan's.
 *
 * @param label - the label column, unless it is to be found.
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
    path.relative(planFolder, path.resolve(name)).replaceAll(path.sep, "/") || ".";
  const [first, second, ...more] = names;
  if (first === undefined || first === "" || more.length > 0)
    throw new UsageError(`${text} names no data: give ${FORMS}`);
  if (second !== undefined) {
    const format = formatOf(first);
    if (format !== formatOf(second))
      throw new UsageError(`${first} and ${second} have different formats`);
    return { files: { format, features: relative(first), labels: relative(second) } };
  }
  if (statSync(first, { throwIfNoEntry: false })?.isDirectory())
    return imageFolder(first, relative, label);
  const ending = /\.(csv|tsv|txt|parquet|npz|safetensors)$/i.exec(first)?.[1]?.toLowerCase();
  if (ending === undefined)
    throw new UsageError(
      `${first} alone is no data that is known by its name: give ${FORMS} (docs/CONFIG.md)`,
    );
  head(first); // says that it is missing
  const file = relative(first);
  if (ending === "npz")
    return { files: { format: "npz", file, ...pairOf(first, await zipArrayNames(first)) } };
  if (ending === "safetensors")
    return { files: { format: "safetensors", file, ...pairOf(first, tensorNames(first)) } };
  if (ending === "parquet") return parquetFile(first, file, label);
  const csv = await inspectCsv(first, label);
  requireColumn(first, csv.columns, label);
  return {
    files: csvFiles(file, csv),
    choice: csv,
    ...(csv.classNames && { classNames: csv.classNames }),
  };
}

function requireColumn(file: string, columns: readonly string[], label: string | undefined): void {
  if (label !== undefined && !columns.includes(label))
    throw new UsageError(`${file} has no column ${label}: ${columns.slice(0, 20).join(", ")}`);
}

/** A CSV file as a plan names it. */
const csvFiles = (file: string, csv: CsvFacts): DataFilesPlan => ({
  format: "csv",
  file,
  header: csv.header,
  delimiter: csv.delimiter,
  labelColumns: [csv.labelColumn],
});

/** What features and labels are called in files of named arrays; x_train with y_train, and so on. */
const PAIRS: readonly (readonly [features: RegExp, labels: RegExp])[] = [
  [/^(features|x|data|images|inputs)$/i, /^(labels?|y|targets?|classes)$/i],
  [/^(x|features|images)_?train$/i, /^(y|labels?|targets?)_?train$/i],
];

/** The arrays of features and of labels among these. */
function pairOf(file: string, names: readonly string[]): { features: string; labels: string } {
  for (const pair of PAIRS) {
    const [features, labels] = pair.map((pattern) => names.filter((name) => pattern.test(name)));
    if (features?.length === 1 && labels?.length === 1)
      return { features: features[0]!, labels: labels[0]! };
  }
  throw new UsageError(
    `which arrays of ${file} are features and labels? It has ${names.slice(0, 20).join(", ")}; say it in JSON: {"format": …, "file": …, "features": …, "labels": …}`,
  );
}

async function parquetFile(name: string, file: string, label?: string): Promise<NamedData> {
  const columns = await parquetColumns(name);
  const names = columns.map((column) => column.name);
  requireColumn(name, names, label);
  const labelColumn = label ?? names.find((column) => isLabelName(column)) ?? names.at(-1);
  if (labelColumn === undefined) throw new UsageError(`${name} has no columns`);
  const unread = columns.filter(({ name, kind }) => kind !== "number" && name !== labelColumn);
  return {
    files: {
      format: "parquet",
      file,
      labelColumns: [labelColumn],
      ...(unread.length > 0 && { ignoreColumns: unread.map((column) => column.name) }),
    },
    choice: { columns: names, labelColumn },
    ...(columns.find(({ name }) => name === labelColumn)?.kind === "text" && {
      unknownTexts: labelColumn,
    }),
  };
}

async function imageFolder(
  name: string,
  relative: (name: string) => string,
  label?: string,
): Promise<NamedData> {
  const found = await inspectImages(name, label);
  const { header, delimiter, fileColumn, labelColumn, channels, classNames } = found;
  return {
    files: {
      format: "images",
      folder: relative(name),
      labels: relative(found.labels),
      ...{ header, delimiter, fileColumn, labelColumns: [labelColumn], channels, order: "hwc" },
    },
    choice: { columns: found.columns, labelColumn },
    ...(classNames && { classNames }),
  };
}

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
