import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { SegmentQueue } from "../../../src/queue/index.ts";
import { BenchProcessError } from "../children.ts";
import { type Daemon, type LogLine, verbDaemon } from "./daemon.ts";

/** Where everything of a measurement is. */
export interface ScaleSite {
  readonly folder: string;
  readonly plan: string;
  readonly segments: number;
  readonly url: string;
}

/** Seconds of a segment, medians, where nothing but one process is at work. */
export interface InProcess {
  /** Of the whole run, its first segment included. */
  readonly total: number;
  readonly seconds: number;
  readonly train: number;
  readonly commit: number;
  readonly prove: number;
  /** Verification by third parties, on one thread. */
  readonly verify: number;
  readonly proofBytes: number;
}

/** What a run through the queue took: everything was trained before its workers began. */
export interface QueueRun {
  readonly workers: number;
  readonly threads: number;
  /** From when workers may begin to the last proof that the trainer accepted. */
  readonly seconds: number;
  /**
   * Medians of a segment, in seconds, without each worker's first. A cycle is from one proof's end to the next one's at a worker. The input
   * is fetched while the segment before computes, and the proof is stored while the next one does.
   */
  readonly cycle: number;
  readonly fetch: number;
  readonly train: number;
  readonly prove: number;
  readonly store: number;
  /** What a worker's device does nothing of a cycle, on average. */
  readonly idle: number;
  /** What a worker's first segment takes longer to train and prove: it touches the process's memory first. */
  readonly first: number;
  /** Means at the trainer: from one segment in the store to the next; of that keeping it, and sealing and putting the input. Taking a proof, finishing. */
  readonly ahead: number;
  readonly keep: number;
  readonly offer: number;
  readonly take: number;
  readonly finish: number;
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1));
};

type Phase = "fetch" | "train" | "prove" | "store";
const PHASES: readonly Phase[] = ["fetch", "train", "prove", "store"];

/** The same run in one process, without a queue. The first segment has no W^in to open, and is left out. */
export async function measureInProcess(site: ScaleSite, threads: number): Promise<InProcess> {
  const run = path.join(site.folder, "alone");
  const args = ["prove", site.plan, "--run", run, "--threads", String(threads), "--json"];
  const output = await verbDaemon(args).end();
  type Report = Record<"trainSeconds" | "commitSeconds" | "proveSeconds" | "proofBytes", number>;
  const { segments } = JSON.parse(output) as { segments: Report[] };
  const of = (key: keyof Report) => median(segments.slice(1).map((segment) => segment[key]));
  const verified = await verbDaemon(["verify", run, "--workers", "1", "--json"]).end();
  const { timings } = JSON.parse(verified) as { timings: { segmentSeconds: number } };
  rmSync(run, { recursive: true });
  const verify = timings.segmentSeconds / segments.length;
  const [train, commit, prove] = [of("trainSeconds"), of("commitSeconds"), of("proveSeconds")];
  const each = segments.map((one) => one.trainSeconds + one.commitSeconds + one.proveSeconds);
  return {
    total: each.reduce((a, b) => a + b, 0),
    seconds: train + commit + prove,
    train,
    commit,
    prove,
    verify,
    proofBytes: of("proofBytes"),
  };
}

/** Bytes of all objects in a store's folder. */
function storedBytes(store: string): number {
  const files = readdirSync(store, { recursive: true, encoding: "utf8" });
  return files.reduce((sum, name) => {
    const found = statSync(path.join(store, name));
    return found.isFile() ? sum + found.size : sum;
  }, 0);
}

export interface MeasuredQueue {
  readonly run: QueueRun;
  /** Bytes of a segment's objects. */
  readonly inputBytes: number;
}

/** Trains the run's segments ahead, then has so many worker processes prove them. */
export async function measureQueue(
  site: ScaleSite,
  { workers, threads }: { workers: number; threads: number },
): Promise<MeasuredQueue> {
  const { folder, plan, segments, url } = site;
  const own = path.join(folder, `queue-${workers}-${threads}`);
  const [store, run] = [path.join(own, "store"), path.join(own, "run")];
  const key = path.join(own, "run.key");
  mkdirSync(store, { recursive: true });
  const name = `scale-${workers}-${threads}`;
  const where = ["--queue", url, "--queue-name", name, "--store", store, "--key-file", key];
  const daemons: Daemon[] = [];
  const start = (...args: string[]) => {
    const daemon = verbDaemon([...args, ...where, "--log-level", "info"]);
    daemons.push(daemon);
    return daemon;
  };
  const queue = new SegmentQueue({ url, name }, () => undefined);
  try {
    await queue.pause();
    const trainer = start(
      ...["prove", plan, "--run", run, "--ahead", String(segments), "--check", "0"],
    );
    await trainer.until("offered", segments);
    const inputBytes = storedBytes(store) / segments;
    const all = Array.from({ length: workers }, (_, i) =>
      start("worker", "--threads", String(threads), "--name", `worker-${i}`, "--once", "3"),
    );
    for (const worker of all) await worker.until("waiting for segments");
    const began = Date.now();
    await queue.resume();
    await trainer.end();
    for (const worker of all) await worker.end();
    const found = figures(trainer, all, began, segments);
    return { run: { workers, threads, ...found }, inputBytes };
  } finally {
    for (const daemon of daemons) await daemon.kill();
    await queue.close();
    rmSync(own, { recursive: true, force: true });
  }
}

function figures(trainer: Daemon, workers: readonly Daemon[], began: number, segments: number) {
  const proven = trainer.logged("proven");
  if (proven.length !== segments)
    throw new BenchProcessError(`the trainer accepted ${proven.length} of ${segments} proofs`);
  const number = (line: LogLine, key: string) => Number(line[key]);
  const cycles: number[] = [];
  const phases: Record<Phase, number[]> = { fetch: [], train: [], prove: [], store: [] };
  const [firsts, idles]: [number[], number[]] = [[], []];
  for (const worker of workers) {
    const [ends, parts] = [worker.logged("proven"), worker.logged("phases")];
    // A process's first segment pays for its memory's first touch, as bench headline --repeat says.
    parts.forEach((line, i) => {
      const part = line["phases"] as Record<Phase, number>;
      if (i === 0) return firsts.push(part.train + part.prove);
      const cycle = (ends[i]!.time - ends[i - 1]!.time) / 1000;
      cycles.push(cycle);
      idles.push(Math.max(0, cycle - part.train - part.prove));
      for (const phase of PHASES) phases[phase].push(part[phase]);
    });
  }
  const of = (message: string, key: string) =>
    mean(trainer.logged(message).map((line) => number(line, key)));
  const [fetch, train, prove, store] = PHASES.map((phase) => median(phases[phase])) as [
    number,
    number,
    number,
    number,
  ];
  const cycle = median(cycles);
  const offered = trainer.logged("offered").map(({ time }) => time);
  return {
    seconds: (Math.max(...proven.map(({ time }) => time)) - began) / 1000,
    ...{ cycle, fetch, train, prove, store, idle: mean(idles) },
    first: Math.max(0, mean(firsts) - train - prove),
    ahead: (offered.at(-1)! - offered[0]!) / 1000 / (offered.length - 1),
    keep: of("trained", "seconds"),
    offer: of("offered", "seconds"),
    take: of("proven", "takeSeconds"),
    finish: of("finished", "seconds"),
  };
}
