import { type BenchCase, network } from "./cases.ts";

/** One measurement of a series: what is varied, and the case. */
export interface ScalingPoint {
  readonly x: number;
  readonly bench: BenchCase;
}

/** The headline segment with one of its sizes varied. */
export interface Series {
  readonly id: string;
  /** Of the varied size, as an axis' label. */
  readonly axis: string;
  readonly title: string;
  readonly points: readonly ScalingPoint[];
}

function series(
  id: string,
  axis: string,
  title: string,
  sizes: readonly number[],
  bench: (x: number) => BenchCase,
): Series {
  return { id, axis, title, points: sizes.map((x) => ({ x, bench: bench(x) })) };
}

export const SCALING: readonly Series[] = [
  series("steps", "T, steps in a segment", "Steps in a segment", [1, 4, 16, 64], (steps) =>
    network({ steps }),
  ),
  series("depth", "hidden layers", "Depth", [2, 4, 8, 16], (hidden) => network({ hidden })),
  series("width", "width of the hidden layers", "Width", [128, 256, 512, 1024, 2048], (width) =>
    network({ width }),
  ),
  series("batch", "B, samples in a step", "Batch", [16, 32, 64, 128, 256], (batch) =>
    network({ batch }),
  ),
];

/** The same at sizes that take seconds, to try the command. */
export const SMALL_SCALING: readonly Series[] = [
  series("steps", "T, steps in a segment", "Steps in a segment", [1, 2], (steps) => {
    const toy = network({ hidden: 2, width: 16, batch: 4, steps });
    return { ...toy, widths: [48, 16, 16, 10] };
  }),
];
