import { secondsSince } from "../../service/index.ts";
import {
  FinishedProofError,
  ObjectDamagedError,
  ObjectMissingError,
  SegmentFailedError,
} from "../errors.ts";
import type { SegmentObjectNames } from "../job.ts";
import type { StoredProof } from "../segmentObjects.ts";
import type { TrainerContext } from "./context.ts";
import { writeJob } from "./jobFile.ts";
import { patiently } from "./patience.ts";
import type { ReturnedProof } from "./proofChecker.ts";
import type { SegmentEntry } from "./segmentEntry.ts";

const STALLED = /stalled/i;
const LONGEST_HELD = 4000;

/** Why a try failed, and what follows from it. */
interface Failure {
  readonly worker: string;
  readonly reason: string;
  readonly cause: "stalled" | "inputs" | "store" | "prover" | "garbage";
}

/** Takes what workers answer: checks proofs, names who returned none that holds, and offers their segments to others. */
export class Collector {
  readonly #context: TrainerContext;
  /** Makes a segment's objects again. */
  readonly #renew: (segment: number) => Promise<SegmentObjectNames>;
  /** Workers that returned a proof that does not hold. */
  readonly #named = new Set<string>();
  /** Segments by worker whose proofs were accepted without being verified in full. */
  readonly #unverified = new Map<string, number[]>();
  /** Of those, what has to be verified because its worker was named; and what of it is not yet. */
  readonly #rechecks: { readonly segment: number; readonly worker: string }[] = [];
  readonly #suspects = new Set<number>();

  constructor(context: TrainerContext, renew: (segment: number) => Promise<SegmentObjectNames>) {
    this.#context = context;
    this.#renew = renew;
  }

  /** Workers that get no more of this run's jobs. */
  get named(): ReadonlySet<string> {
    return this.#named;
  }

