import { realpathSync } from "node:fs";
import path from "node:path";
import { classCell, columnIndex, columnName, numberCell, type TableColumns } from "./columns.ts";
import { type CsvSyntax, readCsv } from "./csvRecords.ts";
import { DataFormatError, DataMismatchError } from "./errors.ts";
import { decodeImage, luma, type RgbImage } from "./image.ts";
import { checkSize, type Matrix, type MatrixPair } from "./matrix.ts";
import { DATA_LIMITS, type DataLimits, fileSource, systemError } from "./source.ts";
import { RowSpool, Spool } from "./spool.ts";

/** How a labels file and the images that it names make samples. */
export interface ImageOptions extends CsvSyntax {
  /** Columns of the labels file: the image's path within the folder, and the labels. Others are ignored. */
  readonly fileColumn: string | number;
  readonly labelColumns: readonly (string | number)[];
  /** Text labels: replaced by their index in this list. */
  readonly classNames?: readonly string[];
  /** grey: one value a pixel, its luma. rgb: three. */
  readonly channels: "grey" | "rgb";
  /** rgb: channels last (a pixel's three values beside each other) or first (three planes). */
  readonly order: "hwc" | "chw";
}

/** A sample's values, row by row from the top, in the given order of channels. */
function flatten({ width, height, pixels }: RgbImage, options: ImageOptions, out: Float64Array) {
  const count = width * height;
  if (options.channels === "grey") {
    for (let i = 0; i < count; i++)
      out[i] = luma(pixels[3 * i]!, pixels[3 * i + 1]!, pixels[3 * i + 2]!);
  } else if (options.order === "hwc") out.set(pixels);
  else
    for (let i = 0; i < count; i++)
      for (let c = 0; c < 3; c++) out[c * count + i] = pixels[3 * i + c]!;
}

/** Opens files of one folder, and none that lies outside of it, by whatever path or link. */
class ImageFolder {
  readonly #root: string;
  readonly #limit: number;

  constructor(folder: string, limit: number) {
    try {
      this.#root = realpathSync(folder);
    } catch (error) {
      throw systemError(folder, error);
    }
    this.#limit = limit;
  }

