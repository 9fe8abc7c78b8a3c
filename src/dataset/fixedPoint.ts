import { DataRangeError, type DataErrorFacts } from "./errors.ts";

/** The statement's parameters that shape a sample (PROTOCOL §4). */
export interface SampleFormat {
  /** Fraction bits of features and of labels. */
  readonly fA: number;
  readonly sigma: number;
  /** Digit width: integers with their offset lie in [0, 2^b). */
  readonly b: number;
  /** Offsets x_0 and y_0. */
  readonly x0: number;
  readonly y0: number;
}

/** Affine scaling of raw values: (value − subtract) / divideBy is the number that the network sees. */
export interface Scaling {
  readonly subtract: number;
  readonly divideBy: number;
}

/** round half up ((value − subtract) / divideBy · 2^bits), in double precision. */
export function toFixedPoint(value: number, scaling: Scaling, bits: number): number {
  return Math.floor(((value - scaling.subtract) * 2 ** bits) / scaling.divideBy + 0.5);
}

/** Where a value stands, for its error. */
export type Place = Pick<DataErrorFacts, "file" | "row" | "column">;

/** Throws a DataRangeError unless 0 ≤ integer + offset < 2^b. */
export function checkRange(
  integer: number,
  raw: number,
  role: "feature" | "label",
  format: SampleFormat,
  place: () => Place,
): void {
  const offset = role === "feature" ? format.x0 : format.y0;
  const shifted = integer + offset;
  if (shifted >= 0 && shifted < 2 ** format.b) return;
  const bits = role === "feature" ? "fA" : "sigma";
  const section = role === "feature" ? "data.features" : "data.labels";
  throw new DataRangeError({
    ...place(),
    problem: Number.isNaN(shifted)
      ? `the ${role} ${raw} is not a number.`
      : `the ${role} ${raw} becomes ${integer} at fixedPoint.${bits}; with the offset ${offset} it must lie in [0, 2^${format.b}).`,
    wayOut: Number.isNaN(shifted)
      ? "Correct the file."
      : shifted < 0
        ? `Raise ${section}.offset to at least ${-integer}, or change ${section}.subtract or divideBy.`
        : `Raise ${section}.divideBy, or lower fixedPoint.${bits} or ${section}.offset.`,
  });
}
