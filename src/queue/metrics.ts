import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { RunStanding } from "./trainer/estimate.ts";

const SECONDS = [0.3, 1, 3, 10, 30, 100, 300, 1000, 3000];

/** A trainer's metrics, for Prometheus; names start with trainproof_queue_. */
export class TrainerMetrics {
  readonly registry = new Registry();
  readonly #segments: Gauge<"state">;
  readonly #jobs: Gauge<"state">;
  readonly #workers: Gauge;
  readonly #left: Gauge;
  readonly #seconds: Histogram;
  readonly #failed: Counter<"cause">;

  constructor({ defaults = true } = {}) {
    const registers = [this.registry];
    if (defaults) collectDefaultMetrics({ register: this.registry });
    const name = (rest: string) => `trainproof_queue_${rest}`;
    this.#segments = new Gauge({
      name: name("segments"),
      help: "Segments of the run, by how far they have come",
      labelNames: ["state"],
      registers,
    });
    this.#jobs = new Gauge({
      name: name("jobs"),
      help: "Jobs of the run in the queue",
      labelNames: ["state"],
      registers,
    });
    this.#workers = new Gauge({
      name: name("workers"),
      help: "Workers that are connected to the queue",
      registers,
    });
    this.#left = new Gauge({
      name: name("seconds_left"),
      help: "Estimated time to the run's end",
      registers,
    });
    this.#seconds = new Histogram({
      name: name("segment_seconds"),
      help: "What a worker took for a segment, as it says: fetching, training again, proving",
      buckets: SECONDS,
      registers,
    });
    this.#failed = new Counter({
      name: name("failed_tries_total"),
      help: "Tries to have a segment proven that failed",
      labelNames: ["cause"],
      registers,
    });
  }

  standing(standing: RunStanding): void {
    const { segments, finished, proven, trained, active, waiting } = standing;
    for (const [state, count] of Object.entries({ segments, finished, proven, trained }))
      this.#segments.set({ state: state === "segments" ? "all" : state }, count);
    this.#jobs.set({ state: "active" }, active);
    this.#jobs.set({ state: "waiting" }, waiting);
    this.#workers.set(standing.workers);
    if (standing.secondsLeft !== undefined) this.#left.set(standing.secondsLeft);
  }
  proven(seconds: number): void {
    this.#seconds.observe(seconds);
  }
  failed(cause: string): void {
    this.#failed.inc({ cause });
  }
}

/** What came of a job at a worker. */
export type WorkerOutcome = "proven" | "verified" | "failed" | "left" | "stopped";

/** A worker's metrics; names start with trainproof_worker_. Device use is the rate of its busy seconds. */
export class WorkerMetrics {
  readonly registry = new Registry();
  readonly #jobs: Counter<"outcome">;
  readonly #seconds: Histogram<"phase">;
  readonly #busy: Gauge;
  readonly #busySeconds: Counter;
  #since: number | undefined;

  constructor({ defaults = true } = {}) {
    const registers = [this.registry];
    if (defaults) collectDefaultMetrics({ register: this.registry });
    const name = (rest: string) => `trainproof_worker_${rest}`;
    this.#jobs = new Counter({
      name: name("jobs_total"),
      help: "Jobs that this worker took, by what came of them",
      labelNames: ["outcome"],
      registers,
    });
    this.#seconds = new Histogram({
      name: name("segment_seconds"),
      help: "What a segment took, by phase",
      labelNames: ["phase"],
      buckets: SECONDS,
      registers,
    });
    this.#busy = new Gauge({ name: name("busy"), help: "1 while it proves", registers });
    this.#busySeconds = new Counter({
      name: name("device_seconds_total"),
      help: "Time in which its device trained or proved",
      registers,
      collect: () => this.#count(),
    });
  }

  /** The device begins or ends to compute. */
  device(busy: boolean): void {
    this.#count();
    this.#since = busy ? performance.now() : undefined;
    this.#busy.set(busy ? 1 : 0);
  }
  phase(phase: "fetch" | "train" | "prove" | "verify" | "store", seconds: number): void {
    this.#seconds.observe({ phase }, seconds);
  }
  ended(outcome: WorkerOutcome): void {
    this.#jobs.inc({ outcome });
  }

  /** While it is busy the time goes on. */
  #count(): void {
    if (this.#since === undefined) return;
    const now = performance.now();
    this.#busySeconds.inc((now - this.#since) / 1000);
    this.#since = now;
  }
}
