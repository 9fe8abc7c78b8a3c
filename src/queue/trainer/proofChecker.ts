import { randomInt } from "node:crypto";
import { decodeProof, decodeStatement, shapeOf } from "../../protocol/index.ts";
import { inWorkers } from "../../relayer/segmentPool.ts";
import type { SegmentVerifier } from "../../relayer/segmentVerifier.ts";

/** A proof that a worker returned, with what the trainer itself says of its segment. */
export interface ReturnedProof {
  readonly segment: number;
  readonly statement: Uint8Array;
  readonly proof: Uint8Array;
  readonly weightsIn: Uint8Array | undefined;
  readonly weightsOut: Uint8Array;
}

export interface CheckerOptions {
  /** The run's sample commitments, and PROTOCOL §2's table. */
  readonly samples: Uint8Array;
  readonly generators: Uint8Array;
  /** Share of the proofs, from 0 to 1, that are verified in full; drawn at random, so no worker knows which. */
  readonly share: number;
  /** Proofs verified at a time. */
  readonly threads: number;
}

/** What came of a check. */
export interface CheckResult {
  /** What is wrong, if anything. */
  readonly fault: string | undefined;
  /** Whether the proof was verified in full. */
  readonly verified: boolean;
}

const LARGE = 2 ** 32;

/** Whether a proof was verified and nothing is wrong with it. */
const holds = (verdict: Promise<string | undefined>): Promise<boolean> =>
  verdict.then(
    (fault) => fault === undefined,
    () => false,
  );

/**
 * Checks what workers return, with the verifier that third parties use. Every proof's form is checked (PROTOCOL §17, V3); the first of each
 * worker, and a random share of the rest, are verified in full; what comes from a worker meanwhile waits for its first one's verdict.
 */
export class ProofChecker {
  readonly #options: CheckerOptions;
  readonly #verifier: SegmentVerifier;
  /** What is wrong with each worker's first proof, if anything. */
  readonly #firsts = new Map<string, Promise<string | undefined>>();
  readonly #suspects = new Set<string>();
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(options: CheckerOptions) {
    if (!(options.share >= 0 && options.share <= 1))
      throw new RangeError(`check: ${options.share} is no share from 0 to 1`);
    this.#options = options;
    this.#verifier = inWorkers(options.threads, options.samples, options.generators);
    this.#free = options.threads;
  }

  /** From now on every proof of this worker is verified. */
  suspect(worker: string): void {
    this.#suspects.add(worker);
  }

  /** Errors: SegmentWorkerError, which says nothing about the proof. */
  async check(returned: ReturnedProof, worker: string): Promise<CheckResult> {
    const statement = decodeStatement(returned.statement);
    const decoded = decodeProof(returned.proof, statement, shapeOf(statement));
    if ("check" in decoded) return { fault: `${decoded.check}: ${decoded.reason}`, verified: true };
    const first = this.#firsts.get(worker);
    if (first === undefined) {
      const verdict = this.verify(returned);
      this.#firsts.set(worker, verdict);
      return { fault: await verdict, verified: true };
    }
    const drawn = randomInt(LARGE) < this.#options.share * LARGE;
    if (!drawn && (await holds(first)) && !this.#suspects.has(worker))
      return { fault: undefined, verified: false };
    return { fault: await this.verify(returned), verified: true };
  }

  /** Verifies in full; what is wrong, if anything. */
  async verify(returned: ReturnedProof): Promise<string | undefined> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      const { segment, statement, proof, weightsIn, weightsOut } = returned;
      const facts = {
        index: segment,
        statement: decodeStatement(statement),
        weightsIn,
        weightsOut,
      };
      const job = { ...facts, statementBytes: statement, proof };
      const verdict = await this.#verifier.verify(job, () => undefined);
      return verdict.ok ? undefined : `${verdict.check}: ${verdict.reason}`;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  close(): Promise<void> {
    return this.#verifier.close();
  }
}
