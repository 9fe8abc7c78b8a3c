import { createHash } from "node:crypto";
import { ObjectDamagedError, StoreUsageError } from "../errors.ts";
import type { Allocate } from "./bufferPool.ts";

/**
 * Where objects lie, by name: `<folder>/<file>`, both of letters, digits and dashes. What is put is there as a whole, durably, or not at
 * all. Errors: StoreUnavailableError; ObjectMissingError from get.
 */
export interface ObjectStore {
  /** For people; holds no secret. */
  readonly name: string;
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** In memory that `allocate` gives, where the store can use it. */
  get(name: string, allocate?: Allocate): Promise<Uint8Array>;
  has(name: string): Promise<boolean>;
  /** A name that is not there is no error. */
  remove(name: string): Promise<void>;
  /** The names in a folder. */
  list(folder: string): Promise<string[]>;
}

const NAME = /^[0-9A-Za-z-]{1,100}\/[0-9A-Za-z-]{1,100}$/;

/** Names come from jobs, too, which anybody with access to Redis can write. */
export function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw new StoreUsageError(`${JSON.stringify(name).slice(0, 80)} is no name of a stored object`);
}

const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Puts bytes under their SHA-256 and returns the name. */
export async function putByContent(
  store: ObjectStore,
  folder: string,
  bytes: Uint8Array,
): Promise<string> {
  const name = `${folder}/${digestOf(bytes)}`;
  await store.put(name, bytes);
  return name;
}

/** Gets what putByContent put. ObjectDamagedError where the bytes are others. */
export async function getByContent(
  store: ObjectStore,
  name: string,
  allocate?: Allocate,
): Promise<Uint8Array> {
  const bytes = await store.get(checkName(name), allocate);
  if (digestOf(bytes) === name.split("/")[1]) return bytes;
  throw new ObjectDamagedError(
    `${store.name}: object ${name} has another SHA-256 than its name says: it was damaged or replaced`,
  );
}
