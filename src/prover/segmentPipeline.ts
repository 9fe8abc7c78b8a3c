import type { ResumePoint, Run } from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fromLinear, toLinear, type Weights } from "../model/index.ts";
import { encodeStatement, type Statement } from "../protocol/index.ts";
import type { CommittedRows, NativeBatch, NativeWeights } from "./addon.ts";
import type { JobOptions, NativeProver } from "./nativeProver.ts";
import type { ProveRunOptions, SegmentReport } from "./runReport.ts";
import { gather } from "./segmentInput.ts";
import { segmentRecord } from "./segmentRecord.ts";
import { Stopwatch } from "./stopwatch.ts";

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
    const watch = new Stopwatch();
    const job = this.#job(index, watch);
    watch.at("read batch");
    const former = this.#former;
    const { draft, indices, batch } = (this.#next ??= this.#send(index));
    const startedFrom =
      former?.weights ??
      (first.start ? toLinear(first.start.weights) : this.#prover.initialWeights(draft));
    const sent = await batch;
    this.#next = undefined;
    // Its own progress begins the phase "train".
    const training = await this.#prover
      .train(draft, sent, startedFrom, job)
      .finally(() => sent.release());
    former?.weights.release();
    try {
      watch.at("validate");
      const looked = this.#options.validate && (await this.#weights(training.weights));
      const validation = looked && this.#options.validate?.(looked);
      watch.at("commit weights");
      const committed = await this.#prover.commitWeights(draft, training.weights, job);
      watch.at("prepare");
      const statement = this.#statement(index, committed.rows);
      this.#former = { statement, committed, weights: training.weights };
      const start = former?.committed ?? first.start;
      const bytes = encodeStatement(statement);
      // The first device trains: it is the last to get a proof.
      const { devices } = this.#prover.info();
      const device = (index + 1) % devices.length;
      const proof = this.#prover.prove(
        {
          statement: bytes,
          trace: training.trace,
          ...this.#run.dataSecrets(),
          samplePoints: gather(this.#commitments, indices),
          ...(start && { weightsIn: { rows: start.rows, blindings: start.blindings } }),
          weightsOut: committed,
          device,
        },
        job,
      );
      const proved = Promise.all([proof, looked ?? this.#weights(training.weights)])
        .then(([made, weights]) => {
          watch.stop();
          const facts = { index, statement, training, validation, watch };
          const { history, report } = segmentRecord(
            { ...facts, proofBytes: made.length, device: devices[device]! },
            this.#run,
            this.#data,
            this.#prover,
          );
          return () => {
            const segment = { statement: bytes, proof: made, weights, ...committed, history };
            this.#run.finishSegment(index, segment);
            return report;
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

  /** What training ended in, in host memory. */
  async #weights(weights: NativeWeights): Promise<Weights> {
    return fromLinear(await this.#prover.readWeights(weights), this.#run.config.widths);
  }

  async #finish({ proved }: Pending): Promise<void> {
    const report = (await proved)();
    this.#options.onSegment?.(report);
  }

  #job(segment: number, watch?: Stopwatch): JobOptions {
    const { signal, memoryLimit, onProgress } = this.#options;
    return {
      signal: signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal,
      ...(memoryLimit !== undefined && { memoryLimit }),
      onProgress: (phase, fraction) => {
        watch?.at(phase);
        onProgress?.({ phase, fraction, segment });
      },
    };
  }
}
