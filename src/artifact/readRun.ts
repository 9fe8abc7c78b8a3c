import { fromHex, type Statement } from "../protocol/index.ts";
import { committedStart, decodeConfig, type PublicConfig } from "./config.ts";
import { hex32, sha256 } from "./digest.ts";
import { ArtifactDigestError, ArtifactMismatchError, ArtifactTooLargeError } from "./errors.ts";
import { CONFIG, MANIFEST, SAMPLES, SEGMENT_LIST, segmentPath, WEIGHTS_IN } from "./layout.ts";
import { checkManifest, decodeManifest, type Manifest } from "./manifest.ts";
import { checkSegment, type SegmentContext } from "./segmentCheck.ts";
import { type SegmentFile, SegmentList } from "./segmentList.ts";
import { segmentSizes } from "./segmentSizes.ts";
import { type RunSource, SOURCE_LIMITS, type SourceLimits } from "./runSource.ts";

/** A segment's statement. */
export interface PublicStatement {
  readonly index: number;
  /** Its bytes, and decoded; it fits config.json (see checkSegment). */
  readonly statementBytes: Uint8Array;
  readonly statement: Statement;
}

/** What proves one segment, as bytes; each file's digest was checked. */
export interface PublicSegment extends PublicStatement {
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
  /** The segments named, ascending, or all; one in memory at a time. */
  segments(indices?: readonly number[]): AsyncGenerator<PublicSegment>;
  /** All statements in order, without the rest of their segments; their digests of weights are taken as they are. */
  statements(): AsyncGenerator<PublicStatement>;
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

/** A file that has not the size or SHA-256 with which `where` announces it. */
const differs = (file: string, [what, where]: [string, string], expected: string, actual: string) =>
  new ArtifactDigestError({
    file,
    problem: `the file has not the ${what} that ${where} says`,
    expected,
    actual,
    wayOut: TAMPERED,
  });

/** Bytes that have a SHA-256, or an ArtifactDigestError. */
function needDigest(bytes: Uint8Array, digest: string, file: string, where: string): Uint8Array {
  const actual = hex32(sha256(bytes));
  if (actual === digest) return bytes;
  throw differs(file, ["SHA-256", where], digest, actual);
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
  /** Before anything of it is fetched. */
  const needTotal = (bytes: number) => {
    if (!(bytes > limits.totalBytes)) return; // a configuration that breaks V1 may have NaN bytes
    throw new ArtifactTooLargeError({
      file: source.name,
      problem: `${bytes} bytes are to be read, the limit is ${limits.totalBytes}`,
      wayOut: "Verify a sample of the segments, or raise the reader's limits.",
    });
  };
  const listedBytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
  needTotal(listedBytes);

  const get = async (path: string, limit = limits.fileBytes): Promise<Uint8Array> => {
    const file = source.nameOf(path);
    const entry = manifest.files.find((candidate) => candidate.path === path);
    if (entry === undefined)
      throw new ArtifactMismatchError({
        file: source.name,
        problem: `the manifest does not list ${path}`,
        wayOut: "The publisher must write the run again with trainproof.",
      });
    const { size } = entry;
    if (size > limit)
      throw new ArtifactTooLargeError({
        file,
        problem: `the manifest announces ${size} bytes, the limit is ${limit}`,
        wayOut: "Raise the reader's limits if you trust the publisher.",
      });
    const bytes = await source.fetch(path, size, signal);
    if (bytes.length !== size)
      throw differs(file, ["size", "the manifest"], `${size} bytes`, `${bytes.length} bytes`);
    return needDigest(bytes, entry.sha256, file, "the manifest");
  };
  const configBytes = await get(CONFIG, limits.configBytes);
  needClaimed(source.name, "configDigest", manifest.configDigest, hex32(sha256(configBytes)));
  const config = decodeConfig(configBytes, source.nameOf(CONFIG));
  checkManifest(manifest, config, source.name);
  const samples = await get(SAMPLES);
  const { segments: count, segmentsRoot: root } = manifest;
  const list = new SegmentList(
    await get(SEGMENT_LIST),
    { count, root },
    source.nameOf(SEGMENT_LIST),
  );

  const sizes = segmentSizes(config);
  const getOf = async (index: number, name: SegmentFile): Promise<Uint8Array> => {
    const path = `${segmentPath(index)}/${name}`;
    const size = sizes(index)[name];
    const limit = size <= limits.fileBytes ? size : limits.fileBytes;
    const bytes = await source.fetch(path, limit, signal);
    return needDigest(bytes, list.digest(index, name), source.nameOf(path), SEGMENT_LIST);
  };
  const facts = { runId: fromHex(manifest.runId), dataRoot: fromHex(manifest.dataRoot) };
  const checked = (
    index: number,
    statementBytes: Uint8Array,
    rows: Pick<SegmentContext, "weightsIn" | "weightsOut">,
  ): PublicStatement => {
    const file = source.nameOf(`${segmentPath(index)}/statement.bin`);
    const statement = checkSegment(config, index, statementBytes, { ...facts, ...rows }, file);
    if (index === count - 1) {
      const { modelCommitment } = manifest;
      needClaimed(source.name, "modelCommitment", modelCommitment, hex32(statement.weightsOut));
    }
    return { index, statementBytes, statement };
  };
  const rowsAfter = (index: number): Promise<Uint8Array | undefined> => {
    if (index >= 0) return getOf(index, "weights-out.bin");
    return committedStart(config) ? get(WEIGHTS_IN) : Promise.resolve(undefined);
  };
  const readSegment = async (index: number, former?: Uint8Array): Promise<PublicSegment> => {
    if (!Number.isInteger(index) || index < 0 || index >= count)
      throw new RangeError(`segment ${index}: the run has ${count}, from 0`);
    const statementBytes = await getOf(index, "statement.bin");
    checked(index, statementBytes, {}); // before files whose size it gives
    const weightsIn = former ?? (await rowsAfter(index - 1));
    const weightsOut = await getOf(index, "weights-out.bin");
    const proof = await getOf(index, "proof.bin");
    const statement = checked(index, statementBytes, { weightsIn, weightsOut });
    return { ...statement, proof, weightsIn, weightsOut };
  };
  return {
    source: source.name,
    proofDigest,
    manifest,
    config,
    samples,
    segmentCount: count,
    readSegment: (index) => readSegment(index),
    async *segments(indices) {
      const wanted = indices ?? Array.from({ length: count }, (_, index) => index);
      needTotal(
        wanted.reduce(
          (sum, index) => Object.values(sizes(index)).reduce((all, size) => all + size, sum),
          listedBytes,
        ),
      );
      let former: PublicSegment | undefined;
      for (const index of wanted) {
        const continues = former !== undefined && former.index === index - 1;
        former = await readSegment(index, continues ? former?.weightsOut : undefined);
        yield former;
      }
    },
    async *statements() {
      const reading = (index: number) => getOf(index, "statement.bin");
      yield* inOrder(count, AT_A_TIME, async (index) => checked(index, await reading(index), {}));
    },
  };
}

/** Small files that are asked for at a time: a host far away answers each after a while. */
const AT_A_TIME = 16;

/** What `read` gives for 0 … count − 1, in order; up to `most` are under way at a time. */
async function* inOrder<T>(
  count: number,
  most: number,
  read: (index: number) => Promise<T>,
): AsyncGenerator<T> {
  const begun: Promise<T>[] = [];
  for (let next = 0; next < count || begun.length > 0;) {
    if (next < count && begun.length < most) {
      const one = read(next++);
      one.catch(() => undefined); // thrown when it is its turn, if ever
      begun.push(one);
    } else yield await begun.shift()!;
  }
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
