import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { Worker } from "bullmq";
import { openStore, SegmentObjects } from "../../../src/queue/index.ts";
import { JOB_FORMAT, type SegmentJob } from "../../../src/queue/job.ts";
import { BufferPool } from "../../../src/queue/store/index.ts";
import { connect, KEY_PREFIX } from "../../../src/queue/jobQueue.ts";
import { SegmentQueue } from "../../../src/queue/segmentQueue.ts";
import type { BenchCase } from "../cases.ts";

/** Seconds for a job without work in it. */
export interface RedisFigures {
  /** From one job's end to the next one's, at one worker. */
  readonly turn: number;
  /** Processor time of Redis itself. */
  readonly redis: number;
  /** Of the trainer's process, to look at a job once, many at a time. */
  readonly look: number;
}

const JOBS = 1000;

/** Jobs as a trainer's through a queue, with nothing to do in them. */
export async function measureRedis(url: string): Promise<RedisFigures> {
  const place = { url, name: "scale-empty" };
  const queue = new SegmentQueue(place, () => undefined);
  const hex = (bytes: number) => randomBytes(bytes).toString("hex");
  const name = () => `${hex(32)}/${hex(32)}`;
  const jobs = Array.from({ length: JOBS }, (_, segment): SegmentJob => ({
    ...{ format: JOB_FORMAT, version: "0", runId: `0x${hex(32)}`, segment, attempt: 0, not: [] },
    objects: { input: name(), weights: name(), commitmentIn: name(), commitmentOut: name() },
  }));
  const connection = connect(url, true);
  try {
    const before = await processorSeconds(queue);
    for (const job of jobs) await queue.add(job, 100);
    let [first, last, count] = [0, 0, 0];
    const done = Promise.withResolvers<void>();
    const worker = new Worker<SegmentJob, unknown>(
      place.name,
      async (job) => {
        await job.updateProgress({ worker: "empty" });
        last = performance.now();
        if (count++ === 0) first = last;
        if (count === JOBS) done.resolve();
        return { ok: true, worker: "empty", proof: "none", seconds: 0 };
      },
      { connection, prefix: KEY_PREFIX, concurrency: 1 },
    );
    worker.on("error", done.reject);
    await done.promise;
    await worker.close();
    const redis = ((await processorSeconds(queue)) - before) / JOBS;
    const began = performance.now();
    await Promise.all(jobs.map((job) => queue.outcome(job)));
    const look = (performance.now() - began) / 1000 / JOBS;
    return { turn: (last - first) / 1000 / (JOBS - 1), redis, look };
  } finally {
    connection.disconnect();
    await queue.close();
  }
}

async function processorSeconds(queue: SegmentQueue): Promise<number> {
  const info = await queue.connection.info("cpu");
  const of = (name: string) => Number(new RegExp(`${name}:([0-9.]+)`).exec(info)?.[1]);
  return of("used_cpu_sys") + of("used_cpu_user");
}

/** Processor seconds of a worker's process for a segment, all its threads together. */
export interface HandlingFigures {
  readonly fetch: number;
  readonly store: number;
}

const ROUNDS = 5;

/** Objects of a segment's sizes, fetched and a proof stored as a worker does it, while nothing else is at work in this process. */
export async function measureHandling(
  folder: string,
  { widths, batch, steps }: Pick<BenchCase, "widths" | "batch" | "steps">,
  proofBytes: number,
): Promise<HandlingFigures> {
  const root = path.join(folder, "handling");
  mkdirSync(root);
  const run = { runId: `0x${"5c".repeat(32)}`, key: randomBytes(32) };
  const objects = new SegmentObjects(await openStore(root), run);
  const weights = widths.slice(1).reduce((sum, n, l) => sum + (widths[l]! + 1) * n, 0);
  const rows = widths.slice(0, -1).reduce((sum, n) => sum + n + 1, 0);
  const committed = () => ({ rows: randomBytes(64 * rows), blindings: randomBytes(32 * rows) });
  const values = batch * steps * (widths[0]! + widths.at(-1)!);
  const facts = { statement: randomBytes(300), key: randomBytes(32), nonce: randomBytes(32) };
  const names = await objects.putInput(0, {
    ...{
      ...facts,
      weightsOutDigest: randomBytes(32),
      samplePoints: randomBytes(64 * batch * steps),
    },
    batch: Int32Array.from({ length: values }, (_, i) => (i % 512) - 256),
    start: { weights: Int32Array.from({ length: weights }, (_, i) => i * 40_503), ...committed() },
    weightsOut: committed(),
  });
  const job: SegmentJob = {
    ...{ format: JOB_FORMAT, version: "0", runId: run.runId, segment: 0, attempt: 0 },
    ...{ objects: names, not: [] },
  };
  const proof = { proof: randomBytes(proofBytes), worker: "none", seconds: 0 };
  const seconds = async (action: () => Promise<unknown>) => {
    await action(); // memory's first touch
    const before = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round++) await action();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6 / ROUNDS;
  };
  const pool = new BufferPool();
  const fetch = await seconds(async () => {
    pool.giveBack((await objects.getInput(job, pool.take)).start!.weights);
  });
  const store = await seconds(() => objects.putProof(job, proof));
  rmSync(root, { recursive: true });
  return { fetch, store };
}

/** Bytes a second into a store and out of it, as one figure: objects of the size that a segment's are, durable when put. */
export async function measureStore(folder: string, bytes: number): Promise<number> {
  const root = path.join(folder, "store-speed");
  mkdirSync(root);
  const store = await openStore(root);
  const content = randomBytes(Math.max(1, Math.min(2 ** 30, Math.round(bytes))));
  const objects = Math.max(3, Math.min(50, Math.ceil(1e6 / content.length)));
  const began = performance.now();
  for (let i = 0; i < objects; i++) await store.put(`speed/${i}`, content);
  for (let i = 0; i < objects; i++) await store.get(`speed/${i}`);
  const seconds = (performance.now() - began) / 1000;
  rmSync(root, { recursive: true });
  return (2 * objects * content.length) / seconds;
}
