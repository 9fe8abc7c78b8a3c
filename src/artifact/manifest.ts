import { z } from "zod";
import { canonicalBytes } from "./canonicalJson.ts";
import { decodeStrict, type PublicConfig, segmentCountOf } from "./config.ts";
import { hex32 } from "./digest.ts";
import { ArtifactFormatError, ArtifactMismatchError } from "./errors.ts";
import { publicFiles, SAMPLES, SEGMENT_LIST } from "./layout.ts";
import { Hex32 } from "./planSchema.ts";
import { RECORD_BYTES } from "./segmentList.ts";
import { MAX_SEGMENTS } from "./segments.ts";

/** A public path: segments of letters, digits, . _ - that do not start with a dot, separated by single /. */
const PATH = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

const FileSchema = z.strictObject({
  path: z.string().max(200).regex(PATH, "must be a plain relative path"),
  size: z.number().int().min(0),
  sha256: Hex32,
});

const FORMAT = "trainproof-run/2";

/** public/manifest.json. Its SHA-256 is the proofDigest that goes on chain. */
export const ManifestSchema = z.strictObject({
  format: z.literal(FORMAT, { error: `must be ${FORMAT}, the one format that is read` }),
  runId: Hex32,
  /** SHA-256 of config.json. */
  configDigest: Hex32,
  dataRoot: Hex32,
  /** weightsOut of the last segment. */
  modelCommitment: Hex32,
  steps: z
    .number()
    .int()
    .min(1)
    .max(2 ** 40),
  segments: z.number().int().min(1).max(MAX_SEGMENTS),
  /** Merkle root of segments.bin. */
  segmentsRoot: Hex32,
  files: z.array(FileSchema).min(3).max(4),
});

export type Manifest = z.output<typeof ManifestSchema>;
export type ManifestFile = z.output<typeof FileSchema>;

export const encodeManifest = (manifest: Manifest): Uint8Array => canonicalBytes(manifest);

/** Reads manifest.json strictly: an ArtifactFormatError for any other bytes. */
export function decodeManifest(bytes: Uint8Array, file: string): Manifest {
  const manifest = decodeStrict(ManifestSchema, bytes, file);
  manifest.files.forEach(({ path }, i) => {
    if (i === 0 || manifest.files[i - 1]!.path < path) return;
    throw new ArtifactFormatError({
      file,
      problem: `files: ${path} is out of order or listed twice`,
      wayOut: "The publisher must write the run again with trainproof.",
    });
  });
  return manifest;
}

/** Manifest and configuration must describe the same run, with exactly the files that it needs. */
export function checkManifest(manifest: Manifest, config: PublicConfig, file: string): void {
  const need = (name: string, expected: string | number, actual: string | number) => {
    if (expected === actual) return;
    throw new ArtifactMismatchError({
      file,
      problem: `${name} does not fit config.json`,
      expected: String(expected),
      actual: String(actual),
      wayOut: "The publisher must write the run again with trainproof.",
    });
  };
  const segments = segmentCountOf(config);
  need("steps", config.steps, manifest.steps);
  need("segments", segments, manifest.segments);
  const expected = publicFiles(config);
  const paths = manifest.files.map(({ path }) => path);
  for (let i = 0; i < Math.max(expected.length, paths.length); i++)
    need(`file ${i} of the list`, expected[i] ?? "none", paths[i] ?? "none");
  const sizes = new Map([
    [SAMPLES, 64 * config.samples],
    [SEGMENT_LIST, RECORD_BYTES * segments],
  ]);
  for (const { path, size } of manifest.files)
    need(`size of ${path}`, sizes.get(path) ?? size, size);
}

/** The manifest of finished files. */
export function buildManifest(
  config: PublicConfig,
  facts: {
    readonly runId: Uint8Array;
    readonly configDigest: Uint8Array;
    readonly dataRoot: Uint8Array;
    readonly modelCommitment: Uint8Array;
    readonly segmentsRoot: Uint8Array;
  },
  files: readonly ManifestFile[],
): Manifest {
  return {
    format: FORMAT,
    runId: hex32(facts.runId),
    configDigest: hex32(facts.configDigest),
    dataRoot: hex32(facts.dataRoot),
    modelCommitment: hex32(facts.modelCommitment),
    steps: config.steps,
    segments: segmentCountOf(config),
    segmentsRoot: hex32(facts.segmentsRoot),
    files: [...files],
  };
}
