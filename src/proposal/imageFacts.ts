import { createReadStream, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse";
import { coloured } from "../dataset/index.ts";
import { guessDelimiter, isLabelName } from "./csvFacts.ts";
import { ProposalError } from "./errors.ts";

/** What a folder of images with a labels file is, before a plan says what to do with it. */
export interface ImageFolderFacts {
  /** Path of the labels file. */
  readonly labels: string;
  readonly header: boolean;
  readonly delimiter: string;
  /** Names, or indices as text where there is no header. */
  readonly columns: readonly string[];
  readonly fileColumn: string | number;
  readonly labelColumn: string | number;
  /** Its texts in order of the alphabet, where they are no numbers. */
  readonly classNames?: readonly string[];
  /** rgb where one of the first images has a colour. */
  readonly channels: "grey" | "rgb";
}

const IMAGE = /\.(png|jpe?g)$/i;
/** Images that are looked at for colours. */
const LOOKED_AT = 16;
/** More texts than this are no classes. */
const MAX_CLASSES = 1000;

/** labels.csv, or the one CSV file that the folder has. */
function labelsFile(folder: string): string {
  const usual = path.join(folder, "labels.csv");
  if (existsSync(usual)) return usual;
  const found = readdirSync(folder).filter((name) => /\.(csv|tsv|txt)$/i.test(name));
  if (found.length === 1) return path.join(folder, found[0]!);
  throw new ProposalError(
    `${folder} has ${found.length === 0 ? "no CSV file" : `${found.length} CSV files`}: it needs one, labels.csv, that names each image and its label.`,
  );
}

/**
 * Reads a folder's labels file as a stream, and its first images. `label` names the label column if it is known.
 *
 * @throws ProposalError where no labels file, image column or label column is to be found; DataError for an image that is none.
 */
export async function inspectImages(folder: string, label?: string): Promise<ImageFolderFacts> {
  const labels = labelsFile(folder);
  const delimiter = await guessDelimiter(labels);
  const records = createReadStream(labels).pipe(
    parse({ bom: true, delimiter, trim: true, skip_empty_lines: true, relax_column_count: true }),
  );
  let first: string[] | undefined;
  let [header, fileIndex, labelIndex] = [false, -1, -1];
  const images: string[] = [];
  const texts = new Set<string>();
  const take = (record: string[]) => {
    if (images.length < LOOKED_AT) images.push(record[fileIndex] ?? "");
    if (texts.size <= MAX_CLASSES) texts.add(record[labelIndex] ?? "");
  };
  for await (const record of records as AsyncIterable<string[]>) {
    if (first === undefined) {
      first = record;
      header = !record.some((cell) => IMAGE.test(cell));
      if (header) continue;
    }
    if (fileIndex < 0) {
      fileIndex = record.findIndex((cell) => IMAGE.test(cell));
      if (fileIndex < 0)
        throw new ProposalError(
          `${labels} names no .png, .jpg or .jpeg in its first line of data.`,
        );
      labelIndex = labelOf(first, header, fileIndex, label);
      if (labelIndex < 0)
        throw new ProposalError(
          `${labels} has no column ${label ?? "of labels"}: ${first.join(", ")}`,
        );
    }
    take(record);
  }
  if (first === undefined || fileIndex < 0)
    throw new ProposalError(`${labels} has no line that names an image.`);
  const columns = header ? first : first.map((_, i) => String(i));
  const named = [...texts].filter((text) => text !== "");
  const isNumber = (text: string) => Number.isFinite(Number(text));
  const classNames = named.length <= MAX_CLASSES && !named.every(isNumber);
  return {
    labels,
    header,
    delimiter,
    columns,
    fileColumn: header ? columns[fileIndex]! : fileIndex,
    labelColumn: header ? columns[labelIndex]! : labelIndex,
    ...(classNames && { classNames: named.sort() }),
    channels: coloured(folder, images) ? "rgb" : "grey",
  };
}

function labelOf(
  first: readonly string[],
  header: boolean,
  fileIndex: number,
  label: string | undefined,
): number {
  if (label !== undefined)
    return header ? first.indexOf(label) : first[Number(label)] ? Number(label) : -1;
  const named = header ? first.findIndex(isLabelName) : -1;
  if (named >= 0) return named;
  return first.findLastIndex((_, i) => i !== fileIndex);
}
