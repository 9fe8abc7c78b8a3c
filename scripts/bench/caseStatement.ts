import {
  chooseKappa,
  exampleStatement,
  type RunParameters,
  seedBound,
} from "../../src/artifact/index.ts";
import { checkStatement, type Statement } from "../../src/protocol/index.ts";
import type { BenchCase } from "./cases.ts";
import { PIXEL_OFFSET } from "./images.ts";

/** Public seeds of all benchmarks: of the initial weights and of the schedule. */
export const WEIGHT_SEED = new Uint8Array(32).fill(1);
const SCHEDULE_SEED = new Uint8Array(32).fill(2);

export function runOf(bench: BenchCase): RunParameters {
  const { widths, fixedPoint, eta, batch, samples, steps } = bench;
  const run = {
    widths,
    fixedPoint,
    eta: BigInt(eta),
    batch,
    samples,
    x0: bench.data === "images" ? PIXEL_OFFSET : 0,
    y0: 0,
    scheduleSeed: SCHEDULE_SEED,
  };
  return { ...run, kappa: chooseKappa(run, steps) };
}

/**
 * The segment's statement with empty digests: a run's first, or for a start from a commitment the one after.
 *
 * @throws RangeError for a case that breaks a rule of V1.
 */
export function draftOf(bench: BenchCase, start = bench.start): Statement {
  const run = runOf(bench);
  const seeded = start === "seed";
  const segment = { firstStep: seeded ? 0 : bench.steps, steps: bench.steps };
  const bound = seedBound(run.widths, run.fixedPoint.R);
  const statement = exampleStatement(run, segment, seeded ? 0 : 1, bound);
  const fault = checkStatement(statement);
  if (fault !== undefined) throw new RangeError(`the benchmark's case: ${fault.reason}`);
  return seeded ? { ...statement, start: WEIGHT_SEED } : statement;
}
