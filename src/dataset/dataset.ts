import { DataMismatchError, DataRangeError } from "./errors.ts";
import { checkRange, toFixedPoint, type SampleFormat, type Scaling } from "./fixedPoint.ts";
import type { Matrix } from "./matrix.ts";
import { type DataFiles, openFiles } from "./openFiles.ts";
import { DATA_LIMITS, type DataLimits } from "./source.ts";

/** One-hot labels at scale 2^σ from class numbers (or names, in CSV, Parquet and image folders), or real-valued columns. */
export type LabelEncoding =
  | { readonly encoding: "oneHot"; readonly classes: number | readonly string[] }
  | ({ readonly encoding: "real" } & Scaling);

/** Everything that turns files into fixed-point samples. */
export interface DatasetOptions {
  readonly files: DataFiles;
  readonly features: Scaling;
  readonly labels: LabelEncoding;
  readonly format: SampleFormat;
  readonly limits?: DataLimits;
}

/** Fixed-point samples, read on demand. */
export interface Dataset {
  /** S, the number of samples. */
  readonly count: number;
  /** n_0 and n_L. */
  readonly featureCount: number;
  readonly labelCount: number;
  readonly encoding: "oneHot" | "real";
  /**
   * The samples with these indices, row-major, features then labels: indices.length × (n_0 + n_L).
   * Errors: DataRangeError for a value that the digits cannot hold, RangeError for an index ≥ S.
   */
  rows(indices: ArrayLike<number>): Int32Array;
  /** Reads every sample once, so that a bad value is found before anything is computed from others. */
  checkAll(onProgress?: (done: number, total: number) => void): void;
  close(): void;
}

function placeOf(matrix: Matrix, row: number, column: number) {
  return { file: matrix.file, row, column: matrix.columnName?.(column) ?? column };
}

/** Writes the labels of one sample (raw values `raw` from `at`) into out[to …]. */
type LabelWriter = (
  raw: Float64Array,
  at: number,
  row: number,
  out: Int32Array,
  to: number,
) => void;

function oneHotWriter(matrix: Matrix, classes: number, format: SampleFormat): LabelWriter {
  const one = 2 ** format.sigma;
  checkRange(one, 1, "label", format, () => ({ file: matrix.file }));
  checkRange(0, 0, "label", format, () => ({ file: matrix.file }));
  return (raw, at, row, out, to) => {
    const label = raw[at]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes)
      throw new DataRangeError({
        ...placeOf(matrix, row, 0),
        problem: `the label ${label} is not a class number from 0 to ${classes - 1}.`,
        wayOut:
          'Correct the file or "classes"; for real-valued labels set data.labels.encoding to "real".',
      });
    out[to + label] = one;
  };
}

function realWriter(matrix: Matrix, scaling: Scaling, format: SampleFormat): LabelWriter {
  return (raw, at, row, out, to) => {
    for (let j = 0; j < matrix.columns; j++) {
      const value = toFixedPoint(raw[at + j]!, scaling, format.sigma);
      checkRange(value, raw[at + j]!, "label", format, () => placeOf(matrix, row, j));
      out[to + j] = value;
    }
  };
}

/** Most rows read at once. */
const CHUNK = 1024;

/**
 * Opens a data set. Whatever its size, memory stays small: samples are read when they are asked for, from the files
 * themselves or, for formats without random access, from a temporary file (spool.ts). Errors: the classes of errors.ts.
 */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  const { format, labels: encoding } = options;
  const classNames =
    encoding.encoding === "oneHot" && typeof encoding.classes !== "number"
      ? encoding.classes
      : undefined;
  const { features, labels } = await openFiles(
    options.files,
    classNames,
    options.limits ?? DATA_LIMITS,
  );
  const close = () => {
    features.close();
    labels.close();
  };
  try {
    if (features.rows !== labels.rows)
      throw new DataMismatchError({
        file: labels.file,
        problem: `${labels.rows} labels for the ${features.rows} samples of ${features.file}.`,
        wayOut: "Name the two files of the same split.",
      });
    if (encoding.encoding === "oneHot" && labels.columns !== 1)
      throw new DataMismatchError({
        file: labels.file,
        problem: `${labels.columns} label columns; one-hot encoding takes one column of class numbers.`,
        wayOut: 'For labels that are vectors already, set data.labels.encoding to "real".',
      });
  } catch (error) {
    close();
    throw error;
  }
  const classes =
    encoding.encoding === "oneHot"
      ? typeof encoding.classes === "number"
        ? encoding.classes
        : encoding.classes.length
      : labels.columns;
  const writeLabels =
    encoding.encoding === "oneHot"
      ? oneHotWriter(labels, classes, format)
      : realWriter(labels, encoding, format);
  const width = features.columns + classes;
  const count = features.rows;

  /** Samples first … first + n − 1 into rows to … of out. */
  const readRun = (first: number, n: number, out: Int32Array, to: number) => {
    const rawX = new Float64Array(n * features.columns);
    const rawY = new Float64Array(n * labels.columns);
    features.read(first, n, rawX);
    labels.read(first, n, rawY);
    const limit = 2 ** format.b;
    for (let i = 0; i < n; i++) {
      const base = (to + i) * width;
      for (let f = 0; f < features.columns; f++) {
        const raw = rawX[i * features.columns + f]!;
        const value = toFixedPoint(raw, options.features, format.fA);
        const shifted = value + format.x0;
        if (!(shifted >= 0 && shifted < limit))
          checkRange(value, raw, "feature", format, () => placeOf(features, first + i, f));
        out[base + f] = value;
      }
      writeLabels(rawY, i * labels.columns, first + i, out, base + features.columns);
    }
  };

  return {
    count,
    featureCount: features.columns,
    labelCount: classes,
    encoding: encoding.encoding,
    rows(indices) {
      const out = new Int32Array(indices.length * width);
      for (let i = 0; i < indices.length;) {
        const first = indices[i]!;
        if (!Number.isInteger(first) || first < 0 || first >= count)
          throw new RangeError(`sample ${first} of ${features.file}: there are ${count}, from 0.`);
        let n = 1; // neighbours in the file are read at once
        while (n < CHUNK && indices[i + n] === first + n && first + n < count) n++;
        readRun(first, n, out, i);
        i += n;
      }
      return out;
    },
    checkAll(onProgress) {
      const out = new Int32Array(Math.min(CHUNK, count) * width);
      for (let first = 0; first < count; first += CHUNK) {
        const n = Math.min(CHUNK, count - first);
        readRun(first, n, out, 0);
        onProgress?.(first + n, count);
      }
    },
    close,
  };
}
