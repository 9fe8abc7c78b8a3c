import type { ResumePoint, Run } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fromLinear, toLinear } from "../model/index.ts";
import { encodeStatement, type Statement } from "../protocol/index.ts";
import type { CommittedRows, NativeBatch, NativeWeights } from "./addon.ts";
import type { JobOptions, NativeProver } from "./nativeProver.ts";
import { type ProveRunOptions, type SegmentReport, trainingFigures } from "./runReport.ts";

/** What the next segment starts from, in memory while the run folder does not have it yet. */
interface Former {
  readonly statement: Statement;
  readonly committed: CommittedRows;
  readonly weights: NativeWeights;
}

/** A segment that will be trained next: its batch is on its way. */
interface Next {
  readonly draft: Uint8Array;
  readonly indices: number[];
  readonly batch: Promise<NativeBatch>;
}

/** A segment whose proof is under way: what becomes of it, and how it enters the run folder. */
interface Pending {
  readonly proved: Promise<() => SegmentReport>;
}

const seconds = (since: number) => (performance.now() - since) / 1000;

/**
 * What is left of a run: training goes on, one segment after another, while the proofs of former ones are made, one on each of the
 * prover's devices. Segments enter the run folder in order.
 */
export class SegmentPipeline {
  readonly #run: Run;
  readonly #data: Dataset;
  readonly #prover: NativeProver;
  readonly #commitments: Uint8Array;
  readonly #options: ProveRunOptions;
  /** A failure ends what is under way, which then fails as cancelled: the first counts. */
  readonly #stop = new AbortController();
  #failure: Error | undefined;
  #former: Former | undefined;
  #next: Next | undefined;

  constructor(
    run: Run,
    data: Dataset,
    prover: NativeProver,
    commitments: Uint8Array,
    options: ProveRunOptions,
  ) {
    this.#run = run;
    this.#data = data;
    this.#prover = prover;
    this.#commitments = commitments;
    this.#options = options;
  }

  async prove(): Promise<void> {
    const devices = this.#prover.info().devices.length;
    const pending: Pending[] = [];
    const first = this.#run.resume();
    try {
      const last = this.#run.segmentCount;
      for (let index = this.#run.finished; index < last; index++) {
        pending.push(await this.#begin(index, first));
        // Sent while the device proves.
        if (index + 1 < last) this.#next = this.#send(index + 1);
        if (pending.length === devices) await this.#finish(pending.shift()!);
      }
      while (pending.length > 0) await this.#finish(pending.shift()!);
    } catch (error) {
      throw this.#failure ?? error;
    } finally {
      this.#stop.abort();
      await Promise.allSettled(pending.map(({ proved }) => proved));
      this.#former?.weights.release();
      await this.#next?.batch.then(
        (batch) => batch.release(),
        () => undefined,
      );
    }
  }

  /** What a segment that follows the last one trained will say, once its weights are committed. */
  #statement(index: number, rows?: Uint8Array): Statement {
    const former = this.#former;
    if (!former) return this.#run.nextStatement(rows);
    const { statement, committed } = former;
    return this.#run.laterStatement(index, { statement, rows: committed.rows }, rows);
  }

  #send(index: number): Next {
    const draft = encodeStatement(this.#statement(index));
    const indices = this.#prover.schedule(draft);
    const batch = this.#prover.sendBatch(draft, this.#data.rows(indices), this.#job(index));
    // Whoever takes it will know.
    batch.catch(() => undefined);
    return { draft, indices, batch };
  }

  /** Trains and commits a segment and begins its proof. */
  async #begin(index: number, first: ResumePoint): Promise<Pending> {
    const job = this.#job(index);
    const former = this.#former;
    const { draft, indices, batch } = (this.#next ??= this.#send(index));
    const startedFrom =
      former?.weights ??
      (first.start ? toLinear(first.start.weights) : this.#prover.initialWeights(draft));

    const started = performance.now();
    const sent = await batch;
    this.#next = undefined;
    const training = await this.#prover
      .train(draft, sent, startedFrom, job)
      .finally(() => sent.release());
    const trainSeconds = seconds(started);
    former?.weights.release();
    try {
      const committing = performance.now();
      const committed = await this.#prover.commitWeights(draft, training.weights, job);
      const commitSeconds = seconds(committing);
      const statement = this.#statement(index, committed.rows);
      this.#former = { statement, committed, weights: training.weights };

      const proving = performance.now();
      const start = former?.committed ?? first.start;
      const bytes = encodeStatement(statement);
      const proof = this.#prover.prove(
        {
          statement: bytes,
          trace: training.trace,
          ...this.#run.dataSecrets(),
          samplePoints: gather(this.#commitments, indices),
          ...(start && { weightsIn: { rows: start.rows, blindings: start.blindings } }),
          weightsOut: committed,
          // The first device trains: it is the last to get a proof.
          device: (index + 1) % this.#prover.info().devices.length,
        },
        job,
      );
      const results = Promise.all([proof, this.#prover.readWeights(training.weights)]);
      const proved = results
        .then(([made, linear]) => {
          const proveSeconds = seconds(proving);
          return () => {
            const weights = fromLinear(linear, this.#run.config.widths);
            const segment = { statement: bytes, proof: made, weights, ...committed };
            this.#run.finishSegment(index, segment);
            return {
              segment: index,
              steps: 2 ** statement.tau,
              ...trainingFigures(training, indices.length),
              trainSeconds,
              commitSeconds,
              proveSeconds,
              proofBytes: made.length,
            };
          };
        })
        .finally(() => training.trace.release());
      proved.catch((error: unknown) => {
        this.#failure ??= error as Error;
        this.#stop.abort();
      });
      return { proved };
    } catch (error) {
      training.trace.release();
      if (this.#former?.weights !== training.weights) training.weights.release();
      throw error;
    }
  }

  async #finish({ proved }: Pending): Promise<void> {
    const report = (await proved)();
    this.#options.onSegment?.(report);
  }

  #job(segment: number): JobOptions {
    const { signal, memoryLimit, onProgress } = this.#options;
    return {
      signal: signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal,
      ...(memoryLimit !== undefined && { memoryLimit }),
      onProgress: (phase, fraction) => onProgress?.({ phase, fraction, segment }),
    };
  }
}

/** The commitments of a segment's rows, in scheduled order. */
function gather(commitments: Uint8Array, indices: readonly number[]): Uint8Array {
  const points = new Uint8Array(64 * indices.length);
  indices.forEach((index, row) =>
    points.set(commitments.subarray(64 * index, 64 * index + 64), 64 * row),
  );
  return points;
}
