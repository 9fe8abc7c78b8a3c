import {
  isNotConnectionError,
  type Job,
  UnrecoverableError,
  Worker,
  type WorkerOptions,
} from "bullmq";
import { pauseFor } from "../../service/index.ts";
import { type Turn, TurnOrder } from "./turn.ts";

/** Milliseconds between tries to reach a queue that does not answer. */
const AGAIN = 1000;

/** What becomes of a job: its answer, or back to the queue after so many milliseconds; this worker takes no other for `rest`. */
export type JobEnd<Answer> =
  | { readonly answer: Answer }
  | { readonly back: number; readonly rest?: number }
  /** Another worker has it by now. */
  | { readonly lost: true };

export type TakenJob<Data, Answer> = (
  job: Job<Data, Answer>,
  turn: Turn,
) => Promise<JobEnd<Answer>>;

/**
 * BullMQ's worker, its locks and its search for stalled jobs, with a loop of its own that takes jobs: one, and a second when the first is
 * about to end, so that the second's input is there by then. Not before: a job that waits here is one that an idle worker could have.
 */
export class JobTaker<Data, Answer> extends Worker<Data, Answer> {
  readonly #process: TakenJob<Data, Answer>;
  readonly #turns = new TurnOrder();
  readonly #atWork = new Set<Promise<void>>();
  readonly #ends = new AbortController();
  #restUntil = 0;

  constructor(
    name: string,
    process: TakenJob<Data, Answer>,
    options: Omit<WorkerOptions, "autorun" | "concurrency">,
  ) {
    super(name, null, options);
    this.#process = process;
  }

  /** Takes jobs until close(), which lets the one that computes finish and puts back the one that waits. */
  override async run(): Promise<void> {
    await this.startStalledCheckTimer();
    this.lockManager.start();
    this.mainLoopRunning = this.#take();
    await this.mainLoopRunning;
  }

  override close(force = false): Promise<void> {
    this.#turns.end();
    this.#ends.abort();
    return super.close(force);
  }

  async #take(): Promise<void> {
    const { signal } = this.#ends;
    for (let number = 0; !signal.aborted; number++) {
      await this.#turns.room();
      const rest = this.#restUntil - Date.now();
      if (rest > 0) await pauseFor(rest, signal);
      if (signal.aborted) break;
      const token = `${this.id}:${number}`;
      const job = await this.#next(token);
      if (job === undefined) continue;
      const work: Promise<void> = this.#work(job, token).finally(() => this.#atWork.delete(work));
      this.#atWork.add(work);
    }
    await Promise.all(this.#atWork);
  }

  /** Waits some seconds for a job. */
  async #next(token: string): Promise<Job<Data, Answer> | undefined> {
    try {
      return await this.getNextJob(token);
    } catch (error) {
      if (this.#ends.signal.aborted) return undefined;
      this.emit("error", error as Error);
      await pauseFor(AGAIN, this.#ends.signal);
      return undefined;
    }
  }

  async #work(job: Job<Data, Answer>, token: string): Promise<void> {
    const lost = this.lockManager.trackJob(job.id!, token, Date.now(), true)!;
    const turn = this.#turns.take(lost.signal as AbortSignal);
    try {
      // A job whose worker fell silent comes with that as its end.
      if (job.deferredFailure) throw new UnrecoverableError(job.deferredFailure);
      const end = await this.#process(job, turn);
      turn.over();
      this.lockManager.untrackJob(job.id!);
      if ("lost" in end) return;
      if ("rest" in end) this.#restUntil = Date.now() + end.rest;
      await this.#persistently(() =>
        "answer" in end
          ? job.moveToCompleted(end.answer, token, false)
          : job.moveToDelayed(Date.now() + end.back, token),
      );
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      await this.#persistently(() => job.moveToFailed(failure, token, false));
    } finally {
      turn.over();
      this.lockManager.untrackJob(job.id!);
    }
  }

  /** Tells Redis, as soon as it answers; what it then refuses, because the job is another's by now, is only said. */
  async #persistently(action: () => Promise<unknown>): Promise<void> {
    for (;;)
      try {
        await action();
        return;
      } catch (error) {
        this.emit("error", error as Error);
        if (isNotConnectionError(error as Error) || this.#ends.signal.aborted) return;
        await pauseFor(AGAIN, this.#ends.signal);
      }
  }
}
