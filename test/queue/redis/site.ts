import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createKeyFile } from "../../../src/queue/index.ts";
import {
  createRun,
  loadPlan,
  openPlanData,
  publicConfig,
  resolvePlan,
} from "../../../src/artifact/index.ts";
import { hex32 } from "../../../src/artifact/index.ts";
import { temporaryFolder } from "../../dataset/files.ts";
import { runVerb } from "../../e2e/verbs.ts";
import { RedisServer, verb, type Watched } from "./processes.ts";

const FEATURES = 48;

/** A network whose segments take about half a second to prove: long enough to be killed in. */
const plan = {
  name: "queued",
  widths: [FEATURES, 96, 96, 4],
  fixedPoint: { fA: 8, fG: 10, R: 32, sigma: 8, b: 16, dv: 1, dg: 1 },
  eta: 16,
  batch: 32,
  steps: 80,
  segmentSteps: 16,
  start: { seed: `0x${"11".repeat(32)}` },
  scheduleSeed: `0x${"22".repeat(32)}`,
  data: {
    train: { format: "csv", file: "data.csv", labelColumns: ["class"] },
    labels: { encoding: "oneHot", classes: 4 },
  },
};
export const SEGMENTS = 5;

function csv(): string {
  const names = Array.from({ length: FEATURES }, (_, i) => `f${i}`);
  const lines = Array.from({ length: 64 }, (_, i) => {
    const values = names.map((_, k) => (((i + 3) * (k + 5) * 7) % 61) / 64);
    return [...values, i % 4].join(",");
  });
  return [[...names, "class"].join(","), ...lines].join("\n") + "\n";
}

/** A plan, a run with its key, a store and a Redis, and the processes at work on them. */
export class Site {
  readonly folder: string;
  readonly plan: string;
  readonly run: string;
  readonly store: string;
  readonly key: string;
  redis!: RedisServer;
  readonly #processes: Watched[] = [];

  constructor(folder: string, changes: Record<string, unknown> = {}) {
    this.folder = folder;
    this.store = path.join(folder, "store");
    this.run = path.join(folder, "run");
    this.key = path.join(folder, "run.key");
    mkdirSync(this.store, { recursive: true });
    writeFileSync(path.join(folder, "data.csv"), csv());
    this.plan = path.join(folder, "plan.json");
    writeFileSync(this.plan, JSON.stringify({ ...plan, ...changes }));
  }

  /** Makes the run and its key, so that workers can be there first, and starts Redis. */
  async begin(options: { aof?: boolean } = {}): Promise<this> {
    const loaded = loadPlan(this.plan);
    const data = await openPlanData(loaded, "train");
    const resolved = resolvePlan(loaded.plan, loaded.file, { samples: data.count });
    data.close();
    const run = createRun({ folder: this.run, config: publicConfig(resolved) });
    createKeyFile(this.key, hex32(run.runId));
    run.close();
    this.redis = await RedisServer.start(path.join(this.folder, "redis"), options);
    return this;
  }

  /** `url` and `store` may lead through something that fails. */
  worker(
    name: string,
    more: readonly string[] = [],
    { url = this.redis.url, store = this.store, env = {} } = {},
  ): Watched {
    const where = ["--queue", url, "--store", store, "--key-file", this.key];
    const how = ["--device", "cpu", "--threads", "1", "--lease", "1", "--name", name];
    return this.#keep(verb(["worker", ...where, ...how, ...more], env));
  }

  trainer(
    more: readonly string[] = [],
    { run = this.run, store = this.store, env = {} } = {},
  ): Watched {
    const where = ["--queue", this.redis.url, "--store", store, "--key-file", this.key];
    const how = ["--device", "cpu", "--threads", "1", "--log-level", "info"];
    return this.#keep(verb(["prove", this.plan, "--run", run, ...where, ...how, ...more], env));
  }

  /** Another process of this site, ended with it. */
  #keep(process: Watched): Watched {
    this.#processes.push(process);
    return process;
  }
  with(process: Watched): Watched {
    return this.#keep(process);
  }

  /** The trainer ends well, and the run is whole: every segment proven once, valid for third parties, nothing left behind. */
  async expectWhole(trainer: Watched): Promise<void> {
    const { code, stderr } = await trainer.ended;
    assert.equal(code, 0, stderr);
    const verified = await runVerb(["verify", this.run, "--json"]);
    assert.equal(verified.code, 0, verified.stderr);
    assert.equal((JSON.parse(verified.stdout) as { steps: number }).steps, 80);
    for (const folder of readdirSync(this.store))
      assert.deepEqual(readdirSync(path.join(this.store, folder)), []);
    assert.ok(!existsSync(path.join(this.run, "secret", "ahead")));
  }

  async end(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.kill("SIGKILL")));
    await this.redis.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Segments that a trainer's log says were accepted, in the order of acceptance. */
export const provenBy = (trainer: Watched): { segment: number; worker: string }[] =>
  logged(trainer, "proven").map((line) => ({
    segment: Number(line["segment"]),
    worker: String(line["worker"]),
  }));

/** Lines of a process's log with this message. */
export function logged(process: Watched, message: string): Record<string, unknown>[] {
  return process.output
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === message);
}

/** A site for each test of a suite. */
export function sites(): { make(options?: { aof?: boolean }): Promise<Site> } {
  const folder = temporaryFolder();
  let count = 0;
  const open: Site[] = [];
  afterEach(async () => {
    for (const site of open.splice(0)) await site.end();
  });
  return {
    async make(options = {}) {
      const site = await new Site(path.join(folder.path, `site${count++}`)).begin(options);
      open.push(site);
      return site;
    },
  };
}

/** What is left of a run's numbers: 0 … n − 1. */
export const all = Array.from({ length: SEGMENTS }, (_, i) => i);
