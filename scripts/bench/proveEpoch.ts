/**
 * Trains and proves a run of the MNIST demo's plan into a run folder, as `trainproof prove` does, in a process of its own. From
 * stdin an EpochRequest, on stdout an EpochReport.
 */
import os from "node:os";
import {
  createRun,
  loadPlan,
  openPlanData,
  publicConfig,
  resolvePlan,
} from "../../src/artifact/index.ts";
import { NativeProver, proveRun, type SegmentReport } from "../../src/prover/index.ts";
import { packageFile } from "../lib/package.ts";
import { answer } from "./part.ts";
import { Stopwatch } from "../../src/prover/stopwatch.ts";

export interface EpochRequest {
  /** A new folder. */
  readonly folder: string;
  readonly steps: number;
  readonly threads?: number | undefined;
}

export interface EpochReport {
  readonly backend: string;
  readonly cpu: string;
  readonly threads: number;
  readonly segments: readonly SegmentReport[];
  readonly dataSetSeconds: number;
  readonly totalSeconds: number;
  readonly peakBytes: number;
}

async function proveEpoch({ folder, steps, threads }: EpochRequest): Promise<EpochReport> {
  const watch = new Stopwatch();
  watch.at("open");
  const loaded = loadPlan(packageFile("examples/mnist.json"));
  const data = await openPlanData(loaded, "train");
  const resolved = resolvePlan({ ...loaded.plan, steps }, loaded.file, { samples: data.count });
  const prover = await NativeProver.load(threads === undefined ? {} : { threads });
  const run = createRun({ folder, config: publicConfig(resolved) });
  const segments: SegmentReport[] = [];
  try {
    watch.at("data set");
    await proveRun(run, data, prover, {
      onProgress: ({ segment }) => {
        if (segment === 0 && segments.length === 0) watch.at("segments");
      },
      onSegment: (report) => {
        segments.push(report);
        console.error(`  ${segments.reduce((sum, s) => sum + s.steps, 0)} of ${steps} steps`);
      },
    });
    watch.at("publish");
    run.publish();
    watch.stop();
  } finally {
    run.close();
    data.close();
  }
  const info = prover.info();
  return {
    backend: info.backend,
    cpu: os.cpus()[0]?.model ?? info.cpu,
    threads: info.threads,
    segments,
    dataSetSeconds: watch.seconds["data set"] ?? 0,
    totalSeconds: watch.total,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

await answer(proveEpoch);
