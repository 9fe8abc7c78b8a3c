import { parameterCount } from "../../src/cost/index.ts";
import type { BenchCase } from "./cases.ts";

/** Widths with repetitions counted: 3072-1024×8-10. */
export function architecture(widths: readonly number[]): string {
  const groups: { width: number; count: number }[] = [];
  for (const width of widths) {
    const last = groups.at(-1);
    if (last?.width === width) last.count++;
    else groups.push({ width, count: 1 });
  }
  return groups.map(({ width, count }) => (count > 1 ? `${width}×${count}` : `${width}`)).join("-");
}

/** A case in one line. */
export function describeCase(bench: BenchCase): string {
  const parameters = parameterCount(bench.widths).toLocaleString("en");
  const data =
    bench.data === "mnist" ? "MNIST" : `${bench.samples} made-up images of CIFAR-10's kind`;
  return (
    `${architecture(bench.widths)} (${parameters} parameters), batch ${bench.batch}, ` +
    `${bench.steps} ${bench.steps === 1 ? "step" : "steps"} in one segment, ${data}`
  );
}
