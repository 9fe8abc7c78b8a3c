import type { Job } from "bullmq";
import { connect, KEY_PREFIX } from "../jobQueue.ts";
import type { AnyAnswer, AnyJob, WorkerContext, WorkerTask } from "./context.ts";
import { type JobEnd, JobTaker } from "./jobTaker.ts";
import type { Turn } from "./turn.ts";

/** Milliseconds until a job that this worker may not have is offered again, and that it then leaves the queue to others. */
const LEFT_TO_OTHERS = 1000;
const LONGEST = 60_000;
const VERSION = "version";

/** Takes segments from a queue and does its task with them: one computes, while the next one's input is fetched. */
export class QueueWorker<SegmentJob extends AnyJob, Answer extends AnyAnswer> {
  readonly #context: WorkerContext;
  readonly #task: WorkerTask<SegmentJob, Answer>;
  /** Jobs in a row that were left to others. */
  #left = 0;
  readonly #stopNow = new AbortController();
  #jobs = 0;
  #held = 0;

  constructor(context: WorkerContext, task: WorkerTask<SegmentJob, Answer>) {
    this.#context = context;
    this.#task = task;
  }

  /**
   * Works until the signal aborts; then finishes the segment that computes, puts back one that waits for it, and ends. `now` ends that, too:
   * its segment goes back to the queue.
   *
   * @param once - ends when no job has come for so many milliseconds
   * @returns the number of segments that it has done
   */
  async run(signals: { drain: AbortSignal; now: AbortSignal }, once?: number): Promise<number> {
    const { place, name, lease, log, health } = this.#context;
    const connection = connect(place.url, true);
    const ends = new AbortController();
    let idle: NodeJS.Timeout | undefined;
    const rest = () => {
      if (once !== undefined) idle = setTimeout(() => ends.abort(), once);
    };
    const worker = new JobTaker<SegmentJob, Answer>(
      place.name,
      async (job, turn) => {
        clearTimeout(idle);
        this.#held += 1;
        try {
          return await this.#process(job, turn);
        } finally {
          this.#held -= 1;
          if (this.#held === 0) rest();
        }
      },
      {
        connection,
        prefix: KEY_PREFIX,
        name,
        lockDuration: lease,
        stalledInterval: lease,
        // The trainer counts tries, and offers a segment again.
        maxStalledCount: 0,
      },
    );
    const onError = (error: Error) => {
      health.obstacle("queue", `the queue: ${error.message}`);
      log.warn({ error: error.message }, "the queue does not answer; trying again");
    };
    worker.on("error", onError);
    connection.on("error", onError).on("ready", () => health.obstacle("queue", undefined));
    worker.on("locksRenewed", () => health.obstacle("queue", undefined));
    worker.on("lockRenewalFailed", (ids: string[]) => {
      log.warn({ jobs: ids }, "another worker has the segment by now: stopping");
      for (const id of ids) worker.cancelJob(id, "its segment went elsewhere");
    });
    signals.now.addEventListener("abort", () => this.#stopNow.abort(), { once: true });
    log.info({ queue: place.name }, "waiting for segments");
    rest();
    const working = worker.run();
    working.catch(onError);
    try {
      await whenAborted(AbortSignal.any([signals.drain, signals.now, ends.signal]));
      log.info("stopping; the segment at hand is finished first");
    } finally {
      clearTimeout(idle);
      const closed = worker.close().then(() => working.catch(() => undefined));
      await Promise.race([closed, whenAborted(this.#stopNow.signal).then(after(2000))]);
      connection.disconnect();
    }
    return this.#jobs;
  }

  async #process(job: Job<SegmentJob, Answer>, turn: Turn): Promise<JobEnd<Answer>> {
    const { name, log, metrics, health } = this.#context;
    const { doing, done } = this.#task;
    const parsed = this.#task.parse(job.data);
    const why = this.#refusal(parsed);
    if (parsed === undefined || why !== undefined)
      return this.#leave(job, why ?? "", parsed?.not.includes(name) === true);
    this.#left = 0;
    health.obstacle(VERSION, undefined);
    const { segment, attempt, runId } = parsed;
    // Should it die, the trainer knows who it was. That Redis does not answer is no reason to stop here.
    await job.updateProgress({ worker: name }).catch(() => undefined);
    const signal = AbortSignal.any([turn.signal, this.#stopNow.signal]);
    const begin = async () => {
      await turn.begin(signal);
      log.info({ runId, segment, attempt }, doing);
      health.facts({ runId, segment, since: new Date().toISOString() });
    };
    const own = { signal, begin, ending: () => turn.ending(), computed: () => turn.computed() };
    try {
      const answer = await this.#task.work(parsed, own);
      metrics.ended(answer.ok ? done : "failed");
      if (answer.ok) {
        this.#jobs += 1;
        log.info({ runId, segment, seconds: answer.seconds }, done);
      } else log.error({ runId, segment, fault: answer.fault, reason: answer.reason }, "failed");
      return { answer };
    } catch (error) {
      if (!signal.aborted) throw error;
      metrics.ended("stopped");
      log.warn({ runId, segment }, "stopped before it was done");
      return turn.isLost ? { lost: true } : { back: 0 };
    } finally {
      if (this.#held === 1) health.facts({ segment: undefined, since: undefined });
    }
  }

  /** Why a job is not for this worker, if so. */
  #refusal(job: SegmentJob | undefined): string | undefined {
    const { version, name } = this.#context;
    if (job === undefined) return `the job is of another format than that of version ${version}`;
    if (job.version !== version)
      return `the run's trainer is version ${job.version}, this is ${version}; install that one`;
    const refusal = this.#task.refusal(job);
    if (refusal !== undefined) return refusal;
    if (job.not.includes(name)) return "the trainer wants another worker for this segment";
    return undefined;
  }

  /** Puts a job back, and leaves the queue to others for a while; longer each time, unless it is about this segment alone. */
  #leave(job: Job, why: string, once: boolean): JobEnd<Answer> {
    const { log, metrics, health } = this.#context;
    const rest = once
      ? LEFT_TO_OTHERS
      : Math.min(LONGEST, LEFT_TO_OTHERS * 2 ** Math.min(this.#left++, 10));
    log.warn({ job: job.id, reason: why, seconds: rest / 1000 }, "a segment is left to others");
    if (!once) health.obstacle(VERSION, why);
    metrics.ended("left");
    return { back: LEFT_TO_OTHERS / 4, rest };
  }
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

const after = (milliseconds: number) => () =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
