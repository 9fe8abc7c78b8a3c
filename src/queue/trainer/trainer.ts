import { type Segment, segmentsOf } from "../../artifact/index.ts";
import { decodeStatement } from "../../protocol/index.ts";
import {
  finishAhead,
  inputOf,
  type SegmentInput,
  type TrainedSegment,
  type TrainingPoint,
  trainingPoint,
  trainSegment,
} from "../../prover/index.ts";
import { pauseFor, secondsSince } from "../../service/index.ts";
import { JOB_FORMAT, type SegmentObjectNames } from "../job.ts";
import { Collector } from "./collector.ts";
import type { TrainerContext } from "./context.ts";
import { Estimate } from "./estimate.ts";
import { readJob, writeJob } from "./jobFile.ts";
import { patiently } from "./patience.ts";
import { entryOf, type SegmentEntry } from "./segmentEntry.ts";

/** Trains a run, has its segments proven by whatever workers there are, and finishes them in order. */
export class Trainer {
  readonly #context: TrainerContext;
  readonly #collector: Collector;
  readonly #segments: readonly Segment[];
  /** Trained and not finished, by segment. */
  readonly #entries = new Map<number, SegmentEntry>();
  readonly #estimate = new Estimate(Date.now());
  /** Ends the pauses of both loops. */
  #wake = new AbortController();
  #workers = { count: 0, at: 0, paused: false };

  /** Of one loop, for the other. */
  readonly #failed = new AbortController();
  readonly #stopped: AbortSignal;

  constructor(given: TrainerContext) {
    this.#stopped = given.signal;
    const signal = AbortSignal.any([given.signal, this.#failed.signal]);
    const context = { ...given, signal };
    this.#context = context;
    this.#segments = segmentsOf(context.parts.run.config);
    this.#collector = new Collector(context, (segment) => this.#renew(segment));
    context.queue.onEnd(() => this.#changed());
  }

  /**
   * Trains and collects until every segment is finished. What was trained before an interruption is offered again under the same
   * commitments, and what was proven meanwhile is taken.
   *
   * @throws SegmentFailedError; FinishedProofError; ProverError of training; ArtifactWriteError; StoreUnavailableError of a store that is full for good
   */
  async run(): Promise<void> {
    const context = this.#context;
    const { run } = context.parts;
    const failed = this.#failed;
    const guard = async (loop: () => Promise<void>) => {
      try {
        await loop();
      } catch (error) {
        failed.abort(error);
        this.#changed();
        throw error;
      }
    };
    await this.#takeUp(context);
    const loops = [guard(() => this.#train(context)), guard(() => this.#collect(context))];
    await Promise.allSettled(loops);
    this.#stopped.throwIfAborted();
    failed.signal.throwIfAborted();
    if (run.finished < this.#segments.length) throw new Error("queue: the run is not finished");
    const { unverified } = this.#collector;
    if (unverified > 0)
      this.#context.onTrouble?.(
        `${unverified} proofs were accepted without being verified: trainproof verify ${run.folder} before you register it`,
      );
    await this.#context.objects.removeAll().catch((error: unknown) => {
      // The run is whole; what is left in the store is encrypted.
      this.#context.log.warn({ error: String(error) }, "the store was not emptied");
    });
  }

  /** Finds out where an earlier trainer of this run was. */
  async #takeUp(context: TrainerContext): Promise<void> {
    const { run } = context.parts;
    for (const segment of run.ahead.indices) {
      const job = readJob(run, segment);
      if (job !== undefined && job.version === context.version) {
        const entry = entryOf(job);
        if (run.ahead.extra(segment, "proof.bin") !== undefined) entry.state = "proven";
        this.#entries.set(segment, entry);
      } else await this.#offer(context, segment, this.#inputOf(segment));
    }
  }

  /** Trains segment after segment; while one trains, the one before goes to disk and store. */
  async #train(context: TrainerContext): Promise<void> {
    let at = this.#pointOf(this.#next());
    let training = at && this.#trainOne(context, at);
    try {
      while (at !== undefined) {
        const { index } = at.segment;
        const { end, finish } = await training!;
        const segment: Segment | undefined = this.#segments[index + 1];
        at = segment && { segment, ...end };
        training = at && this.#trainOne(context, at);
        // Whoever waits for it will know.
        training?.catch(() => undefined);
        const began = performance.now();
        const { ahead, input } = finish();
        context.parts.run.ahead.add(index, ahead);
        context.log.info({ segment: index, seconds: secondsSince(began) }, "trained");
        await this.#offer(context, index, input);
      }
    } catch (error) {
      this.#failed.abort(error);
      throw error;
    } finally {
      await Promise.allSettled([training]);
    }
  }

  /** Trains a segment as soon as so many may be ahead. */
  async #trainOne(context: TrainerContext, at: TrainingPoint): Promise<TrainedSegment> {
    const { parts, policy, signal, memoryLimit } = context;
    while (at.segment.index - parts.run.finished >= policy.ahead) {
      await this.#pause(context);
      signal.throwIfAborted();
    }
    const job = { signal, ...(memoryLimit !== undefined && { memoryLimit }) };
    return trainSegment(parts, at, job);
  }

