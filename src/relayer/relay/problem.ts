import { ArtifactError } from "../../artifact/index.ts";
import { registryErrorFrom } from "../../registry/index.ts";

/** An error in words for a log: never a request, an endpoint's address or a key, which errors of the network quote. */
export function problemOf(error: unknown, rpcUrl: string): string {
  if (error instanceof ArtifactError) return error.message;
  return registryErrorFrom(error, rpcUrl).message;
}
