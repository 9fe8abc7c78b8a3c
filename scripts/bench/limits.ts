import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { countsOf } from "../../src/cost/index.ts";
import type { Statement } from "../../src/protocol/index.ts";
import { packageFile } from "../lib/package.ts";
import { BenchProcessError, outputOf } from "./children.ts";

const ROOFS = [
  "affineAddition",
  "lookupLeaf",
  "zkreluPoint",
  "openingIndex",
  "multiplyAccumulate",
] as const;

/** Seconds for one of each, with as many threads at work as the prover has (native/bench/roof.h). */
export type LimitRates = Record<(typeof ROOFS)[number], number>;

export interface Limits {
  readonly rates: LimitRates;
  /** "AVX-512 IFMA" or "portable". */
  readonly instructions: string;
}

interface LimitsOutput {
  instructions: string;
  roofs: Record<string, { allThreadsSeconds: number }>;
}

/** native/bench/bench_limits, built if it is not there. */
function limitsProgram(): string {
  const program = packageFile("build/native/release/bench/bench_limits");
  if (existsSync(program)) return program;
  const builder = packageFile("scripts/ci/buildNative.mjs");
  spawnSync(process.execPath, [builder, "--target", "bench_limits"], { stdio: ["ignore", 2, 2] });
  if (existsSync(program)) return program;
  throw new BenchProcessError("bench_limits was not built; try: npm run build:native -- --all");
}

/** What this processor can do, measured now. `quick`: roughly, for tests. */
export async function measureLimits(
  threads: number,
  options: { quick?: boolean; portable?: boolean } = {},
): Promise<Limits> {
  const quick = options.quick === true ? ["--quick"] : [];
  const args = ["--threads", String(threads), ...quick];
  const output = await outputOf(limitsProgram(), args, options);
  const { instructions, roofs } = JSON.parse(output) as LimitsOutput;
  const rates = Object.fromEntries(
    ROOFS.map((name) => [name, roofs[name]!.allThreadsSeconds]),
  ) as LimitRates;
  return { rates, instructions };
}

/**
 * The least seconds that each phase of a segment could take: how much of the phase's main operation it has, with no padding,
 * times that operation's rate. Phases that are not listed have no limit of their own.
 *
 * @param weightBits - bits of the largest |weight|.
 */
export function phaseLimits(
  statement: Statement,
  weightBits: number,
  rates: LimitRates,
): Record<string, number> {
  const { products, digits, bits, data, weights, opened } = countsOf(statement);
  // Tables hold the 256 multiples of a column's generator for each 8 bits, or all sums of 8 columns' for single bits.
  const windows = (entryBits: number) => Math.ceil(entryBits / 8);
  return {
    train: products * rates.multiplyAccumulate,
    "commit weights": weights * windows(weightBits + 1) * rates.affineAddition,
    "commit digits": digits * windows(statement.b) * rates.affineAddition,
    "commit bits": (bits / 8) * rates.affineAddition,
    lookup: (digits + data + 2 ** statement.b) * rates.lookupLeaf,
    zkrelu: bits * rates.zkreluPoint,
    opening: opened * rates.openingIndex,
  };
}
