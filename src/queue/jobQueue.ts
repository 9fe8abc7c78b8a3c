import { Job as BullJob, Queue, QueueEvents } from "bullmq";
import { Redis } from "ioredis";

/** Where the queue is. */
export interface QueuePlace {
  /** redis:// or rediss://, with user and password if need be. */
  readonly url: string;
  /** Trainers and workers of one queue use the same. */
  readonly name: string;
}

/** BullMQ's names of the keys of all queues start so. */
export const KEY_PREFIX = "trainproof";

/** What kind of jobs are in a queue, and how they are told apart. */
export interface JobFormat<Job, Answer> {
  /** Of the job in the queue: the same job is never there twice. */
  idOf(job: Job): string;
  /** Undefined for what is no answer of this format. */
  parseAnswer(value: unknown): Answer | undefined;
}

/** What became of a job. */
export type JobOutcome<Answer> =
  | { readonly state: "missing" | "waiting" | "active" }
  | { readonly state: "answered"; readonly answer: Answer }
  /** Its worker died or lost its connection, or said nothing that makes sense. */
  | { readonly state: "failed"; readonly worker: string; readonly reason: string };

/** How many jobs of all runs wait or are at work. */
export interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
  readonly paused: boolean;
}

/** Seconds that a finished job is kept for a trainer that comes back. */
const KEPT = 14 * 24 * 3600;
const UNANSWERED = "it gave no answer of this version";

/** A Redis connection that goes on trying; `commands` that cannot be sent fail after a while, unless they block. */
export function connect(url: string, blocking: boolean): Redis {
  return new Redis(url, {
    maxRetriesPerRequest: blocking ? null : 3,
    connectTimeout: 10_000,
    // From 100 ms, doubled, up to 5 s.
    retryStrategy: (times) => Math.min(5000, 100 * 2 ** Math.min(times, 10)),
  });
}

/**
 * Who had a job: what it says of itself when it begins. BullMQ's own note is of the worker that last touched the job, which for a stalled one
 * is the worker that found it.
 */
function workerOf({ progress, processedBy }: BullJob): string {
  const said = typeof progress === "object" ? (progress as { worker?: unknown }).worker : undefined;
  return typeof said === "string" ? said.slice(0, 200) : (processedBy ?? "a worker without a name");
}

/** The side of a queue that has work to give. Its errors are Redis's own; none is a reason to forget a job. */
export class JobQueue<Job, Answer> {
  readonly connection: Redis;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #listening: Redis;
  readonly #format: JobFormat<Job, Answer>;

  constructor(
    { url, name }: QueuePlace,
    format: JobFormat<Job, Answer>,
    onError: (error: Error) => void,
  ) {
    this.#format = format;
    this.connection = connect(url, false);
    this.#listening = connect(url, true);
    const options = { prefix: KEY_PREFIX };
    this.#queue = new Queue(name, { ...options, connection: this.connection });
    this.#events = new QueueEvents(name, { ...options, connection: this.#listening });
    for (const connection of [this.connection, this.#listening]) connection.on("error", onError);
    this.#queue.on("error", onError);
    this.#events.on("error", onError);
  }

  /** Adds a job, once: one that is there stays as it is. Priority 1 comes first; workers get it after `delay` milliseconds. */
  async add(job: Job, priority: number, delay = 0): Promise<void> {
    await this.#queue.add("segment", job, {
      jobId: this.#format.idOf(job),
      priority,
      delay,
      attempts: 1,
      removeOnComplete: { age: KEPT },
      removeOnFail: { age: KEPT },
    });
  }

  async outcome(job: Job): Promise<JobOutcome<Answer>> {
    const id = this.#format.idOf(job);
    // The state first: a job that is read before it ends has no answer yet, whatever its state is said to be a moment later.
    const state = await this.#queue.getJobState(id);
    const ended = state === "completed" || state === "failed";
    const found = ended ? await BullJob.fromId<Job, unknown>(this.#queue, id) : undefined;
    if (ended && found === undefined) return { state: "missing" };
    switch (state) {
      case "completed": {
        const answer = this.#format.parseAnswer(found!.returnvalue);
        if (answer !== undefined) return { state: "answered", answer };
        return { state: "failed", worker: workerOf(found!), reason: UNANSWERED };
      }
      case "failed":
        return {
          state: "failed",
          worker: workerOf(found!),
          reason: found!.failedReason ?? UNANSWERED,
        };
      case "active":
        return { state: "active" };
      case "unknown":
        return { state: "missing" };
      default:
        return { state: "waiting" };
    }
  }

  /** Forgets a job whose answer was taken; one that a worker has just now stays until it ends. */
  async remove(job: Job): Promise<void> {
    await this.#queue.remove(this.#format.idOf(job)).catch(() => undefined);
  }

  /** Calls back when some job has ended; for promptness alone, events can be lost. */
  onEnd(listener: () => void): void {
    this.#events.on("completed", listener).on("failed", listener);
  }

  async depth(): Promise<QueueDepth> {
    const counts = await this.#queue.getJobCounts("waiting", "prioritized", "delayed", "active");
    const of = (state: string) => counts[state] ?? 0;
    return {
      waiting: of("waiting") + of("prioritized") + of("delayed"),
      active: of("active"),
      paused: await this.#queue.isPaused(),
    };
  }

  /** Names of the workers that are connected; empty where the service does not tell. */
  async workers(): Promise<string[]> {
    const found = await this.#queue.getWorkers();
    return found.flatMap(({ rawname, name }) => {
      const full = rawname ?? name ?? "";
      const at = full.indexOf(":w:");
      return at < 0 ? [] : [decodeURIComponent(full.slice(at + 3))];
    });
  }

  /** No worker takes another job until resume; what is at work is finished. */
  pause(): Promise<void> {
    return this.#queue.pause();
  }

  resume(): Promise<void> {
    return this.#queue.resume();
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#events.close(), this.#queue.close()]);
    this.connection.disconnect();
    this.#listening.disconnect();
  }
}
