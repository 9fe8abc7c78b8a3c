import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { Worker } from "bullmq";
import { openStore } from "../../../src/queue/index.ts";
import { JOB_FORMAT, type SegmentJob } from "../../../src/queue/job.ts";
import { connect, KEY_PREFIX } from "../../../src/queue/jobQueue.ts";
import { SegmentQueue } from "../../../src/queue/segmentQueue.ts";

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
