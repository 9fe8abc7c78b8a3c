import type { Samples } from "./evaluate.ts";

/** Multiplications that a look at a validation set may cost: a fraction of a second in JavaScript. */
const WORK = 1e8;
const FEWEST = 256;

/** How many of `count` samples to evaluate a network of these widths on while it trains. */
export function affordableSamples(count: number, widths: readonly number[]): number {
  const products = widths.slice(1).reduce((sum, outputs, l) => sum + widths[l]! * outputs, 0);
  return Math.min(count, Math.max(FEWEST, Math.floor(WORK / products)));
}

/** `size` samples of a set, evenly spread over it; always the same, so that figures can be compared. */
export function spread(set: Samples, size: number): Samples {
  if (size >= set.count) return set;
  const place = (i: number) => Math.floor((i * set.count) / size);
  return {
    count: size,
    featureCount: set.featureCount,
    labelCount: set.labelCount,
    encoding: set.encoding,
    rows: (indices) => set.rows(Array.from(indices, place)),
  };
}
