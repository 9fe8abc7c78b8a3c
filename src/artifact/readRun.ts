import { fromHex, type Statement } from "../protocol/index.ts";
import { committedStart, decodeConfig, type PublicConfig, segmentsOf } from "./config.ts";
import { hex32, sha256 } from "./digest.ts";
import { ArtifactDigestError, ArtifactMismatchError, ArtifactTooLargeError } from "./errors.ts";
import { CONFIG, MANIFEST, SAMPLES, segmentPath, WEIGHTS_IN } from "./layout.ts";
import { checkManifest, decodeManifest, type Manifest, type ManifestFile } from "./manifest.ts";
import { checkSegment } from "./segmentCheck.ts";
import { type RunSource, SOURCE_LIMITS, type SourceLimits } from "./runSource.ts";

/** What proves one segment, as bytes; each file's digest was checked. */
export interface PublicSegment {
  readonly index: number;
  /** The statement's bytes, and decoded; it fits config.json (see checkSegment). */
  readonly statementBytes: Uint8Array;
  readonly statement: Statement;
  readonly proof: Uint8Array;
  /** Row commitments of W^in: the former segment's W^out, the parent's, or undisclosed weights'; absent for a public seed. */
  readonly weightsIn: Uint8Array | undefined;
  readonly weightsOut: Uint8Array;
}

/** A published run. Manifest, configuration and sample commitments are in memory, segments are not. */
export interface PublicRun {
  /** Where it was read from, for people. */
  readonly source: string;
  /** SHA-256 of the manifest, 0x…: the proofDigest on chain. */
  readonly proofDigest: string;
  readonly manifest: Manifest;
  readonly config: PublicConfig;
  /** C_0 ‖ … ‖ C_{S−1}. That they hash to dataRoot is the verifier's check V2. */
  readonly samples: Uint8Array;
  readonly segmentCount: number;
  readSegment(index: number): Promise<PublicSegment>;
  /** All segments in order, one in memory at a time. */
  segments(): AsyncGenerator<PublicSegment>;
}

export interface ReadPublicRunOptions {
  /** What the chain says; 0x and 64 digits. Compared before anything is parsed. */
  readonly expected?: {
    readonly proofDigest?: string;
    readonly configDigest?: string;
    readonly dataRoot?: string;
    readonly modelCommitment?: string;
    readonly steps?: number | bigint;
  };
  readonly limits?: Partial<SourceLimits>;
  readonly signal?: AbortSignal;
}

const TAMPERED = "The file is damaged or was replaced: do not use it. Fetch it from another place.";

/** Fetches a listed file; its size and SHA-256 are right, or an ArtifactDigestError is thrown. */
async function fetchListed(
  source: RunSource,
  { path, size, sha256: digest }: ManifestFile,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const file = source.nameOf(path);
  if (size > limit)
    throw new ArtifactTooLargeError({
      file,
      problem: `the manifest announces ${size} bytes, the limit is ${limit}`,
      wayOut: "Raise the reader's limits if you trust the publisher.",
    });
  const bytes = await source.fetch(path, size, signal);
  if (bytes.length !== size)
    throw new ArtifactDigestError({
      file,
      problem: "the file has not the size that the manifest says",
      expected: `${size} bytes`,
      actual: `${bytes.length} bytes`,
      wayOut: TAMPERED,
    });
  const actual = hex32(sha256(bytes));
  if (actual === digest) return bytes;
  const problem = "the file has not the SHA-256 that the manifest says";
  throw new ArtifactDigestError({ file, problem, expected: digest, actual, wayOut: TAMPERED });
}

/**
 * Reads a published run from any source: the one reader of Node and browsers. Nothing is parsed before its digest is right; paths,
 * sizes and times are limited. It says that the files are what was published and belong together; whether the proofs hold is
 * src/verifier's answer.
 *
 * Errors: the classes of errors.ts; the signal's reason when aborted.
 */
