import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { haveRedis, NO_REDIS } from "../lib/redisServer.ts";
import { type BenchCase, network, smallNetwork } from "./cases.ts";
import { BenchProcessError } from "./children.ts";
import { describeCase } from "./describe.ts";
import type { BenchAnswer, BenchOptions } from "./options.ts";
import { startRedis } from "./scale/daemon.ts";
import {
  type InProcess,
  type MeasuredQueue,
  measureInProcess,
  measureQueue,
  type QueueRun,
} from "./scale/measure.ts";
import { writePlan } from "./scale/plan.ts";
import {
  checkRows,
  costRows,
  overhead,
  OVERHEAD_TARGET,
  queueRows,
  scenarioRows,
} from "./scale/report.ts";
import {
  remedies,
  type ScaleCosts,
  scenario,
  type Scenario,
  STEPS,
  WORKERS,
} from "./scale/scenarios.ts";
import {
  type HandlingFigures,
  measureHandling,
  measureRedis,
  measureStore,
  type RedisFigures,
} from "./scale/services.ts";
import { type SegmentCosts, simulate } from "./scale/simulate.ts";
import { markdownTable, type Rows, textTable } from "./table.ts";

/** Segments of the measured run: each of four workers has two. */
const SEGMENTS = 8;

interface Measured {
  readonly alone: InProcess;
  /** One worker with all threads, then 1, 2 and 4 with their part of them. */
  readonly whole: MeasuredQueue;
  readonly parts: readonly MeasuredQueue[];
  readonly redis: RedisFigures;
  readonly handling: HandlingFigures;
  readonly storeBytesPerSecond: number;
}

