import { z } from "zod";
import type { PublicSegment } from "../../artifact/index.ts";
import type { Verdict } from "../../verifier/index.ts";
import { ObjectDamagedError } from "../errors.ts";
import { runFolderName } from "../job.ts";
import type { RunKey } from "../keyFile.ts";
import { type ObjectKind, seal, unseal } from "../objectCipher.ts";
import { pack, unpack } from "../pack.ts";
import { getByContent, type ObjectStore, putByContent } from "../store/index.ts";
import type { VerificationJob } from "./job.ts";

/** A segment as a worker verifies it. */
export type SegmentToVerify = Pick<
  PublicSegment,
  "statementBytes" | "proof" | "weightsIn" | "weightsOut"
>;

const SealedVerdict = z.strictObject({
  /** What it is about: no verdict can be put in another's place. */
  build: z.string(),
  samples: z.string(),
  segment: z.string(),
  worker: z.string(),
  verdict: z.discriminatedUnion("ok", [
    z.strictObject({ ok: z.literal(true) }),
    z.strictObject({ ok: z.literal(false), check: z.string(), reason: z.string() }),
  ]),
});

/**
 * What a verifier and its workers exchange. All of it is public but the verdict's authenticity: objects are sealed with the verifier's key, so
 * that who has Redis or the store alone can put no other segment in, and no verdict out.
 */
export class VerificationObjects {
  readonly #store: ObjectStore;
  readonly #key: RunKey;
  readonly #folder: string;

  constructor(store: ObjectStore, key: RunKey) {
    this.#store = store;
    this.#key = key;
    this.#folder = runFolderName(key.runId);
  }

  get keyId(): string {
    return this.#key.runId;
  }

  putSamples(samples: Uint8Array): Promise<string> {
    return this.#put("samples", 0, samples);
  }

  putSegment(index: number, segment: SegmentToVerify): Promise<string> {
    const { statementBytes, proof, weightsIn, weightsOut } = segment;
    const parts = [statementBytes, proof, weightsIn ?? new Uint8Array(), weightsOut];
    return this.#put("verification", index, pack(parts));
  }

  /** Errors: ObjectMissingError, ObjectDamagedError, StoreUnavailableError. */
  async getSamples(name: string): Promise<Uint8Array> {
    return this.#open("samples", 0, await getByContent(this.#store, name));
  }

  /** Errors as of getSamples. */
  async getSegment({ segment, objects }: VerificationJob): Promise<SegmentToVerify> {
    const object = await getByContent(this.#store, objects.segment);
    const parts = unpack(this.#open("verification", segment, object), 4);
    const [statementBytes, proof, weightsIn, weightsOut] = parts as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    return {
      ...{ statementBytes, proof, weightsOut },
      weightsIn: weightsIn.length === 0 ? undefined : weightsIn,
    };
  }

  sealVerdict(
    { segment, objects, build }: VerificationJob,
    worker: string,
    verdict: Verdict,
  ): string {
    const content = JSON.stringify({ build, ...objects, worker, verdict });
    return Buffer.from(this.#seal("verdict", segment, Buffer.from(content))).toString("base64");
  }

  /** ObjectDamagedError where it is not a verdict on this job, by a holder of the key. */
  openVerdict({ segment, objects, build }: VerificationJob, sealed: string): Verdict {
    const bytes = this.#open("verdict", segment, Buffer.from(sealed, "base64"));
    const found = SealedVerdict.parse(JSON.parse(Buffer.from(bytes).toString())); // a key's holder made it
    const same = found.segment === objects.segment && found.samples === objects.samples;
    if (same && found.build === build) return found.verdict;
    throw new ObjectDamagedError(
      `the verdict on segment ${segment}: it is about other files, or by another build of the verifier`,
    );
  }

  async remove(name: string): Promise<void> {
    await this.#store.remove(name);
  }

  #put(kind: ObjectKind, segment: number, content: Uint8Array): Promise<string> {
    return putByContent(this.#store, this.#folder, this.#seal(kind, segment, content));
  }

  #place = (kind: ObjectKind, segment: number) => ({ runId: this.#key.runId, kind, segment });

  #seal(kind: ObjectKind, segment: number, content: Uint8Array): Uint8Array {
    return seal(this.#key.key, this.#place(kind, segment), content);
  }

  #open(kind: ObjectKind, segment: number, object: Uint8Array): Uint8Array {
    return unseal(this.#key.key, this.#place(kind, segment), object);
  }
}
