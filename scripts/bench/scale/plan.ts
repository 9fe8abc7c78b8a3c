import { writeFileSync } from "node:fs";
import path from "node:path";
import type { BenchCase } from "../cases.ts";
import { PIXEL_OFFSET, syntheticImages } from "../images.ts";

/** A NumPy file of bytes. */
function npy(shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const about = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const header = Buffer.alloc(128, " ");
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(header.length - 10, 8);
  header.write(about, 10);
  header.write("\n", header.length - 1);
  return Buffer.concat([header, bytes]);
}

/** Writes a case's made-up images and a plan of so many of its segments; the plan's file. */
export function writePlan(folder: string, bench: BenchCase, segments: number): string {
  const { widths, fixedPoint, eta, batch, steps, samples } = bench;
  const [features, classes] = [widths[0]!, widths.at(-1)!];
  const data = syntheticImages(samples, features, classes, fixedPoint.sigma);
  const pixels = new Uint8Array(samples * features);
  const labels = new Uint8Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const row = data.rows([sample]);
    for (let f = 0; f < features; f++) pixels[sample * features + f] = row[f]! + PIXEL_OFFSET;
    labels[sample] = row.subarray(features).findIndex((value) => value !== 0);
  }
  writeFileSync(path.join(folder, "features.npy"), npy([samples, features], pixels));
  writeFileSync(path.join(folder, "labels.npy"), npy([samples], labels));
  const file = path.join(folder, "plan.json");
  const plan = {
    name: "scale",
    widths,
    fixedPoint,
    eta,
    batch,
    steps: steps * segments,
    segmentSteps: steps,
    start: { seed: `0x${"11".repeat(32)}` },
    scheduleSeed: `0x${"22".repeat(32)}`,
    data: {
      train: { format: "npy", features: "features.npy", labels: "labels.npy" },
      features: { subtract: PIXEL_OFFSET, divideBy: 256, offset: PIXEL_OFFSET },
      labels: { encoding: "oneHot", classes },
    },
  };
  writeFileSync(file, JSON.stringify(plan));
  return file;
}