async function measure(bench: BenchCase, cores: number): Promise<Measured> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-scale-"));
  const say = (what: string) => console.error(`  ${what}`);
  try {
    const redis = await startRedis(path.join(folder, "redis"));
    try {
      const plan = writePlan(folder, bench, SEGMENTS);
      const site = { folder, plan, segments: SEGMENTS, url: redis.url };
      say("Redis: jobs without work");
      const figures = await measureRedis(redis.url);
      say("the same run in one process");
      const alone = await measureInProcess(site, cores);
      const queue = (workers: number, threads: number) => {
        say(`through the queue: ${workers} × ${threads} threads`);
        return measureQueue(site, { workers, threads });
      };
      const whole = await queue(1, cores);
      const parts: MeasuredQueue[] = [];
      for (const workers of [1, 2, 4])
        parts.push(await queue(workers, Math.max(1, Math.floor(cores / 2))));
      say("the store");
      const handling = await measureHandling(folder, bench, alone.proofBytes);
      const storeBytesPerSecond = await measureStore(folder, whole.inputBytes);
      return { alone, whole, parts, redis: figures, handling, storeBytesPerSecond };
    } finally {
      await redis.daemon.kill();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A segment's costs from a run through the queue: what its transfers take is the store's part. */
function costsOf(
  { alone, redis, handling, storeBytesPerSecond }: Measured,
  { run, inputBytes }: MeasuredQueue,
): SegmentCosts {
  const rest = (seconds: number, bytes: number) =>
    Math.max(0, seconds - bytes / storeBytesPerSecond);
  const { proofBytes } = alone;
  return {
    train: Math.max(run.ahead - alone.commit, alone.train),
    commit: alone.commit,
    seal: run.keep + rest(run.offer, inputBytes),
    look: redis.look,
    assemble: run.take + run.finish,
    verify: alone.verify,
    open: rest(handling.fetch, inputBytes),
    retrain: run.train,
    prove: run.prove,
    close: rest(handling.store, proofBytes),
    first: run.first,
    turn: redis.turn,
    redis: redis.redis,
    inputBytes,
    proofBytes,
  };
}

/** What the simulation says of the runs with a part of the threads, from the one with one worker alone. */
function checks(measured: Measured, cores: number): { run: QueueRun; simulated: number }[] {
  const [one] = measured.parts as [MeasuredQueue];
  const costs = costsOf(measured, one);
  return measured.parts.map(({ run }) => {
    const site = {
      ...{ trainers: 1, workers: run.workers, segments: SEGMENTS, ahead: SEGMENTS, check: 0 },
      ...{ verifyThreads: 1, stores: 1, trainFirst: true },
      storeBytesPerSecond: measured.storeBytesPerSecond,
      shared: { cores, threads: run.threads },
    };
    return { run, simulated: simulate(costs, site).seconds };
  });
}

/** The queue's work beside proving, measured with real processes; and how far the design carries, simulated from that. Needs Redis. */
export async function benchScale(options: BenchOptions): Promise<BenchAnswer> {
  if (!haveRedis((line) => console.error(`  ${line}`)))
    throw new BenchProcessError(`this benchmark needs Redis: ${NO_REDIS}`);
  const { small = false } = options;
  const cores = options.threads ?? os.availableParallelism();
  const bench = small ? { ...smallNetwork, samples: 64 } : network();
  const measured = await measure(bench, cores);
  const { alone, whole, parts, handling } = measured;
  const runs = [whole, ...parts].map(({ run }) => run);
  const compared = checks(measured, cores);
  const costs: ScaleCosts = {
    steps: bench.steps,
    segment: costsOf(measured, whole),
    storeBytesPerSecond: measured.storeBytesPerSecond,
    verifyThreads: cores,
  };
  const sampleBytes =
    2 * bench.batch * (bench.widths[0]! + bench.widths.at(-1)!) + 64 * bench.batch;
  const seen = (one: Scenario, name: string) => {
    const result = simulate(one.costs.segment, one.site);
    const { segment } = one.costs;
    const segments = one.site.segments * one.site.trainers;
    // What one worker takes, whose device never waits.
    return { scenario: one, name, result, alone: (segment.retrain + segment.prove) * segments };
  };
  const grid = WORKERS.flatMap((workers) =>
    STEPS.map((steps) =>
      seen(
        scenario("", workers, steps, costs),
        `${workers} workers, ${steps.toLocaleString("en")} steps`,
      ),
    ),
  );
  const better = remedies(costs, { sampleBytes }).map((one) => seen(one, one.title));
  const share = overhead(whole.run, alone, handling);
  const met = share <= OVERHEAD_TARGET ? "met" : "missed";
  const target = small ? "a toy has no target" : `target ${100 * OVERHEAD_TARGET} %: ${met}`;
  const about = [
    `${describeCase(bench)}; ${SEGMENTS} segments. ${os.cpus()[0]?.model ?? "unknown processor"}, ${cores} threads.`,
    `The queue's work for a segment is ${(100 * share).toFixed(2)} % of its proving in one process; ${target}.`,
  ];
  const sections: [string, Rows][] = [
    ["Measured: through the queue", queueRows(runs, { ...alone, threads: cores }, handling)],
    ["Simulated beside measured", checkRows(compared)],
    ["What the simulation starts from", costRows(costs, handling)],
    ["Simulated: one run", scenarioRows("one run", grid)],
    ["Simulated: 1,000 workers, 100,000 steps", scenarioRows("site", better)],
  ];
  const plain = (found: ReturnType<typeof seen>) => ({ name: found.name, ...found.result });
  return {
    json: {
      threads: cores,
      segments: SEGMENTS,
      overhead: share,
      inProcess: alone,
      handling,
      runs,
      compared: compared.map(({ run, simulated }) => ({
        workers: run.workers,
        measured: run.seconds,
        simulated,
      })),
      costs,
      simulated: [...grid, ...better].map(plain),
    },
    text: [...about, ...sections.flatMap(([title, rows]) => ["", title, ...textTable(rows)])],
    document: {
      document: "SCALE.md",
      section: "scale",
      lines: [
        ...about,
        ...sections.flatMap(([title, rows]) => ["", `### ${title}`, "", ...markdownTable(rows)]),
      ],
    },
  };
}