export async function readRun(
  source: RunSource,
  options: ReadPublicRunOptions = {},
): Promise<PublicRun> {
  const { expected = {}, signal } = options;
  const limits = { ...SOURCE_LIMITS, ...options.limits };

  const manifestBytes = await source.fetch(MANIFEST, limits.manifestBytes, signal);
  const proofDigest = hex32(sha256(manifestBytes));
  if (expected.proofDigest !== undefined && expected.proofDigest.toLowerCase() !== proofDigest)
    throw new ArtifactDigestError({
      file: source.name,
      problem: "the manifest is not the one that was claimed",
      expected: expected.proofDigest,
      actual: proofDigest,
      wayOut: TAMPERED,
    });
  const manifest = decodeManifest(manifestBytes, source.name);
  for (const field of ["configDigest", "dataRoot", "modelCommitment", "steps"] as const)
    needClaimed(source.name, field, expected[field], manifest[field]);
  const total = manifest.files.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.totalBytes)
    throw new ArtifactTooLargeError({
      file: source.name,
      problem: `the run has ${total} bytes, the limit is ${limits.totalBytes}`,
      wayOut: "Raise the reader's limits if you trust the publisher.",
    });

  const files = new Map(manifest.files.map((entry) => [entry.path, entry]));
  const get = (path: string, limit = limits.fileBytes) => {
    const entry = files.get(path);
    if (entry !== undefined) return fetchListed(source, entry, limit, signal);
    throw new ArtifactMismatchError({
      file: source.name,
      problem: `the manifest does not list ${path}`,
      wayOut: "The publisher must write the run again with trainproof.",
    });
  };
  const configBytes = await get(CONFIG, limits.configBytes);
  needClaimed(source.name, "configDigest", manifest.configDigest, hex32(sha256(configBytes)));
  const config = decodeConfig(configBytes, source.nameOf(CONFIG));
  checkManifest(manifest, config, source.name);
  const samples = await get(SAMPLES);

  const segmentCount = segmentsOf(config).length;
  const facts = { runId: fromHex(manifest.runId), dataRoot: fromHex(manifest.dataRoot) };
  const rowsAfter = (index: number): Promise<Uint8Array | undefined> => {
    if (index >= 0) return get(`${segmentPath(index)}/weights-out.bin`);
    return committedStart(config) ? get(WEIGHTS_IN) : Promise.resolve(undefined);
  };
  const readSegment = async (index: number, former?: Uint8Array): Promise<PublicSegment> => {
    if (!Number.isInteger(index) || index < 0 || index >= segmentCount)
      throw new RangeError(`segment ${index}: the run has ${segmentCount}, from 0`);
    const folder = segmentPath(index);
    const weightsIn = former ?? (await rowsAfter(index - 1));
    const weightsOut = await get(`${folder}/weights-out.bin`);
    const statementBytes = await get(`${folder}/statement.bin`);
    const proof = await get(`${folder}/proof.bin`);
    const context = { ...facts, weightsIn, weightsOut };
    const file = source.nameOf(`${folder}/statement.bin`);
    const statement = checkSegment(config, index, statementBytes, context, file);
    if (index === segmentCount - 1)
      needClaimed(
        source.name,
        "modelCommitment",
        manifest.modelCommitment,
        hex32(statement.weightsOut),
      );
    return { index, statementBytes, statement, proof, weightsIn, weightsOut };
  };
  return {
    source: source.name,
    proofDigest,
    manifest,
    config,
    samples,
    segmentCount,
    readSegment: (index) => readSegment(index),
    async *segments() {
      let former: Uint8Array | undefined;
      for (let index = 0; index < segmentCount; index++) {
        const segment = await readSegment(index, former);
        former = segment.weightsOut;
        yield segment;
      }
    },
  };
}

function needClaimed(
  file: string,
  field: string,
  expected: string | number | bigint | undefined,
  actual: string | number,
): void {
  if (expected === undefined || String(expected).toLowerCase() === String(actual)) return;
  throw new ArtifactMismatchError({
    file,
    problem: `the run's ${field} is not the one claimed`,
    expected: String(expected),
    actual: String(actual),
    wayOut: "The files belong to another claim: do not accept them for this one.",
  });
}
