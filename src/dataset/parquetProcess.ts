/**
 * Decodes a Parquet file in a process of its own, whose heap is limited: pages can unpack to arrays of any length, and V8 ends the
 * process, not a thread, that runs out. Answers one request at a time: what the file holds, or a column of a row group as doubles.
 */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  type ColumnMetaData,
  type Compressors,
  type DecodedArray,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  snappyUncompress,
} from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { type DataLimits, fileSource } from "./source.ts";

/** What a file holds. */
export interface ParquetFacts {
  /** Top-level columns; kind: "number", "text", or what is not read. */
  readonly columns: readonly { readonly name: string; readonly kind: string }[];
  /** Rows of each row group. */
  readonly groups: readonly number[];
}

export type ParquetRequest =
  | { readonly facts: true }
  | {
      readonly group: number;
      readonly column: string;
      /** For a column of texts: each becomes its index here. */
      readonly classNames?: readonly string[];
    };

/** Row counts from the group's start; text where a value is no number or none of the classes. */
export type ParquetAnswer =
  | { readonly facts: ParquetFacts }
  | { readonly values: Float64Array }
  | { readonly badRow: number; readonly shown: string }
  | { readonly problem: string };

const [file, limits] = [process.argv[2]!, JSON.parse(process.argv[3]!) as DataLimits];
const source = fileSource(file);

function within(bytes: number, limit: number, what: string): void {
  if (!(bytes >= 0 && bytes <= limit))
    throw new Error(`${what} of ${bytes} bytes; the limit is ${limit}`);
}

const bytes = {
  byteLength: source.size,
  slice(start: number, end = source.size): ArrayBuffer {
    within(end - start, limits.columnBytes, "a piece");
    const out = new Uint8Array(end - start);
    source.read(start, out);
    return out.buffer;
  },
};

const bounded =
  (unpack: (input: Uint8Array, options: { maxOutputLength: number }) => Uint8Array) =>
  (input: Uint8Array, length: number) =>
    unpack(input, { maxOutputLength: Math.max(1, length) });
const compressors: Compressors = {
  GZIP: bounded(gunzipSync),
  BROTLI: bounded(brotliDecompressSync),
  ZSTD: bounded(zstdDecompressSync),
  SNAPPY(input, length) {
    const out = new Uint8Array(length);
    snappyUncompress(input, out);
    return out;
  },
};

async function readMetadata(): Promise<FileMetaData> {
  const tail = new Uint8Array(8);
  if (source.size < 12) throw new Error("the file is too short");
  source.read(source.size - 8, tail);
  if (Buffer.from(tail.subarray(4)).toString("latin1") !== "PAR1")
    throw new Error("it does not end with PAR1");
  within(new DataView(tail.buffer).getUint32(0, true), limits.footerBytes, "a footer");
  return parquetMetadataAsync(bytes);
}

function factsOf(metadata: FileMetaData): ParquetFacts {
  const columns = parquetSchema(metadata).children.map(({ element, children }) => {
    const { name, type, repetition_type: repetition, converted_type: converted } = element;
    const logical = element.logical_type?.type;
    if (children.length > 0 || repetition === "REPEATED") return { name, kind: "a nested column" };
    if (logical === "FLOAT16") return { name, kind: "number" };
    if (type === "BYTE_ARRAY" && (converted === "UTF8" || logical === "STRING"))
      return { name, kind: "text" };
    const dated = /DATE|TIME|INTERVAL/.test(`${converted} ${logical}`);
    const numeric = ["BOOLEAN", "INT32", "INT64", "FLOAT", "DOUBLE"].includes(type ?? "");
    return { name, kind: numeric && !dated ? "number" : (converted ?? logical ?? type ?? "?") };
  });
  return { columns, groups: metadata.row_groups.map((group) => Number(group.num_rows)) };
}

/** Every page must hold what the column says: the decoder allocates what its header claims. */
function checkPages(column: ColumnMetaData, rows: number): void {
  const { data_page_offset: data, dictionary_page_offset: dictionary } = column;
  const start = Number(dictionary !== undefined && dictionary < data ? dictionary : data);
  const view = new DataView(bytes.slice(start, start + Number(column.total_compressed_size)));
  const reader = { view, offset: 0 };
  let values = 0;
  while (values < rows && reader.offset < view.byteLength - 1) {
    const header = parquetHeader(reader);
    within(header.uncompressed_page_size, limits.columnBytes, "a page");
    within(header.compressed_page_size, view.byteLength - reader.offset, "a packed page");
    reader.offset += header.compressed_page_size;
    const page = header.data_page_header ?? header.data_page_header_v2;
    const held = page?.num_values ?? header.dictionary_page_header?.num_values ?? 0;
    if (!(held >= 0 && held <= rows))
      throw new Error(`a page claims ${held} values, its row group has ${rows}`);
    if (page) values += held;
  }
  if (values !== rows)
    throw new Error(`its pages hold ${values} values, the row group ${rows} rows`);
}

/** A value as a double; undefined for null, texts that are no class, and integers beyond ±2^53. */
function numberOf(value: unknown, classNames: readonly string[] | undefined): number | undefined {
  if (classNames) {
    const index = typeof value === "string" ? classNames.indexOf(value) : -1;
    return index >= 0 ? index : undefined;
  }
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const number = typeof value === "bigint" ? Number(value) : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

async function readColumn(
  metadata: FileMetaData,
  group: number,
  column: string,
  classNames: readonly string[] | undefined,
): Promise<ParquetAnswer> {
  const { num_rows: count, columns } = metadata.row_groups[group]!;
  const rows = Number(count);
  within(8 * rows, limits.columnBytes, "a column of a row group");
  const chunk = columns.find(({ meta_data: data }) => data?.path_in_schema[0] === column);
  if (chunk?.meta_data === undefined) throw new Error("a row group lacks a column");
  checkPages(chunk.meta_data, rows);
  const first = metadata.row_groups
    .slice(0, group)
    .reduce((sum, { num_rows: before }) => sum + Number(before), 0);
  const pages: DecodedArray[] = [];
  await parquetRead({
    file: bytes,
    metadata,
    columns: [column],
    rowStart: first,
    rowEnd: first + rows,
    compressors,
    onChunk: ({ columnData }) => pages.push(columnData),
  });
  const values = new Float64Array(rows);
  let row = 0;
  for (const page of pages)
    for (const value of page as Iterable<unknown>) {
      if (row >= rows) break;
      const number = numberOf(value, classNames);
      if (number === undefined) return { badRow: row, shown: String(value).slice(0, 40) };
      values[row++] = number;
    }
  if (row !== rows) throw new Error(`${row} values in a row group of ${rows} rows`);
  return { values };
}

let metadata: Promise<FileMetaData> | undefined;

async function answer(request: ParquetRequest): Promise<ParquetAnswer> {
  try {
    const known = await (metadata ??= readMetadata());
    if ("facts" in request) return { facts: factsOf(known) };
    return await readColumn(known, request.group, request.column, request.classNames);
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

process.on("message", (request: ParquetRequest) => {
  void answer(request).then((reply) => process.send!(reply));
});
