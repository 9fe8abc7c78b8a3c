import type { PublicSegment } from "../../artifact/index.ts";
import type { SegmentVerifier } from "../../relayer/segmentVerifier.ts";
import { pauseFor } from "../../service/index.ts";
import type { Verdict } from "../../verifier/index.ts";
import { type FailedTry, ObjectDamagedError, VerificationFailedError } from "../errors.ts";
import { JobQueue, type QueuePlace } from "../jobQueue.ts";
import { patiently, type Patience } from "../trainer/patience.ts";
import {
  type VerificationAnswer,
  verificationFormat,
  type VerificationJob,
  verificationQueue,
} from "./job.ts";
import type { VerificationObjects } from "./objects.ts";

const STALLED = /stalled/i;

export interface VerificationPolicy {
  /** Segments in the queue and the store at a time. */
  readonly ahead: number;
  /** Tries until a segment ends the verification without a verdict. */
  readonly tries: number;
  /** Milliseconds between looks at the queue. */
  readonly interval: number;
}

export const DEFAULT_VERIFICATION_POLICY: VerificationPolicy = {
  ahead: 16,
  tries: 5,
  interval: 1000,
};

export interface QueueVerifierContext extends Patience {
  readonly place: QueuePlace;
  readonly objects: VerificationObjects;
  /** The run's sample commitments. */
  readonly samples: Uint8Array;
  readonly version: string;
  readonly build: string;
  readonly policy: VerificationPolicy;
}

/** Has segments verified by the workers of this verifier's owner, wherever they are; for judgeRun. */
export class QueueVerifier implements SegmentVerifier {
  readonly #context: QueueVerifierContext;
  readonly #queue: JobQueue<VerificationJob, VerificationAnswer>;
  readonly #closed = new AbortController();
  readonly #patience: Patience;
  readonly #named = new Set<string>();
  /** Objects that are in the store, and jobs in the queue. */
  readonly #objects = new Set<string>();
  readonly #jobs = new Set<VerificationJob>();
  /** Objects on their way into the store. */
  readonly #putting = new Set<Promise<unknown>>();
  #samples: Promise<string> | undefined;
  #wake = new AbortController();

  constructor(context: QueueVerifierContext) {
    this.#context = context;
    const signal = AbortSignal.any([context.signal, this.#closed.signal]);
    this.#patience = { ...context, signal };
    const { url, name } = context.place;
    const place = { url, name: verificationQueue(name) };
    this.#queue = new JobQueue(place, verificationFormat, (error) =>
      context.health.obstacle("redis", `the queue: ${error.message}`),
    );
    this.#queue.connection.on("ready", () => context.health.obstacle("redis", undefined));
    this.#queue.onEnd(() => {
      this.#wake.abort();
      this.#wake = new AbortController();
    });
  }

  get capacity(): number {
    return this.#context.policy.ahead;
  }

  /**
   * The verdict of a worker that has the key, on exactly this segment, by this build of the verifier.
   *
   * @throws VerificationFailedError after so many tries: no verdict
   */
  async verify(given: PublicSegment, onPhase: (phase: string) => void): Promise<Verdict> {
    const { version, build, policy, objects, log, onTrouble } = this.#context;
    const tries: FailedTry[] = [];
    let job: VerificationJob = {
      ...{ format: "verification/1", version, build, runId: objects.keyId },
      ...{ segment: given.index, attempt: 0, not: [...this.#named] },
      objects: await this.#put(given),
    };
    for (;;) {
      const found = await this.#outcome(job, onPhase);
      await this.#queue.remove(job);
      this.#jobs.delete(job);
      if ("verdict" in found) {
        await this.#forget(job.objects.segment);
        return found.verdict;
      }
      const { worker, reason, blame } = found;
      tries.push({ worker, reason });
      log.warn({ segment: given.index, worker, reason }, "a try failed");
      onTrouble?.(`segment ${given.index} failed at ${worker}: ${reason}`);
      if (tries.length >= policy.tries) throw new VerificationFailedError(given.index, tries);
      if (blame === "liar") this.#named.add(worker);
      if (blame === "inputs") this.#samples = undefined;
      job = {
        ...job,
        attempt: job.attempt + 1,
        not: [...new Set([...job.not, ...this.#named, ...(blame === "worker" ? [worker] : [])])],
        objects: blame === "inputs" ? await this.#put(given) : job.objects,
      };
    }
  }

  /** Takes what is left out of queue and store. */
  async close(): Promise<void> {
    this.#closed.abort(new Error("the verification is over"));
    const remove = async () => {
      await Promise.allSettled(this.#putting);
      const jobs = [...this.#jobs].map((job) => this.#queue.remove(job));
      const objects = [...this.#objects].map((name) => this.#context.objects.remove(name));
      await Promise.allSettled([...jobs, ...objects]);
    };
    // A Redis or store that does not answer keeps nobody: what is left there is public.
    const enough = new AbortController();
    await Promise.race([remove(), pauseFor(5000, enough.signal)]);
    enough.abort();
    await this.#queue.close();
  }

  async #put(segment: PublicSegment): Promise<VerificationJob["objects"]> {
    const { objects, samples } = this.#context;
    const keep = (put: () => Promise<string>) => {
      const one = async () => {
        const putting = put().then((name) => {
          this.#objects.add(name);
          return name;
        });
        this.#putting.add(putting);
        return putting.finally(() => this.#putting.delete(putting));
      };
      return patiently(this.#patience, "store", one, () => this.#jobs.size === 0);
    };
    this.#samples ??= keep(() => objects.putSamples(samples));
    const own = await keep(() => objects.putSegment(segment.index, segment));
    return { samples: await this.#samples, segment: own };
  }

  async #forget(name: string): Promise<void> {
    this.#objects.delete(name);
    await this.#context.objects.remove(name).catch(() => this.#objects.add(name));
  }

  /** Waits until a job has ended. */
  async #outcome(job: VerificationJob, onPhase: (phase: string) => void) {
    const { interval } = this.#context.policy;
    let begun = false;
    for (;;) {
      const outcome = await patiently(this.#patience, "queue", () => this.#queue.outcome(job));
      switch (outcome.state) {
        case "missing":
          this.#jobs.add(job);
          await patiently(this.#patience, "queue", () =>
            this.#queue.add(job, job.attempt > 0 ? 1 : 2),
          );
          break;
        case "active":
          if (!begun) onPhase("at a worker");
          begun = true;
          break;
        case "waiting":
          break;
        case "failed": {
          const { worker, reason } = outcome;
          const silent = "it was silent for too long: killed, stopped or cut off";
          return { worker, reason: STALLED.test(reason) ? silent : reason, blame: "none" as const };
        }
        case "answered":
          return this.#answer(job, outcome.answer);
      }
      const { signal } = this.#patience;
      await pauseFor(interval, AbortSignal.any([signal, this.#wake.signal]));
      signal.throwIfAborted();
    }
  }

  #answer(job: VerificationJob, answer: VerificationAnswer) {
    const { worker } = answer;
    if (!answer.ok) {
      const { reason, fault } = answer;
      const blame = fault === "verifier" ? "worker" : fault === "inputs" ? "inputs" : "none";
      return { worker, reason, blame } as const;
    }
    try {
      return { verdict: this.#context.objects.openVerdict(job, answer.verdict) };
    } catch (error) {
      if (!(error instanceof ObjectDamagedError)) throw error;
      const reason = `its answer is no verdict that the key's holders gave: ${error.message}`;
      return { worker, reason, blame: "liar" as const };
    }
  }
}
