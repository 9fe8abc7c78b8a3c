import { createReadStream } from "node:fs";
import { parse } from "csv-parse";

/** What a CSV file's columns are, before a plan says what to do with them. */
export interface CsvFacts {
  readonly header: boolean;
  readonly delimiter: string;
  /** Names, or indices as text where there is no header. */
  readonly columns: readonly string[];
  /** The column that looks like the label. */
  readonly labelColumn: string | number;
  /** Its texts in order of the alphabet, where they are no numbers. */
  readonly classNames?: readonly string[];
}

const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));
const LABELS = /^(label|labels|class|target|y|species|category|outcome|digit)$/i;
/** Whether a column is called what label columns usually are. */
export const isLabelName = (name: string): boolean => LABELS.test(name);
/** More texts than this are no classes. */
const MAX_CLASSES = 1000;

/** Reads a CSV file as a stream: its header, its delimiter, its label. `label` names the label column if it is known. */
export async function inspectCsv(file: string, label?: string): Promise<CsvFacts> {
  const delimiter = await guessDelimiter(file);
  const records = createReadStream(file).pipe(
    parse({ bom: true, delimiter, trim: true, skip_empty_lines: true, relax_column_count: true }),
  );
  let [first, second]: (string[] | undefined)[] = [];
  let labelIndex = -1;
  const texts = new Set<string>();
  let header = false;
  const take = (record: string[]) => {
    if (texts.size <= MAX_CLASSES) texts.add(record[labelIndex] ?? "");
  };
  for await (const record of records as AsyncIterable<string[]>) {
    if (first === undefined) {
      first = record;
      continue;
    }
    if (second === undefined) {
      second = record;
      // A header names columns whose cells are numbers.
      header = first.some((text, i) => !isNumber(text) && isNumber(record[i] ?? ""));
      labelIndex = labelOf(first, header, label);
      if (!header) take(first);
    }
    take(record);
  }
  const columns = first ?? [];
  if (second === undefined) labelIndex = labelOf(columns, header, label);
  const named = [...texts].filter((text) => text !== "");
  const classNames = named.length > 0 && named.length <= MAX_CLASSES && !named.every(isNumber);
  return {
    header,
    delimiter,
    columns: header ? columns : columns.map((_, i) => String(i)),
    labelColumn: header ? (columns[labelIndex] ?? labelIndex) : labelIndex,
    ...(classNames && { classNames: named.sort() }),
  };
}

function labelOf(first: readonly string[], header: boolean, label: string | undefined): number {
  if (label !== undefined) return header ? first.indexOf(label) : Number(label);
  const named = header ? first.findIndex(isLabelName) : -1;
  return named >= 0 ? named : first.length - 1;
}

/** The one of , ; tab | that the first line has most of. */
export async function guessDelimiter(file: string): Promise<string> {
  let line = "";
  for await (const chunk of createReadStream(file, { encoding: "utf8", end: 65535 })) {
    line += String(chunk);
    if (line.includes("\n")) break;
  }
  const [firstLine = ""] = line.split("\n");
  const count = (delimiter: string) => firstLine.split(delimiter).length;
  return [",", ";", "\t", "|"].reduce((a, b) => (count(b) > count(a) ? b : a));
}
