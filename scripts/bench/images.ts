import type { Dataset } from "../../src/dataset/index.ts";

/** A small generator of numbers in [0, 1), the same everywhere (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A smooth pattern in [-1, 1] over `features` values: a few waves along each channel of a square image. */
function pattern(features: number, random: () => number): Float64Array {
  const side = Math.max(1, Math.floor(Math.sqrt(features / 3)));
  const waves = Array.from({ length: 12 }, () => ({
    x: (random() * 6 * Math.PI) / side,
    y: (random() * 6 * Math.PI) / side,
    phase: random() * 2 * Math.PI,
  }));
  return Float64Array.from({ length: features }, (_, f) => {
    const channel = Math.floor(f / (side * side)) % 3;
    const [row, column] = [Math.floor(f / side) % side, f % side];
    const own = waves.slice(4 * channel, 4 * channel + 4);
    return (
      own.reduce((sum, { x, y, phase }) => sum + Math.cos(x * column + y * row + phase), 0) / 4
    );
  });
}

/** Subtracted from a pixel 0 … 255, and the statement's offset x_0. */
export const PIXEL_OFFSET = 128;

/**
 * Made-up images of CIFAR-10's kind: bytes less 128, a smooth pattern for each class, contrast, brightness and noise of the
 * sample's own, from a fixed seed. No real images of 3072 values come with this package; and what a proof costs depends
 * on the data only in that values must stay within their ranges.
 */
export function syntheticImages(
  count: number,
  features: number,
  classes: number,
  sigma: number,
): Dataset {
  const random = randomNumbers(20231);
  const patterns = Array.from({ length: classes }, () => pattern(features, random));
  const width = features + classes;
  const all = new Int32Array(count * width);
  for (let sample = 0; sample < count; sample++) {
    const label = Math.floor(random() * classes);
    const contrast = 30 + 50 * random();
    const brightness = 90 + 60 * random();
    const base = sample * width;
    for (let f = 0; f < features; f++) {
      const noise = 30 * (random() + random() - 1);
      const value = Math.round(brightness + contrast * patterns[label]![f]! + noise);
      all[base + f] = Math.min(255, Math.max(0, value)) - PIXEL_OFFSET;
    }
    all[base + features + label] = 2 ** sigma;
  }
  return {
    count,
    featureCount: features,
    labelCount: classes,
    encoding: "oneHot",
    rows(indices) {
      const out = new Int32Array(indices.length * width);
      for (let i = 0; i < indices.length; i++)
        out.set(all.subarray(indices[i]! * width, (indices[i]! + 1) * width), i * width);
      return out;
    },
    checkAll: () => undefined,
    close: () => undefined,
  };
}
