import { folderStore } from "./folderStore.ts";
import type { ObjectStore } from "./store.ts";

export { removeAbandonedObjects } from "./folderStore.ts";
export { type Allocate, BufferPool } from "./bufferPool.ts";
export { checkName, getByContent, type ObjectStore, putByContent } from "./store.ts";

/** Opens a store: a folder's path, or s3://bucket/prefix with its keys from the environment. Errors: StoreUsageError. */
export async function openStore(
  place: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ObjectStore> {
  if (!place.startsWith("s3://")) return folderStore(place);
  const { s3Options, s3Store } = await import("./s3Store.ts");
  return s3Store(s3Options(place, env));
}
