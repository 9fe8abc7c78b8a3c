import { ModelFileError } from "./errors.ts";
import { throughType } from "./floatTensor.ts";
import type { FloatLayer } from "./stateDict.ts";
import type { Weights } from "./weights.ts";

/** The largest weights that a start can have: 8 digits of 8 bits or 4 of 16, signed (PROTOCOL §5). */
const MAX_BITS = 64;

/** ⌊value · 2^R + ½⌋, exactly. undefined beyond 64 bits. */
export function toWeight(value: number, R: number): bigint | undefined {
  const scaled = value * 2 ** R; // exact: a power of two
  const floor = Math.floor(scaled);
  // Doubles of 2^52 and more are integers; below, the difference is exact.
  const rounded = floor + (scaled - floor >= 0.5 ? 1 : 0);
  const limit = 2 ** (MAX_BITS - 1);
  return rounded >= -limit && rounded < limit ? BigInt(rounded) : undefined;
}

/**
 * Floating-point layers as integers with R fraction bits: each value rounded to the nearest, half up.
 * A ModelFileError for one beyond 64 bits, which names its place and not its value.
 */
export function quantise(
  layers: readonly FloatLayer[],
  widths: readonly number[],
  R: number,
  file: string,
): Weights {
  const integers = layers.map(({ values }, index) => {
    const outputs = widths[index + 1]!;
    return BigInt64Array.from(values, (value, i) => {
      const weight = toWeight(value, R);
      if (weight !== undefined) return weight;
      const row = Math.floor(i / outputs);
      const place = row === widths[index]! ? "bias" : `input ${row}`;
      throw new ModelFileError(
        file,
        `layer ${index + 1}, ${place}, output ${i % outputs}: with R = ${R} fraction bits the weight needs more than ${MAX_BITS} bits.`,
        "Lower fixedPoint.R in the plan, or scale the model down.",
      );
    });
  });
  return { widths, layers: integers };
}

/** Where a float layer is not the exact weights as its own type would hold them; undefined where all are equal. */
export function firstDifference(
  layers: readonly FloatLayer[],
  exact: Weights,
  R: number,
): { readonly layer: number; readonly entry: number } | undefined {
  for (const [index, { values, type, biasType }] of layers.entries()) {
    const integers = exact.layers[index]!;
    const biasFrom = exact.widths[index]! * exact.widths[index + 1]!;
    for (let entry = 0; entry < values.length; entry++) {
      const stored = entry < biasFrom ? type : biasType;
      if (values[entry] !== throughType(Number(integers[entry]!) / 2 ** R, stored))
        return { layer: index + 1, entry };
    }
  }
  return undefined;
}
