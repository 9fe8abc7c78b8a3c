import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { encodeStatement } from "../../src/protocol/index.ts";
import { nodeBytes, parameterCount } from "../../src/cost/index.ts";
import { NativeProver } from "../../src/prover/index.ts";
import { draftOf } from "./caseStatement.ts";
import type { BenchCase } from "./cases.ts";
import { BenchProcessError, runPart } from "./children.ts";
import type { BenchAnswer, BenchOptions } from "./options.ts";
import type { ProveReport, ProveRequest } from "./proveSegment.ts";
import { scalingDocument, scalingText } from "./scalingReport.ts";
import { SCALING, type Series, SMALL_SCALING } from "./scalingCases.ts";
import type { VerifyReport, VerifyRequest } from "./verifySegment.ts";

/** The figures of one size. */
export interface ScalingFigures {
  readonly parameters: number;
  readonly stepSeconds: number;
  readonly trainStepSeconds: number;
  readonly verifySeconds: number;
  readonly proofBytes: number;
  readonly peakBytes: number;
  readonly predictedBytes: number;
}

export interface MeasuredPoint {
  readonly x: number;
  readonly steps: number;
  readonly figures?: ScalingFigures;
  /** Why there are none. */
  readonly skipped?: string;
}

export interface MeasuredSeries extends Omit<Series, "points"> {
  readonly points: readonly MeasuredPoint[];
}

export interface Scaling {
  readonly device: string;
  readonly cpu: string;
  readonly threads: number;
  readonly portable: boolean;
  readonly series: readonly MeasuredSeries[];
}

const sum = (seconds: Record<string, number>) => Object.values(seconds).reduce((a, b) => a + b, 0);
const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** Each size in a process of its own, unless its predicted memory or the time is not there. */
async function measurePoint(
  bench: BenchCase,
  predictedBytes: number,
  { threads, portable = false, repeat = 1 }: BenchOptions,
): Promise<ScalingFigures> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-bench-"));
  try {
    const request: ProveRequest = { bench, folder, threads, repeat };
    const prove = await runPart<ProveRequest, ProveReport>("proveSegment", request, { portable });
    const verify = await runPart<VerifyRequest, VerifyReport>("verifySegment", { folder });
    if (!verify.verdict.ok)
      throw new BenchProcessError(`the proof was rejected: ${verify.verdict.check}`);
    return {
      parameters: parameterCount(bench.widths),
      stepSeconds: sum(prove.phases) / bench.steps,
      trainStepSeconds: prove.phases["train"]! / bench.steps,
      verifySeconds: sum(verify.phases),
      proofBytes: prove.proofBytes,
      peakBytes: prove.peakBytes,
      predictedBytes,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Time and memory against each size of the headline segment. */
export async function benchScaling(options: BenchOptions): Promise<BenchAnswer> {
  const { threads, portable = false, minutes = 60 } = options;
  const prover = await NativeProver.load(threads === undefined ? {} : { threads });
  const deadline = performance.now() + minutes * 60_000;
  const known = new Map<string, Omit<MeasuredPoint, "x">>();

  const measure = async (bench: BenchCase): Promise<Omit<MeasuredPoint, "x">> => {
    const { steps } = bench;
    const { train, prove } = prover.predictMemory(encodeStatement(draftOf(bench)));
    const predicted = Math.max(train, prove);
    const [needed, there] = [predicted + nodeBytes(bench.widths), process.availableMemory()];
    if (needed > there)
      return { steps, skipped: `needs ${gibibytes(needed)}, ${gibibytes(there)} are free` };
    if (performance.now() > deadline)
      return { steps, skipped: `no time left after ${minutes} minutes (--minutes)` };
    try {
      return { steps, figures: await measurePoint(bench, predicted, options) };
    } catch (error) {
      if (!(error instanceof BenchProcessError)) throw error;
      return { steps, skipped: error.message }; // the other sizes are worth having
    }
  };
  const series: MeasuredSeries[] = [];
  for (const { points, ...rest } of options.small === true ? SMALL_SCALING : SCALING) {
    const measured: MeasuredPoint[] = [];
    for (const { x, bench } of points) {
      console.error(`  ${rest.axis}: ${x}`);
      const key = JSON.stringify(bench);
      const point = known.get(key) ?? (await measure(bench));
      known.set(key, point);
      measured.push({ x, ...point });
    }
    series.push({ ...rest, points: measured });
  }
  const info = prover.info();
  const scaling: Scaling = {
    device: info.backend,
    cpu: os.cpus()[0]?.model ?? info.cpu,
    threads: info.threads,
    portable,
    series,
  };
  const { lines, plots } = scalingDocument(scaling);
  return {
    json: { ...scaling },
    text: scalingText(scaling),
    document: { section: "scaling", lines, plots },
  };
}
