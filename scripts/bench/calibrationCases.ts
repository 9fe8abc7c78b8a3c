import { type BenchCase, mnistSegment, network } from "./cases.ts";

/** A case to calibrate with: those that are held out say how well the others predict. */
export interface CalibrationCase {
  readonly name: string;
  readonly heldOut: boolean;
  readonly bench: BenchCase;
}

const images = (bench: BenchCase, changes: Partial<BenchCase>): BenchCase => ({
  ...bench,
  data: "images",
  samples: 1024,
  ...changes,
});
const narrow: BenchCase["fixedPoint"] = { fA: 6, fG: 10, R: 32, sigma: 7, b: 8, dv: 3, dg: 3 };
const fine = { ...mnistSegment.fixedPoint, R: 48 };

const used: [string, BenchCase][] = [
  ["3072-128×2-10", network({ hidden: 2, width: 128 })],
  ["3072-128×8-10", network({ width: 128 })],
  ["3072-256×8-10", network({ width: 256 })],
  ["3072-512×2-10, 4 steps", network({ hidden: 2, width: 512, steps: 4 })],
  ["3072-1024×4-10, batch 16, 4 steps", network({ hidden: 4, batch: 16, steps: 4 })],
  ["3072-1024×2-10, 8 steps", network({ hidden: 2, steps: 8 })],
  ["784-128-10, 16 steps", images(mnistSegment, { steps: 16 })],
  ["784-32-10, 128 steps", images(mnistSegment, { widths: [784, 32, 10], steps: 128 })],
  ["784-10, one layer", images(mnistSegment, { widths: [784, 10] })],
  [
    "784-64-10, R 48",
    images(mnistSegment, { widths: [784, 64, 10], fixedPoint: fine, eta: 262144, steps: 32 }),
  ],
  ["48-32-10, batch 16", images(mnistSegment, { widths: [48, 32, 10], batch: 16, steps: 16 })],
  [
    "48-32-10, digits of 8 bits",
    images(mnistSegment, {
      widths: [48, 32, 10],
      fixedPoint: narrow,
      eta: 4,
      batch: 16,
      steps: 16,
    }),
  ],
  [
    "48-16×2-10, batch 4, 2 steps",
    images(mnistSegment, { widths: [48, 16, 16, 10], batch: 4, steps: 2 }),
  ],
];

const heldOut: [string, BenchCase][] = [
  ["784-128-10 on MNIST, 64 steps", mnistSegment],
  ["784-256-64-10, 32 steps", images(mnistSegment, { widths: [784, 256, 64, 10], steps: 32 })],
  ["3072-512×4-10", network({ hidden: 4, width: 512 })],
  ["3072-1024×8-10, the headline", network()],
];

export const CALIBRATION: readonly CalibrationCase[] = [
  ...used.map(([name, bench]) => ({ name, bench, heldOut: false })),
  ...heldOut.map(([name, bench]) => ({ name, bench, heldOut: true })),
];

/** The same at sizes that take seconds, to try the command. */
export const SMALL_CALIBRATION: readonly CalibrationCase[] = CALIBRATION.filter(({ name }) =>
  name.startsWith("48-"),
).map((one, i) => ({ ...one, heldOut: i === 0 }));
