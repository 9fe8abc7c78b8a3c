import { type DataFilesPlan, openPlanFiles, type Split } from "../artifact/index.ts";
import { DataRangeError, type Dataset } from "../dataset/index.ts";

/** The values of some columns. */
export interface ValueRange {
  readonly least: number;
  readonly most: number;
  /** Whether all are whole numbers. */
  readonly whole: boolean;
}

/** What there is in a data set, as far as a plan depends on it. Tells of the data: not for others. */
export interface DataFacts {
  readonly samples: number;
  readonly features: ValueRange & {
    readonly columns: number;
    /** The narrowest range of a column that is not constant, over the widest of all. */
    readonly evenness: number;
  };
  readonly labels: ValueRange & {
    readonly columns: number;
    /** Samples of each class, for one column of class numbers; absent for values. */
    readonly classes?: readonly number[];
  };
}

/** Most classes that a column of whole numbers is taken to hold. */
const MAX_CLASSES = 1000;
/** Integers of 31 bits, of either sign: as wide as rows() can hold. */
const WIDE = { b: 31, x0: 2 ** 30, y0: 2 ** 30 };
const CHUNK = 1024;

class Range {
  least = Infinity;
  most = -Infinity;
  whole = true;

  add(value: number): void {
    if (value < this.least) this.least = value;
    if (value > this.most) this.most = value;
    if (this.whole && !Number.isInteger(value)) this.whole = false;
  }
}

/** Opens the raw values, labels as they are, at 2^bits, with as many bits behind the point as their size allows. */
async function openRaw(
  open: (bits: number) => Promise<Dataset>,
): Promise<{ data: Dataset; bits: number }> {
  for (let bits = 20; ; bits -= 6) {
    const data = await open(bits);
    try {
      data.checkAll();
      return { data, bits };
    } catch (error) {
      data.close();
      // Too large at this scale; what is no number is none at any.
      if (!(error instanceof DataRangeError) || bits < -32) throw error;
    }
  }
}

/**
 * Reads a data set once or a few times, chunk by chunk, and says what is in it. Values are rounded to what 31 bits hold.
 * Errors: those of src/dataset, for a file that is none or a value that is no number.
 *
 * @param classNames - the labels' texts, where they are no numbers (CSV).
 */
export async function inspectData(
  files: DataFilesPlan,
  split: Split,
  folder: string,
  classNames?: readonly string[],
): Promise<DataFacts> {
  const { data, bits } = await openRaw((at) =>
    openPlanFiles(files, split, folder, {
      features: { subtract: 0, divideBy: 1 },
      labels: classNames
        ? { encoding: "oneHot", classes: classNames }
        : { encoding: "real", subtract: 0, divideBy: 1 },
      format: { fA: at, sigma: classNames ? 0 : at, ...WIDE },
    }),
  );
  try {
    const { count, featureCount, labelCount } = data;
    const width = featureCount + labelCount;
    const columns = Array.from({ length: width }, () => new Range());
    const classes = new Map<number, number>();
    const unit = 2 ** -bits;
    for (let first = 0; first < count; first += CHUNK) {
      const size = Math.min(CHUNK, count - first);
      const rows = data.rows(Array.from({ length: size }, (_, i) => first + i));
      for (let i = 0; i < size; i++) {
        for (let c = 0; c < featureCount; c++) columns[c]!.add(rows[i * width + c]! * unit);
        const at = i * width + featureCount;
        const labels = rows.subarray(at, at + labelCount);
        if (classNames) {
          const one = labels.indexOf(1);
          classes.set(one, (classes.get(one) ?? 0) + 1);
          continue;
        }
        labels.forEach((label, j) => columns[featureCount + j]!.add(label * unit));
        if (labelCount === 1 && classes.size <= MAX_CLASSES)
          classes.set(labels[0]! * unit, (classes.get(labels[0]! * unit) ?? 0) + 1);
      }
    }
    const features = columns.slice(0, featureCount);
    const spans = features.map(({ least, most }) => most - least).filter((span) => span > 0);
    const counted = classCounts(classes, classNames?.length);
    return {
      samples: count,
      features: {
        columns: featureCount,
        ...joined(features),
        evenness: spans.length === 0 ? 1 : Math.min(...spans) / Math.max(...spans),
      },
      labels: {
        columns: classNames ? 1 : labelCount,
        ...(classNames
          ? { least: 0, most: classNames.length - 1, whole: true }
          : joined(columns.slice(featureCount))),
        ...(counted && { classes: counted }),
      },
    };
  } finally {
    data.close();
  }
}

const joined = (ranges: readonly Range[]): ValueRange => ({
  least: ranges.reduce((a, { least }) => Math.min(a, least), Infinity),
  most: ranges.reduce((a, { most }) => Math.max(a, most), -Infinity),
  whole: ranges.every(({ whole }) => whole),
});

/** Samples by class where the values are class numbers: whole, from 0, and not almost as many as samples. */
function classCounts(values: ReadonlyMap<number, number>, known?: number): number[] | undefined {
  const samples = [...values.values()].reduce((a, b) => a + b, 0);
  const most = Math.max(-1, ...values.keys());
  if (known === undefined) {
    if (most < 1 || most >= MAX_CLASSES || values.size * 4 > samples) return undefined;
    if ([...values.keys()].some((value) => !Number.isInteger(value) || value < 0)) return undefined;
  }
  return Array.from({ length: known ?? most + 1 }, (_, value) => values.get(value) ?? 0);
}