  async #collect(context: TrainerContext): Promise<void> {
    const { run } = context.parts;
    const looking = new Map<SegmentEntry, Promise<void>>();
    let failure: { error: unknown } | undefined;
    while (run.finished < this.#segments.length) {
      if (failure || context.signal.aborted) {
        // What is being taken is taken: nothing may write once the run is closed.
        this.#failed.abort(failure?.error);
        await Promise.all(looking.values());
        context.signal.throwIfAborted();
      }
      for (const entry of this.#entries.values()) {
        if (entry.state !== "offered" || looking.has(entry)) continue;
        const look = patiently(context, "queue", () => this.#look(entry))
          .catch((error: unknown) => void (failure ??= { error }))
          .finally(() => {
            looking.delete(entry);
            if (entry.state === "proven" || failure) this.#changed();
          });
        looking.set(entry, look);
      }
      this.#finish(context);
      await this.#report(context);
      if (run.finished < this.#segments.length) await this.#pause(context);
    }
  }

  async #look(entry: SegmentEntry): Promise<void> {
    await this.#collector.look(entry);
    if (entry.state === "proven") this.#estimate.proven(Date.now());
    const rechecked = await this.#collector.recheck((segment) => this.#takeBack(segment));
    if (rechecked > 0) this.#changed();
  }

  /** A proof that was accepted does not hold: its segment goes to others. */
  #takeBack(segment: number): void {
    const { parts, objects, log } = this.#context;
    const entry = this.#entries.get(segment)!;
    const { job } = entry;
    parts.run.ahead.removeExtra(segment, "proof.bin");
    objects.removeProof(job).catch((error: unknown) => {
      log.warn({ segment, error: String(error) }, "a proof was left in the store");
    });
    const not = [...new Set([...job.not, ...this.#collector.named])];
    entry.job = { ...job, attempt: job.attempt + 1, not };
    writeJob(parts.run, entry.job);
    entry.state = "offered";
  }

  /** Moves proofs whose turn it is into the public part. */
  #finish(context: TrainerContext): void {
    const { parts, objects, onSegment, log } = context;
    const { run } = parts;
    for (;;) {
      const index = run.finished;
      const entry = this.#entries.get(index);
      if (entry?.state !== "proven" || this.#collector.isSuspect(index)) return;
      const began = performance.now();
      const proof = run.ahead.extra(index, "proof.bin")!;
      const report = finishAhead(run, index, { proof, proveSeconds: entry.seconds });
      this.#entries.delete(index);
      objects.removeFinished(entry.job).catch((error: unknown) => {
        log.warn({ segment: index, error: String(error) }, "objects were left in the store");
      });
      log.info({ segment: index, seconds: secondsSince(began) }, "finished");
      onSegment?.(report);
      this.#changed();
    }
  }

  /** Puts a segment's objects into the store and its job into the queue. */
  async #offer(context: TrainerContext, segment: number, input: SegmentInput): Promise<void> {
    const { objects, parts, version } = context;
    const before = this.#entries.get(segment - 1)?.job.objects.commitmentOut;
    const began = performance.now();
    const names = await patiently(
      context,
      "store",
      () => objects.putInput(segment, input, before),
      () => this.#entries.size === 0, // nothing at work that would make room
    );
    const job = {
      format: JOB_FORMAT as typeof JOB_FORMAT,
      version,
      runId: objects.runId,
      segment,
      attempt: 0,
      objects: names,
      not: [...this.#collector.named],
    };
    writeJob(parts.run, job);
    this.#entries.set(segment, entryOf(job));
    context.log.info({ segment, input: names.input, seconds: secondsSince(began) }, "offered");
    this.#changed(); // #collect finds it missing in the queue, and adds it
  }

  #renew(segment: number): Promise<SegmentObjectNames> {
    const { objects } = this.#context;
    return patiently(this.#context, "store", () =>
      objects.putInput(segment, this.#inputOf(segment)),
    );
  }

  /** The first segment that is not trained. */
  #next(): number {
    const { run } = this.#context.parts;
    return (run.ahead.indices.at(-1) ?? run.finished - 1) + 1;
  }

  /** Where a segment starts; undefined behind the last. */
  #pointOf(index: number): TrainingPoint | undefined {
    const { run } = this.#context.parts;
    const segment = this.#segments[index];
    if (segment === undefined) return undefined;
    if (index === run.finished) return trainingPoint(segment, run.resume());
    const before = run.ahead.read(index - 1);
    return trainingPoint(segment, { start: before, previous: decodeStatement(before.statement) });
  }

  #inputOf(segment: number): SegmentInput {
    const { parts } = this.#context;
    return inputOf(parts, this.#pointOf(segment)!, parts.run.ahead.read(segment));
  }

  async #report(context: TrainerContext): Promise<void> {
    const { parts, queue, metrics, health, onStanding } = context;
    const { run } = parts;
    const now = Date.now();
    if (now - this.#workers.at > 5000) {
      this.#workers.at = now;
      // Only for show: no answer is no reason to wait.
      const asked = Promise.all([queue.workers(), queue.depth()]).then(([workers, depth]) => {
        this.#workers = { ...this.#workers, count: workers.length, paused: depth.paused };
      });
      await Promise.race([asked.catch(() => undefined), pauseFor(1000, context.signal)]);
    }
    const entries = [...this.#entries.values()];
    const count = (state: string, seen?: string) =>
      entries.filter((e) => e.state === state && (seen === undefined || e.seen === seen)).length;
    const proven = run.finished + count("proven");
    const rest = this.#segments.length - proven;
    const standing = {
      segments: this.#segments.length,
      finished: run.finished,
      proven,
      trained: this.#next(),
      active: count("offered", "active") + count("taking"),
      waiting: count("offered", "waiting"),
      workers: this.#workers.count,
      paused: this.#workers.paused,
      secondsLeft: this.#estimate.secondsLeft(rest, now),
    };
    metrics.standing(standing);
    health.facts({ ...standing, runId: context.objects.runId });
    health.succeeded("queue");
    onStanding?.(standing);
  }

  #changed(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  async #pause({ policy, signal }: TrainerContext): Promise<void> {
    await pauseFor(policy.interval, AbortSignal.any([signal, this.#wake.signal]));
  }
}
