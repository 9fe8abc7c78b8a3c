import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { ObjectDamagedError } from "./errors.ts";

/** What an object is (docs/QUEUE.md). */
export type ObjectKind =
  "weights" | "commitment" | "input" | "proof" | "samples" | "verification" | "verdict";

/** Where an object belongs: it opens nowhere else. */
export interface ObjectPlace {
  /** The run's id, 0x and 64 digits. */
  readonly runId: string;
  readonly kind: ObjectKind;
  readonly segment: number;
}

const MAGIC = Buffer.from("TPQ1");
const SALT = 32;
const TAG = 16;
/** Bytes that an object is longer than its content. */
export const OVERHEAD = MAGIC.length + SALT + TAG;
/** Node writes and reads at most 2^31 − 1 bytes a call. */
const LARGEST = 2 ** 31 - 1;

const placeBytes = ({ runId, kind, segment }: ObjectPlace): Buffer =>
  Buffer.from(`trainproof/1/queue/${runId}/${kind}/${segment}`);

/** A key and nonce for this object alone: they follow from the salt, so no pair is used twice. */
function derive(runKey: Uint8Array, salt: Uint8Array, place: Buffer) {
  const bytes = Buffer.from(hkdfSync("sha256", runKey, salt, place, 44));
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
}

/** Bytes ciphered at a time: what that takes is memory in use anyway, where a whole object's would first have to be mapped. */
const CHUNK = 2 ** 16;

/** A cipher's output for some bytes, at the same place in `to`; both may be the same memory. */
function cipherInto(
  cipher: { update(bytes: Uint8Array): Uint8Array },
  bytes: Uint8Array,
  to: Uint8Array,
): void {
  for (let at = 0; at < bytes.length; at += CHUNK)
    to.set(cipher.update(bytes.subarray(at, at + CHUNK)), at);
}

/** Bytes that come in pieces; each is used before the next is asked for. */
export interface Pieces {
  /** Of all together. */
  readonly length: number;
  readonly pieces: Iterable<Uint8Array>;
}

/**
 * Encrypts an object for its place: "TPQ1" ‖ salt (32) ‖ AES-256-GCM ciphertext ‖ tag (16). RangeError for one that is too large.
 *
 * @param runKey - 32 secret bytes
 */
export function seal(
  runKey: Uint8Array,
  place: ObjectPlace,
  content: Uint8Array | Pieces,
): Uint8Array {
  const { length } = content;
  if (length > LARGEST)
    throw new RangeError(
      `queue: an object of ${length} bytes; the limit is ${LARGEST}: use shorter segments`,
    );
  const salt = randomBytes(SALT);
  const associated = placeBytes(place);
  const { key, nonce } = derive(runKey, salt, associated);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  cipher.setAAD(associated);
  const object = new Uint8Array(OVERHEAD + length);
  object.set(MAGIC);
  object.set(salt, MAGIC.length);
  let at = MAGIC.length + SALT;
  for (const piece of "pieces" in content ? content.pieces : [content]) {
    cipherInto(cipher, piece, object.subarray(at, at + piece.length));
    at += piece.length;
  }
  cipher.final();
  if (at + TAG !== object.length) throw new RangeError("queue: pieces of another length in all");
  object.set(cipher.getAuthTag(), at);
  return object;
}

/**
 * Opens an object, in its own memory: what is returned is a part of it.
 *
 * @throws ObjectDamagedError where it was not sealed with this key for this place, or was changed; nothing of it is then left
 */
export function unseal(runKey: Uint8Array, place: ObjectPlace, object: Uint8Array): Uint8Array {
  const refuse = (problem: string, cause?: unknown): never => {
    const what = `the ${place.kind} of segment ${place.segment} of run ${place.runId}`;
    throw new ObjectDamagedError(`${what}: ${problem}`, { cause });
  };
  if (object.length < OVERHEAD || !MAGIC.equals(object.subarray(0, MAGIC.length)))
    return refuse("this is no object of a trainproof queue");
  const salt = object.subarray(MAGIC.length, MAGIC.length + SALT);
  const associated = placeBytes(place);
  const { key, nonce } = derive(runKey, salt, associated);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  decipher.setAAD(associated);
  decipher.setAuthTag(object.subarray(-TAG));
  const content = object.subarray(MAGIC.length + SALT, -TAG);
  cipherInto(decipher, content, content);
  try {
    decipher.final();
  } catch (error) {
    content.fill(0);
    return refuse("it was changed, or belongs to another key or place", error);
  }
  return content;
}
