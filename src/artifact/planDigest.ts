import { canonicalBytes, type Json } from "./canonicalJson.ts";
import type { PublicConfig } from "./config.ts";
import { hex32, sha256 } from "./digest.ts";

/**
 * What is announced before training: the public configuration without its seeds, and the data root. A plan that continues a run
 * names the parent; its weights are given, and the seed decides the batch order alone. A run from undisclosed weights names them,
 * too, so that it is no announced plan's: none can name them (PROTOCOL §22).
 */
export function announcedPlan(config: PublicConfig, dataRoot: string): Json {
  return {
    ...config,
    format: "trainproof-plan/1",
    start: "seed" in config.start ? "drawn" : config.start,
    scheduleSeed: undefined,
    dataRoot,
  };
}

/** SHA-256 of the canonical JSON of what is announced: the planDigest on chain. */
export const planDigest = (config: PublicConfig, dataRoot: string): string =>
  hex32(sha256(canonicalBytes(announcedPlan(config, dataRoot))));
