import type { SegmentInput } from "../prover/index.ts";
import { type SegmentJob, type SegmentObjectNames, proofNameOf, runFolderName } from "./job.ts";
import type { RunKey } from "./keyFile.ts";
import { type ObjectKind, type Pieces, seal, unseal } from "./objectCipher.ts";
import { pack, packIntegers, packWeights, unpack, unpackIntegers, unpackWeights } from "./pack.ts";
import { type Allocate, getByContent, type ObjectStore, putByContent } from "./store/index.ts";

/** A proof as a worker made it. */
export interface StoredProof {
  readonly proof: Uint8Array;
  readonly worker: string;
  /** From the job's start to the proof. */
  readonly seconds: number;
}

/** A run's objects in a store: encrypted on the way in, checked and decrypted on the way out (docs/QUEUE.md). */
export class SegmentObjects {
  readonly store: ObjectStore;
  readonly #run: RunKey;
  readonly #folder: string;

  constructor(store: ObjectStore, run: RunKey) {
    this.store = store;
    this.#run = run;
    this.#folder = runFolderName(run.runId);
  }

  get runId(): string {
    return this.#run.runId;
  }

  /**
   * Puts what a segment's worker needs.
   *
   * @param commitmentIn - the object of W^in's commitment, where the segment before has put it as its W^out's
   */
  async putInput(
    segment: number,
    input: SegmentInput,
    commitmentIn?: string,
  ): Promise<SegmentObjectNames> {
    const { start, weightsOut } = input;
    const done: string[] = [];
    const put = async (kind: ObjectKind, at: number, content: Uint8Array | Pieces) => {
      const name = await putByContent(this.store, this.#folder, this.#seal(kind, at, content));
      done.push(name);
      return name;
    };
    const commitment = (at: number, { rows, blindings }: SegmentInput["weightsOut"]) =>
      put("commitment", at, pack([rows, blindings]));
    const facts = [input.statement, input.key, input.nonce, input.weightsOutDigest];
    const content = pack([...facts, input.samplePoints, packIntegers(input.batch)]);
    try {
      return {
        input: await put("input", segment, content),
        ...(start && {
          weights: await put("weights", segment, packWeights(start.weights)),
          commitmentIn: commitmentIn ?? (await commitment(segment, start)),
        }),
        commitmentOut: await commitment(segment + 1, weightsOut),
      };
    } catch (error) {
      // A store that is full must not fill further with each try.
      await Promise.allSettled(done.map((name) => this.store.remove(name)));
      throw error;
    }
  }

  /**
   * Errors: ObjectMissingError, ObjectDamagedError, StoreUnavailableError.
   *
   * @param allocate - gives the memory in which the weights will be
   */
  async getInput({ segment, objects }: SegmentJob, allocate?: Allocate): Promise<SegmentInput> {
    const get = async (kind: ObjectKind, at: number, name: string, where?: Allocate) =>
      unseal(this.#run.key, this.#place(kind, at), await getByContent(this.store, name, where));
    const commitment = async (at: number, name: string) => {
      const [rows, blindings] = unpack(await get("commitment", at, name), 2);
      return { rows: rows!, blindings: blindings! };
    };
    const content = unpack(await get("input", segment, objects.input), 6);
    const [statement, key, nonce, weightsOutDigest, samplePoints, batch] = content;
    const { weights, commitmentIn, commitmentOut } = objects;
    return {
      statement: statement!,
      key: key!,
      nonce: nonce!,
      weightsOutDigest: weightsOutDigest!,
      samplePoints: samplePoints!,
      batch: unpackIntegers(batch!),
      ...(weights !== undefined &&
        commitmentIn !== undefined && {
          start: {
            weights: unpackWeights(await get("weights", segment, weights, allocate)),
            ...(await commitment(segment, commitmentIn)),
          },
        }),
      weightsOut: await commitment(segment + 1, commitmentOut),
    };
  }

  /** Puts a job's proof and returns its name. */
  async putProof(job: SegmentJob, { proof, worker, seconds }: StoredProof): Promise<string> {
    const facts = Buffer.from(JSON.stringify({ worker, seconds }));
    const name = proofNameOf(job);
    await this.store.put(name, this.#seal("proof", job.segment, pack([proof, facts])));
    return name;
  }

  async hasProof(job: SegmentJob): Promise<boolean> {
    return this.store.has(proofNameOf(job));
  }

  /** Errors as of getInput. */
  async getProof(job: SegmentJob): Promise<StoredProof> {
    const object = await this.store.get(proofNameOf(job));
    const content = unseal(this.#run.key, this.#place("proof", job.segment), object);
    const [proof, facts] = unpack(content, 2);
    const { worker, seconds } = JSON.parse(Buffer.from(facts!).toString()) as StoredProof;
    return { proof: proof!, worker: String(worker), seconds: Number(seconds) };
  }

  async removeProof(job: SegmentJob): Promise<void> {
    await this.store.remove(proofNameOf(job));
  }

  /** Makes room in a store that is full, for the proof that was made from it; the trainer can put it there again. */
  async removeInput({ objects }: SegmentJob): Promise<void> {
    await this.store.remove(objects.input);
    if (objects.weights !== undefined) await this.store.remove(objects.weights);
  }

  /** Removes what no other segment needs once this one is finished. */
  async removeFinished(job: SegmentJob): Promise<void> {
    const { input, weights, commitmentIn } = job.objects;
    for (const name of [input, weights, commitmentIn])
      if (name !== undefined) await this.store.remove(name);
    for (let attempt = 0; attempt <= job.attempt; attempt++)
      await this.removeProof({ ...job, attempt });
  }

  /** Removes all that is left of the run. */
  async removeAll(): Promise<void> {
    for (const name of await this.store.list(this.#folder)) await this.store.remove(name);
  }

  #place(kind: ObjectKind, segment: number) {
    return { runId: this.#run.runId, kind, segment };
  }

  #seal(kind: ObjectKind, segment: number, content: Uint8Array | Pieces): Uint8Array {
    return seal(this.#run.key, this.#place(kind, segment), content);
  }
}
