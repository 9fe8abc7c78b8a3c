import { readFile } from "node:fs/promises";
import { generatorsFile, loadAddon } from "./addon.ts";
import type {
  CommittedRows,
  NativeAddon,
  NativeBatch,
  NativeJob,
  NativeProgress,
  NativeProofInput,
  NativeTraining,
  NativeWeights,
} from "./addon.ts";
import { ProverError, proverErrorFrom } from "./errors.ts";

/** Options of every long operation. */
export interface JobOptions {
  onProgress?: NativeProgress;
  /** Cancels the operation, which then rejects with code "Cancelled". */
  signal?: AbortSignal;
  /** Bytes; an operation whose predicted memory exceeds this is refused before it starts. */
  memoryLimit?: number;
}

/** How a prover is set up. */
export interface LoadOptions {
  threads?: number;
  /**
   * "auto" (the default: the first usable GPU, else the CPU), "cpu", "cuda:0"; several GPUs as "cuda:0,cuda:1", or "cuda:all": the
   * first trains, all prove.
   */
  device?: string;
  /**
   * Given, an operation that fails on the GPU is done again on the CPU, as are all that follow; it is told why. Otherwise such a failure
   * is the caller's error.
   */
  onFallback?: (reason: string) => void;
}

/**
 * The native prover behind promises, AbortSignals and typed errors.
 *
 * @example
 * const prover = await NativeProver.load();
 * const { trace, weights } = await prover.train(statement, batch, weightsIn, { signal });
 */
export class NativeProver {
  readonly #addon: NativeAddon;
  readonly #onFallback: LoadOptions["onFallback"];

  private constructor(addon: NativeAddon, onFallback: LoadOptions["onFallback"]) {
    this.#addon = addon;
    this.#onFallback = onFallback;
  }

  /**
   * @throws ProverError "AddonMissing" when the addon is not built, "Device" when the named GPU is not usable and no fallback was
   *   asked for.
   */
  static async load(options: LoadOptions = {}): Promise<NativeProver> {
    const addon = loadAddon();
    const prover = new NativeProver(addon, options.onFallback);
    const table = await readFile(generatorsFile());
    prover.#call(() => addon.loadGenerators(table));
    const { threads, device = "auto" } = options;
    if (threads !== undefined) prover.#call(() => addon.setThreads(threads));
    try {
      prover.#call(() => addon.selectDevice(device));
    } catch (error) {
      if (!prover.#fallsBack(error)) throw error;
    }
    return prover;
  }

  info(): ReturnType<NativeAddon["info"]> {
    return this.#call(() => this.#addon.info());
  }

  /** The data-set indices of a segment's TB rows, in order (PROTOCOL §6). */
  schedule(statement: Uint8Array): number[] {
    return Array.from(
      this.#call(() => this.#addon.schedule(statement)),
      Number,
    );
  }

  /** The weights that a public seed expands to (PROTOCOL §6), in §7's layout. */
  initialWeights(statement: Uint8Array): BigInt64Array {
    return this.#call(() => this.#addon.initialWeights(statement));
  }

  /** Predicted peak memory in bytes of a segment's training and of its proof. */
  predictMemory(statement: Uint8Array): { train: number; prove: number } {
    return this.#call(() => this.#addon.predictMemory(statement));
  }

  /**
   * Commits data-set rows (PROTOCOL §7): 64 bytes for each.
   *
   * @param rows - count × columns integers, features then labels, row by row.
   * @param firstIndex - data-set index of the first row; blindings depend on it.
   */
  commitSamples(
    rows: Int32Array,
    columns: number,
    firstIndex: number,
    secret: { key: Uint8Array; nonce: Uint8Array },
    options: JobOptions = {},
  ): Promise<Uint8Array> {
    return this.#run(options, (job) =>
      this.#addon.commitSamples(
        rows,
        columns,
        firstIndex,
        secret.key,
        secret.nonce,
        job,
        options.onProgress,
      ),
    );
  }

  /** Commits weights in PROTOCOL §7's layout, or those that training ended in, under fresh blindings. */
  commitWeights(
    statement: Uint8Array,
    weights: BigInt64Array | NativeWeights,
    options: JobOptions = {},
  ): Promise<CommittedRows> {
    return this.#run(options, (job) => this.#addon.commitWeights(statement, weights, job));
  }

  /** The weights that training ended in, in PROTOCOL §7's layout: copied from where they are beside any operation. */
  readWeights(weights: NativeWeights): Promise<BigInt64Array> {
    return this.#run({}, (job) => this.#addon.readWeights(weights, job));
  }

  /** Sends a batch for train() to where it will be trained, beside any operation: while the segment before it is proved. */
  sendBatch(
    statement: Uint8Array,
    batch: Int32Array,
    options: JobOptions = {},
  ): Promise<NativeBatch> {
    return this.#run(options, (job) => this.#addon.sendBatch(statement, batch, job));
  }

  /**
   * Trains one segment exactly (PROTOCOL §4). The statement's weightsOut may still be zero.
   *
   * @param batch - T·B rows of n_0 + n_L integers in scheduled order, or what sendBatch() made of them.
   * @param weightsIn - in PROTOCOL §7's layout, in 64 or 32 bits each, or what another segment's training of the same widths ended in.
   * @throws ProverError "OutOfRange" naming layer, step and limit when a value leaves its range.
   */
  train(
    statement: Uint8Array,
    batch: Int32Array | NativeBatch,
    weightsIn: BigInt64Array | Int32Array | NativeWeights,
    options: JobOptions = {},
  ): Promise<NativeTraining> {
    return this.#run(options, (job) =>
      this.#addon.train(statement, batch, weightsIn, job, options.onProgress, options.memoryLimit),
    );
  }

  /**
   * Proves one trained segment; the proof's bytes are PROTOCOL §17's. Proofs on different devices run at once; a trace that is on
   * another one is copied.
   */
  prove(
    input: Omit<NativeProofInput, "memoryLimit">,
    options: JobOptions = {},
  ): Promise<Uint8Array> {
    const { memoryLimit } = options;
    return this.#run(options, (job) => {
      // After going over to the CPU there are fewer devices.
      const device = Math.min(input.device ?? 0, this.info().devices.length - 1);
      const limited = { ...input, device, ...(memoryLimit !== undefined && { memoryLimit }) };
      return this.#addon.prove(limited, job, options.onProgress);
    });
  }

  /** Goes over to the CPU, where that was asked for, after a failure that is the GPU's. */
  #fallsBack(error: unknown): boolean {
    if (!(error instanceof ProverError) || this.#onFallback === undefined) return false;
    if (error.code !== "Device" && !(error.code === "MemoryLimit" && this.#onGpu())) return false;
    this.#onFallback(error.message);
    this.#addon.selectDevice("cpu");
    return true;
  }

  #onGpu(): boolean {
    return this.#addon.info().backend !== "cpu";
  }

  #call<T>(operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      throw proverErrorFrom(error);
    }
  }

  async #run<T>(options: JobOptions, operation: (job: NativeJob) => Promise<T>): Promise<T> {
    const job = this.#addon.createJob();
    const cancel = () => job.cancel();
    if (options.signal?.aborted === true) cancel();
    options.signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await operation(job);
    } catch (cause) {
      const error = proverErrorFrom(cause);
      if (!this.#fallsBack(error)) throw error;
      return await operation(job).catch((again: unknown) => {
        throw proverErrorFrom(again);
      });
    } finally {
      options.signal?.removeEventListener("abort", cancel);
    }
  }
}
