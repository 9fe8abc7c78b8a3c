import type { PublicConfig } from "./config.ts";
import { committedStart, segmentsOf } from "./config.ts";

/** Names in a run folder (docs/FILES.md). */
export const PUBLIC = "public";
export const SECRET = "secret";
export const MANIFEST = "manifest.json";
export const CONFIG = "config.json";
export const SAMPLES = "samples.bin";
export const WEIGHTS_IN = "weights-in.bin";
export const SEGMENTS = "segments";
export const SEGMENT_FILES = ["proof.bin", "statement.bin", "weights-out.bin"] as const;
export const LOCK = "lock.json";
/** What is not finished has a name that starts so. */
export const TEMPORARY = ".tmp-";

/** segments/000007 */
export const segmentPath = (index: number): string => `${SEGMENTS}/${segmentName(index)}`;
export const segmentName = (index: number): string => String(index).padStart(6, "0");

/** Every file of the public part except the manifest, in the manifest's order: by code unit. */
export function publicFiles(config: PublicConfig): string[] {
  const files: string[] = [CONFIG, SAMPLES];
  for (const { index } of segmentsOf(config))
    files.push(...SEGMENT_FILES.map((name) => `${segmentPath(index)}/${name}`));
  if (committedStart(config)) files.push(WEIGHTS_IN);
  return files;
}

/** Paths of the secret part, relative to the run folder. */
export const secretPaths = {
  dataKey: `${SECRET}/data-key.bin`,
  dataNonce: `${SECRET}/data-nonce.bin`,
  state: `${SECRET}/state.json`,
  weights: `${SECRET}/weights`,
  ahead: `${SECRET}/ahead`,
  history: `${SECRET}/history`,
} as const;

/** Files of secret/weights/<segment>/ and secret/weights/start/. */
export const WEIGHT_FILES = {
  exact: "weights.safetensors",
  float: "weights.f32.safetensors",
  blindings: "weights-blindings.bin",
} as const;
