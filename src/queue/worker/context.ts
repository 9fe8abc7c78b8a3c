import type { Health, Logger } from "../../service/index.ts";
import type { QueuePlace } from "../jobQueue.ts";
import type { WorkerMetrics } from "../metrics.ts";

/** What a worker works with, whatever it does. */
export interface WorkerContext {
  /** In the queue and in what trainers say; letters, digits and . _ / - only. */
  readonly name: string;
  readonly place: QueuePlace;
  /** Of this package. */
  readonly version: string;
  /** Milliseconds that it may be silent until its segment goes elsewhere. */
  readonly lease: number;
  readonly log: Logger;
  readonly metrics: WorkerMetrics;
  readonly health: Health;
}

/** What every job says of itself. */
export interface AnyJob {
  readonly version: string;
  readonly runId: string;
  readonly segment: number;
  readonly attempt: number;
  /** Workers that shall leave it to others. */
  readonly not: readonly string[];
}

export type AnyAnswer =
  | { readonly ok: true; readonly seconds: number }
  | { readonly ok: false; readonly fault: string; readonly reason: string };

/** A job's turn at what computes, of which there is one: while one job computes, the next one's input may be fetched. */
export interface JobTurn {
  /** Aborts where the job is lost or has to stop. */
  readonly signal: AbortSignal;
  /**
   * Resolves when the job may compute.
   *
   * @throws the signal's reason
   */
  readonly begin: () => Promise<void>;
  /** What is left takes about as long as fetching another input: the worker may take another job. */
  readonly ending: () => void;
  /** It computes no more: another job may. Without it that is so when the work ends. */
  readonly computed: () => void;
}

/** What a worker does with a job. */
export interface WorkerTask<Job extends AnyJob, Answer extends AnyAnswer> {
  /** In the log, and for metrics. */
  readonly doing: "proving" | "verifying";
  readonly done: "proven" | "verified";
  /** Undefined for what is no job of this format. */
  parse(value: unknown): Job | undefined;
  /** Why this worker cannot have it, if so. */
  refusal(job: Job): string | undefined;
  /** Whatever goes wrong is the answer; it throws for an abort alone. */
  work(job: Job, turn: JobTurn): Promise<Answer>;
}
