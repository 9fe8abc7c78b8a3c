import type { PublicConfig } from "./config.ts";
import { committedStart } from "./config.ts";

/** Names in a run folder (docs/FILES.md). */
export const PUBLIC = "public";
export const SECRET = "secret";
export const MANIFEST = "manifest.json";
export const CONFIG = "config.json";
export const SAMPLES = "samples.bin";
export const SEGMENT_LIST = "segments.bin";
export const WEIGHTS_IN = "weights-in.bin";
export const SEGMENTS = "segments";
export const SEGMENT_FILES = ["proof.bin", "statement.bin", "weights-out.bin"] as const;
export const LOCK = "lock.json";
/** What is not finished has a name that starts so. */
export const TEMPORARY = ".tmp-";

/** segments/000007 */
export const segmentPath = (index: number): string => `${SEGMENTS}/${segmentName(index)}`;
export const segmentName = (index: number): string => String(index).padStart(6, "0");

/** Every file that the manifest lists, in its order: by code unit. Those of segments are in segments.bin. */
export function publicFiles(config: PublicConfig): string[] {
  const files: string[] = [CONFIG, SAMPLES, SEGMENT_LIST];
  if (committedStart(config)) files.push(WEIGHTS_IN);
  return files;
}

/** Paths of the secret part, relative to the run folder. */
export const secretPaths = {
  dataKey: `${SECRET}/data-key.bin`,
  dataNonce: `${SECRET}/data-nonce.bin`,
  state: `${SECRET}/state.json`,
  /** The records of finished segments, as they will be in public/segments.bin. */
  segments: `${SECRET}/segments.bin`,
  weights: `${SECRET}/weights`,
  ahead: `${SECRET}/ahead`,
  history: `${SECRET}/history`,
} as const;

/** Files of secret/weights/<segment>/ and secret/weights/start/; float32 after the last segment alone. */
export const WEIGHT_FILES = {
  exact: "weights.safetensors",
  float: "weights.f32.safetensors",
  blindings: "weights-blindings.bin",
} as const;