  read(name: string): RgbImage {
    const file = path.join(this.#root, name);
    let real: string;
    try {
      real = realpathSync(file);
    } catch (error) {
      throw systemError(file, error);
    }
    if (!real.startsWith(this.#root + path.sep))
      throw new DataFormatError({
        file,
        problem: "lies outside of the image folder.",
        wayOut: "Put the images into the folder; links must stay within it.",
      });
    const source = fileSource(real);
    try {
      if (source.size > this.#limit)
        throw new DataFormatError({
          file,
          problem: `an image of ${source.size} bytes; the limit is ${this.#limit}.`,
          wayOut: "Scale the images down before.",
        });
      const bytes = new Uint8Array(source.size);
      source.read(0, bytes);
      return decodeImage(file, bytes);
    } finally {
      source.close();
    }
  }
}

/** A relative path without .. that means the same on every system; a DataFormatError otherwise. */
function checkName(name: string, place: () => { file: string; row: number; column: string }): void {
  const parts = name.split("/");
  const bad = parts.some((part) => part === "" || part === "." || part === "..");
  if (!bad && name.length <= 4096 && !/[\0\\]/.test(name)) return;
  throw new DataFormatError({
    ...place(),
    problem: `${JSON.stringify(name.slice(0, 80))} is no path within the image folder.`,
    wayOut: "Name files relative to the folder, with / between, and without ..",
  });
}

/** Characters of names written at once. */
const PENDING = 1 << 16;

/** The names of a labels file, on the disk; their ends, 8 bytes a row, in memory. */
class Names {
  readonly #spool: Spool;
  #ends = new Float64Array(1024);
  #count = 0;
  #pending = "";
  #size = 0;

  constructor(file: string, limit: number) {
    this.#spool = new Spool(file, limit);
  }

  push(name: string): void {
    this.#pending += name;
    this.#size += Buffer.byteLength(name);
    if (this.#pending.length > PENDING) this.#flush();
    if (this.#count === this.#ends.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#ends);
      this.#ends = larger;
    }
    this.#ends[this.#count++] = this.#size;
  }

  #flush(): void {
    this.#spool.write(Buffer.from(this.#pending));
    this.#pending = "";
  }

  /** The names by row. */
  reader(): { name(row: number): string; close(): void } {
    this.#flush();
    const source = this.#spool.source();
    const ends = this.#ends;
    return {
      name(row) {
        const from = row === 0 ? 0 : ends[row - 1]!;
        const bytes = new Uint8Array(ends[row]! - from);
        source.read(from, bytes);
        return Buffer.from(bytes).toString("utf8");
      },
      close: () => source.close(),
    };
  }

  close(): void {
    this.#spool.close();
  }
}

function imageMatrix(
  labelsFile: string,
  rows: number,
  names: ReturnType<Names["reader"]>,
  folder: ImageFolder,
  options: ImageOptions,
): Matrix {
  const first = folder.read(names.name(0));
  const columns = first.width * first.height * (options.channels === "grey" ? 1 : 3);
  checkSize(labelsFile, rows, columns);
  return {
    file: labelsFile,
    rows,
    columns,
    read(from, count, out) {
      for (let i = 0; i < count; i++) {
        const name = names.name(from + i);
        const image = folder.read(name);
        if (image.width !== first.width || image.height !== first.height)
          throw new DataMismatchError({
            file: labelsFile,
            row: from + i,
            problem: `${name} has ${image.width} × ${image.height} pixels, the first image ${first.width} × ${first.height}.`,
            wayOut: "Scale all images to one size before.",
          });
        flatten(image, options, out.subarray(i * columns, (i + 1) * columns));
      }
    },
    close: () => names.close(),
  };
}

/** Whether one of these images of a folder has a pixel that is not grey. Errors: those of openImages. */
export function coloured(
  folder: string,
  names: readonly string[],
  limits: DataLimits = DATA_LIMITS,
): boolean {
  const images = new ImageFolder(folder, limits.imageBytes);
  return names.some((name, row) => {
    checkName(name, () => ({ file: folder, row, column: "file" }));
    const { pixels } = images.read(name);
    for (let i = 0; i < pixels.length; i += 3)
      if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return true;
    return false;
  });
}

/**
 * Opens a folder of PNG and JPEG images with a labels file (CSV). Labels lie on the disk, and an image is decoded when its
 * sample is read. Errors: DataFileError, DataFormatError, DataMismatchError.
 */
export async function openImages(
  folder: string,
  labelsFile: string,
  options: ImageOptions,
  limits: DataLimits = DATA_LIMITS,
): Promise<MatrixPair> {
  const images = new ImageFolder(folder, limits.imageBytes);
  const { classNames } = options;
  const names = new Names(labelsFile, limits.unpackedBytes);
  const labels = new RowSpool(labelsFile, limits.unpackedBytes);
  let table: TableColumns;
  let nameAt: number;
  let labelsAt: number[] = [];
  let reader: ReturnType<Names["reader"]> | undefined;
  try {
    const rows = await readCsv(
      labelsFile,
      options,
      (columns) => {
        table = columns;
        nameAt = columnIndex(columns, options.fileColumn);
        labelsAt = options.labelColumns.map((column) => columnIndex(columns, column));
      },
      (cells, row) => {
        const placeOf = (column: number) => () => ({
          file: labelsFile,
          row,
          column: columnName(table, column),
        });
        checkName(cells[nameAt]!, placeOf(nameAt));
        names.push(cells[nameAt]!);
        for (const column of labelsAt) {
          const text = cells[column]!;
          labels.push(
            classNames
              ? classCell(text, classNames, placeOf(column))
              : numberCell(text, placeOf(column)),
          );
        }
      },
    );
    reader = names.reader();
    const features = imageMatrix(labelsFile, rows, reader, images, options);
    const matrix = labels.matrix(labelsAt.length, (column) => columnName(table, labelsAt[column]!));
    return { features, labels: matrix };
  } catch (error) {
    reader?.close();
    names.close();
    labels.close();
    throw error;
  }
}