  /** Looks at a segment's job; the entry's state tells what came of it. Errors: SegmentFailedError; those of Redis and the store. */
  async look(entry: SegmentEntry): Promise<void> {
    const { queue, objects } = this.#context;
    const { job } = entry;
    const outcome = await queue.outcome(job);
    switch (outcome.state) {
      case "waiting":
      case "active":
        entry.seen = outcome.state;
        return;
      case "missing":
        // Redis has lost it. Its proof may be there all the same.
        if (await objects.hasProof(job)) return this.#take(entry, "a worker");
        await this.offer(entry);
        return;
      case "failed": {
        const { worker, reason } = outcome;
        if (await objects.hasProof(job)) return this.#take(entry, worker);
        const stalled = STALLED.test(reason);
        const words = "it was silent for too long: killed, stopped or cut off";
        return this.#failed(entry, {
          worker,
          reason: stalled ? words : reason,
          cause: stalled ? "stalled" : "prover",
        });
      }
      case "answered": {
        const { answer } = outcome;
        if (answer.ok) return this.#take(entry, answer.worker);
        const { worker, reason, fault } = answer;
        return this.#failed(entry, { worker, reason, cause: fault });
      }
    }
  }

  /** Puts a segment's job into the queue; one that is there stays. */
  async offer(entry: SegmentEntry): Promise<void> {
    const { queue, policy } = this.#context;
    // What was tried before holds up all that comes after it.
    const priority = 2 * policy.priority - (entry.job.attempt > 0 ? 1 : 0);
    await queue.add(entry.job, priority, entry.held);
    entry.seen = "waiting";
  }

  /** Takes a proof from the store into the run folder if it holds. */
  async #take(entry: SegmentEntry, worker: string): Promise<void> {
    const { objects, checker, parts, log, metrics, queue } = this.#context;
    const { job } = entry;
    const { segment } = job;
    entry.state = "taking";
    const began = performance.now();
    try {
      let stored: StoredProof;
      try {
        stored = await patiently(this.#context, "store", () => objects.getProof(job));
      } catch (error) {
        if (error instanceof ObjectMissingError)
          return await this.#failed(entry, {
            worker,
            reason: "its proof is not in the store",
            cause: "store",
          });
        if (!(error instanceof ObjectDamagedError)) throw error;
        return await this.#garbage(entry, worker, error.message);
      }
      // Who answers for it: the queue's word where there is one, else what the proof says.
      const by = worker === "a worker" ? stored.worker : worker;
      const returned = this.#returned(segment, stored.proof);
      const fetched = performance.now();
      let { fault, verified } = await checker.check(returned, by);
      // Another of its proofs may have named it meanwhile.
      if (!verified && this.#named.has(by))
        [fault, verified] = [await checker.verify(returned), true];
      const checkSeconds = secondsSince(fetched);
      if (fault !== undefined) return await this.#garbage(entry, by, fault);
      if (!verified) this.#unverified.set(by, [...(this.#unverified.get(by) ?? []), segment]);
      parts.run.ahead.addExtra(segment, "proof.bin", stored.proof);
      entry.state = "proven";
      entry.seconds = stored.seconds;
      metrics.proven(stored.seconds);
      log.info(
        {
          ...{ segment, worker: by, verified, seconds: stored.seconds },
          ...{ takeSeconds: secondsSince(began) - checkSeconds, checkSeconds },
        },
        "proven",
      );
      await queue.remove(job);
    } finally {
      if (entry.state === "taking") entry.state = "offered";
    }
  }

  /** A worker returned what is no proof of its segment: it is named, and has the run's jobs no more. */
  async #garbage(entry: SegmentEntry, worker: string, fault: string): Promise<void> {
    const { log, onTrouble, checker, objects } = this.#context;
    const { segment } = entry.job;
    log.error({ worker, segment, fault }, "a worker returned a proof that does not hold");
    onTrouble?.(
      `${worker} returned for segment ${segment} a proof that does not hold (${fault}); others get its segments`,
    );
    this.#named.add(worker);
    checker.suspect(worker);
    for (const earlier of this.#unverified.get(worker) ?? []) {
      this.#suspects.add(earlier);
      this.#rechecks.push({ segment: earlier, worker });
    }
    this.#unverified.delete(worker);
    await objects.removeProof(entry.job);
    const reason = `its proof does not hold (${fault})`;
    await this.#failed(entry, { worker, reason, cause: "garbage" });
  }

  /** How many proofs were accepted without being verified. */
  get unverified(): number {
    return [...this.#unverified.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Whether a segment's proof is by a worker that was named since, and not verified yet. */
  isSuspect(segment: number): boolean {
    return this.#suspects.has(segment);
  }

  /**
   * Verifies what named workers had accepted unverified.
   *
   * @param onBad - called at once for each segment whose proof does not hold and that is not finished
   * @returns how many there were
   * @throws FinishedProofError for one that is finished
   */
  async recheck(onBad: (segment: number) => void): Promise<number> {
    const { run } = this.#context.parts;
    let count = 0;
    for (let next = this.#rechecks.shift(); next; next = this.#rechecks.shift()) {
      const { segment, worker } = next;
      count += 1;
      const waiting = run.ahead.has(segment);
      const proof = waiting
        ? run.ahead.extra(segment, "proof.bin")!
        : run.finishedSegment(segment).proof;
      const fault = await this.#context.checker.verify(this.#returned(segment, proof));
      this.#suspects.delete(segment);
      if (fault === undefined) continue;
      if (!waiting) throw new FinishedProofError(segment, worker, fault);
      onBad(segment);
    }
    return count;
  }

  /** Notes a failed try and offers the segment anew, to another worker where it is the worker's fault. */
  async #failed(entry: SegmentEntry, failure: Failure): Promise<void> {
    const { log, metrics, policy, parts, queue, onTrouble } = this.#context;
    const { worker, reason, cause } = failure;
    const { job } = entry;
    const { segment } = job;
    // That a worker which is known to lie lies again says nothing about the segment.
    const again = cause === "garbage" && entry.tries.some((former) => former.worker === worker);
    if (again) entry.held = Math.min(LONGEST_HELD, 250 + 2 * entry.held);
    else entry.tries.push({ worker, reason });
    metrics.failed(cause);
    log.warn({ segment, worker, cause, reason, tries: entry.tries.length }, "a try failed");
    if (cause !== "garbage") onTrouble?.(`segment ${segment} failed at ${worker}: ${reason}`);
    if (entry.tries.length >= policy.tries) throw new SegmentFailedError(segment, entry.tries);
    const others = cause === "prover" || cause === "garbage" ? [worker] : [];
    const not = [...new Set([...job.not, ...others, ...this.#named])];
    const objects = cause === "inputs" ? await this.#renew(segment) : job.objects;
    entry.job = { ...job, attempt: job.attempt + 1, objects, not };
    writeJob(parts.run, entry.job);
    await queue.remove(job);
    await this.offer(entry);
    entry.state = "offered";
  }

  #returned(segment: number, proof: Uint8Array): ReturnedProof {
    const { run } = this.#context.parts;
    const ahead = run.ahead.has(segment);
    return {
      segment,
      statement: ahead ? run.ahead.statement(segment) : run.finishedSegment(segment).statement,
      proof,
      weightsIn: run.rowsBefore(segment),
      weightsOut: run.rowsAfter(segment),
    };
  }
}
