import { join, resolve } from "node:path";
import {
  fromHex,
  SampleList,
  type Statement,
  weightBound,
  weightDigest,
} from "../protocol/index.ts";
import {
  decodeWeights,
  encodeFloatWeights,
  type Weights,
  type WeightsMetadata,
  weightsPieces,
} from "../model/index.ts";
import { AheadSegments } from "./ahead.ts";
import {
  committedStart,
  decodeConfig,
  encodeConfig,
  type PublicConfig,
  runParameters,
  segmentCountOf,
  segmentOf,
  startKindOf,
} from "./config.ts";
import {
  checkBlindings,
  checkCommitted,
  type CommittedWeights,
  type WeightsContent,
} from "./committedWeights.ts";
import { hex32, sha256 } from "./digest.ts";
import { RunFolderError } from "./errors.ts";
import { type FileSystem, nodeFiles, PUBLIC_MODES, readFile, writeAtomic } from "./files.ts";
import { type DataHistory, type SegmentHistory, writeHistory } from "./history.ts";
import {
  CONFIG,
  MANIFEST,
  PUBLIC,
  SAMPLES,
  secretPaths,
  SEGMENT_LIST,
  segmentPath,
  WEIGHT_FILES,
  WEIGHTS_IN,
} from "./layout.ts";
import { lockFolder } from "./lock.ts";
import { buildManifest, encodeManifest, type Manifest } from "./manifest.ts";
import { readRecords } from "./recordFile.ts";
import {
  fileEntry,
  recover,
  refuseStrangers,
  type RunState,
  weightsName,
  writeState,
} from "./runState.ts";
import { checkSegment } from "./segmentCheck.ts";
import { segmentsRoot } from "./segmentList.ts";
import { type Segment, seedBound, segmentStatement } from "./segments.ts";
import { storeSegment } from "./storeSegment.ts";

/** What a finished segment leaves. */
export interface SegmentResult extends CommittedWeights {
  readonly statement: Uint8Array;
  readonly proof: Uint8Array;
  /** How it went, for the owner's report. */
  readonly history?: SegmentHistory;
}

/** Where the next segment starts. */
export interface ResumePoint {
  /** Undefined when all segments are finished. */
  readonly segment: Segment | undefined;
  /** Absent for the first segment of a public seed. */
  readonly start: CommittedWeights | undefined;
  /** The last finished segment's statement, for its weight bound. */
  readonly previous: Statement | undefined;
}

const WAY_OUT = "Name a run folder that trainproof prove created.";

/**
 * A run folder, locked by this process until close(). Every method leaves the folder in its former or its next state,
 * whatever happens; docs/FILES.md describes it. Use createRun or openRun.
 */
export class Run {
  readonly folder: string;
  readonly config: PublicConfig;
  readonly runId: Uint8Array;
  /** Leftovers of an interrupted write that opening removed. */
  readonly removed: readonly string[];
  readonly #files: FileSystem;
  readonly #lock: { release(): void };
  #state: RunState;
  #finished: number;
  /** Hashing a large sample list takes a second: once is enough. */
  #dataRoot: Uint8Array | undefined;
  #ahead: AheadSegments | undefined;
  /** A write failed: memory and disk may differ, so the folder must be opened again. */
  #broken = false;

  /** @internal */
  constructor(folder: string, files: FileSystem, lock: { release(): void }) {
    this.folder = folder;
    this.#files = files;
    this.#lock = lock;
    const configPath = join(folder, PUBLIC, CONFIG);
    this.config = decodeConfig(readFile(configPath, WAY_OUT), configPath);
    const { state, finished, removed } = recover(files, folder, this.config);
    this.#state = state;
    this.#finished = finished;
    this.removed = removed;
    this.runId = fromHex(state.runId);
  }

  /** Number of finished segments. */
  get finished(): number {
    return this.#finished;
  }

  /** Of the whole run. */
  get segmentCount(): number {
    return segmentCountOf(this.config);
  }

  get publicFolder(): string {
    return join(this.folder, PUBLIC);
  }

  /** The secret 32-byte key and nonce of the sample blindings (PROTOCOL §7). */
  dataSecrets(): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
    const [key, nonce] = [secretPaths.dataKey, secretPaths.dataNonce].map((path) => {
      const file = join(this.folder, path);
      const bytes = readFile(file, "Restore the secret part from a copy, or start a new run.");
      if (bytes.length === 32) return bytes;
      throw new RunFolderError({
        file,
        problem: "this secret is damaged",
        expected: "32 bytes",
        actual: `${bytes.length} bytes`,
        wayOut: "Restore the secret part from a copy, or start a new run.",
      });
    });
    return { key: key!, nonce: nonce! };
  }

  /** The sample commitments C_0 ‖ … ‖ C_{S−1}, or undefined before writeSamples. */
  samples(): Uint8Array | undefined {
    const known = this.#state.files.some(({ path }) => path === SAMPLES);
    return known ? readFile(join(this.publicFolder, SAMPLES), WAY_OUT) : undefined;
  }

  /** Stores the sample commitments, once: 64 bytes for each of the configuration's samples; and what they cost. */
  writeSamples(bytes: Uint8Array, history?: DataHistory): void {
    if (bytes.length !== 64 * this.config.samples)
      throw new RangeError(
        `run: ${bytes.length} bytes of commitments for ${this.config.samples} samples of 64`,
      );
    if (this.samples() !== undefined)
      throw new RangeError("run: the samples are committed already");
    this.#writing(() => {
      if (history !== undefined) writeHistory(this.#files, this.folder, history);
      writeAtomic(this.#files, join(this.publicFolder, SAMPLES), bytes, PUBLIC_MODES.file);
      const files = [...this.#state.files, fileEntry(SAMPLES, bytes)];
      this.#state = { ...this.#state, files };
      writeState(this.#files, this.folder, this.#state);
    });
  }

  /** PROTOCOL §7's root of the sample commitments; a RunFolderError before writeSamples. */
  dataRoot(): Uint8Array {
    if (this.#dataRoot !== undefined) return this.#dataRoot;
    const bytes = this.samples();
    if (bytes === undefined)
      throw new RunFolderError({
        file: this.folder,
        problem: "the data set is not committed yet",
        wayOut: "Resume the run first: trainproof prove.",
      });
    const { widths, fixedPoint, offsets } = this.config;
    this.#dataRoot = new SampleList(bytes).root({
      features: widths[0]!,
      labels: widths.at(-1)!,
      fA: fixedPoint.fA,
      sigma: fixedPoint.sigma,
      ...offsets,
    });
    return this.#dataRoot;
  }

  /** Where to go on. */
  resume(): ResumePoint {
    const name = weightsName(this.config, this.#finished);
    const previous = this.#finished - 1;
    return {
      segment: segmentOf(this.config, this.#finished),
      start: name === undefined ? undefined : this.#readWeights(name),
      previous: previous < 0 ? undefined : this.#statement(previous),
    };
  }

  /**
   * The next segment's statement (PROTOCOL §5). `rows`: the row commitments of W^out; without them weightsOut is
   * 32 zero bytes, which is enough to train. A RangeError when all segments are finished.
   */
  nextStatement(rows?: Uint8Array): Statement {
    const { segment, start, previous } = this.resume();
    if (segment === undefined) throw new RangeError("run: all segments are finished");
    return this.statementAfter(segment, { previous, rows: start?.rows }, rows);
  }

  /**
   * The statement of a segment whose former one is not finished, but trained and committed: `former` is what that will leave.
   * `rows` as for nextStatement.
   */
  laterStatement(
    index: number,
    former: { readonly statement: Statement; readonly rows: Uint8Array },
    rows?: Uint8Array,
  ): Statement {
    const segment = segmentOf(this.config, index);
    if (segment === undefined) throw new RangeError(`run: there is no segment ${index}`);
    return this.statementAfter(segment, { previous: former.statement, rows: former.rows }, rows);
  }

  /**
   * A segment's statement after another that need not be finished: `former` has that one's statement, and the row commitments of the
   * weights that the segment starts from; neither for the first segment of a public seed. `rows` as for nextStatement.
   */
  statementAfter(
    segment: Segment,
    former: { previous: Statement | undefined; rows: Uint8Array | undefined },
    rows?: Uint8Array,
  ): Statement {
    const { start: origin, widths, fixedPoint } = this.config;
    const run = runParameters(this.config);
    const layout = { ...run, R: fixedPoint.R };
    const committed = committedStart(this.config);
    const firstBound = committed ? BigInt(committed.weightBound) : seedBound(widths, fixedPoint.R);
    return segmentStatement(run, segment, {
      runId: this.runId,
      dataRoot: this.dataRoot(),
      W0: former.previous === undefined ? firstBound : weightBound(former.previous),
      startKind: startKindOf(this.config, segment.index),
      start:
        former.rows === undefined
          ? fromHex((origin as { seed: string }).seed)
          : weightDigest(layout, former.rows),
      weightsOut: rows === undefined ? new Uint8Array(32) : weightDigest(layout, rows),
    });
  }

  /** What is trained ahead of the finished segments. */
  get ahead(): AheadSegments {
    const { folder, config, runId } = this;
    const facts = { folder, config, runId: hex32(runId), finished: this.#finished };
    return (this.#ahead ??= new AheadSegments(this.#files, facts));
  }

  /** Row commitments of the weights that a segment starts from, finished or trained ahead; undefined for a public seed's. */
  rowsBefore(index: number): Uint8Array | undefined {
    if (index === 0 && !committedStart(this.config)) return undefined;
    return index > this.#finished ? this.ahead.rows(index - 1) : this.#rows(index - 1);
  }

  /** A finished segment's proof and statement, as they lie in the public part. */
  finishedSegment(index: number): { readonly proof: Uint8Array; readonly statement: Uint8Array } {
    const file = (name: string) =>
      readFile(join(this.publicFolder, segmentPath(index), name), WAY_OUT);
    return { proof: file("proof.bin"), statement: file("statement.bin") };
  }

  /** Row commitments of the weights that a segment ends in, finished or trained ahead. */
  rowsAfter(index: number): Uint8Array {
    return index >= this.#finished ? this.ahead.rows(index) : this.#rows(index);
  }

  /** The weights after the last finished segment, or undefined before the first of a public seed. */
  weights(): Weights | undefined {
    const name = weightsName(this.config, this.#finished);
    return name === undefined ? undefined : this.#readWeights(name).weights;
  }

  /** Path of the exact weights after the last finished segment. */
  weightsPath(): string | undefined {
    const name = weightsName(this.config, this.#finished);
    return name && join(this.folder, secretPaths.weights, name, WEIGHT_FILES.exact);
  }

  /** Stores a proven segment, the next in order. After an ArtifactWriteError, close the run and open it again. */
  finishSegment(index: number, result: SegmentResult): void {
    checkCommitted(this.config, result);
    const { weights } = result;
    const exact = () => weightsPieces(weights, this.#metadata(index));
    this.#finish(index, result, { exact, weights: () => weights });
  }

  /**
   * Stores a proven segment that was trained ahead, the next in order, and takes it out of what is ahead. Its exact weights, which
   * are most of it, are neither read nor written: the file gets another name. As finishSegment otherwise; RunFolderError where what
   * was trained ahead is damaged.
   */
  finishAhead(index: number, proven: Pick<SegmentResult, "proof" | "history">): void {
    const { ahead } = this;
    if (ahead.indices[0] !== index)
      throw new RangeError(`run: segment ${index} is not the first that is trained ahead`);
    const committed = { rows: ahead.rows(index), blindings: ahead.blindings(index) };
    checkBlindings(committed);
    const segment = { ...proven, ...committed, statement: ahead.statement(index) };
    const exact = () => ahead.weightsFile(index);
    this.#finish(index, segment, { exact, weights: () => ahead.weights(index) });
    this.#writing(() => ahead.remove(index));
  }

  /**
   * Writes segments.bin and the manifest once every segment is finished; again, it gives the same bytes.
   * `proofDigest`, the manifest's SHA-256, is what goes on chain.
   */
  publish(): { readonly manifest: Manifest; readonly proofDigest: string; readonly path: string } {
    const total = this.segmentCount;
    if (this.#finished < total)
      throw new RunFolderError({
        file: this.folder,
        problem: `${this.#finished} of ${total} segments are finished`,
        wayOut: "Resume the run first: trainproof prove.",
      });
    refuseStrangers(this.publicFolder, this.config, this.#finished);
    const { R } = this.config.fixedPoint;
    const facts = {
      runId: this.runId,
      configDigest: sha256(encodeConfig(this.config)),
      dataRoot: this.dataRoot(),
      modelCommitment: weightDigest({ ...runParameters(this.config), R }, this.#rows(total - 1)),
    };
    const list = readRecords(this.folder, total);
    const files = [...this.#state.files, fileEntry(SEGMENT_LIST, list)];
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    const root = segmentsRoot(list);
    const manifest = buildManifest(this.config, { ...facts, segmentsRoot: root }, files);
    const bytes = encodeManifest(manifest);
    const path = join(this.publicFolder, MANIFEST);
    this.#writing(() => {
      const { file } = PUBLIC_MODES;
      writeAtomic(this.#files, join(this.publicFolder, SEGMENT_LIST), list, file);
      writeAtomic(this.#files, path, bytes, file);
    });
    return { manifest, proofDigest: hex32(sha256(bytes)), path };
  }

  /** Releases the lock. */
  close(): void {
    this.#lock.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Checks the next segment, and writes it. */
  #finish(
    index: number,
    { statement, proof, rows, blindings, history }: Omit<SegmentResult, "weights">,
    { exact, weights }: { exact: () => WeightsContent["exact"]; weights: () => Weights },
  ): void {
    if (index !== this.#finished || index >= this.segmentCount)
      throw new RangeError(`run: segment ${index} given, ${this.#finished} is next`);
    const file = join(this.publicFolder, segmentPath(index), "statement.bin");
    const weightsIn = index > 0 || committedStart(this.config) ? this.#rows(index - 1) : undefined;
    const context = { runId: this.runId, dataRoot: this.dataRoot(), weightsIn, weightsOut: rows };
    checkSegment(this.config, index, statement, context, file);
    const secret = {
      exact: exact(),
      ...(index === this.segmentCount - 1 && {
        float: encodeFloatWeights(weights(), this.#metadata(index)),
      }),
      blindings,
    };
    const content = { statement, proof, rows, history, weights: secret };
    const { folder, config } = this;
    this.#writing(() => {
      const run = { folder, config, state: this.#state };
      this.#state = storeSegment(this.#files, run, index, content);
      this.#finished = index + 1;
    });
  }

  /** What the weights after a segment say about themselves. */
  #metadata(index: number): WeightsMetadata {
    const { firstStep, steps } = segmentOf(this.config, index)!;
    return { R: this.config.fixedPoint.R, step: firstStep + steps, runId: hex32(this.runId) };
  }

  /** Runs a write; after a failure only openRun knows what is on the disk. */
  #writing(action: () => void): void {
    if (this.#broken)
      throw new RunFolderError({
        file: this.folder,
        problem: "an earlier write failed",
        wayOut: "Open the run again: it goes on where it was finished.",
      });
    this.#broken = true;
    action();
    this.#broken = false;
  }

  /** Row commitments of the weights after a segment; −1: those that the run starts from. */
  #rows(index: number): Uint8Array {
    const path = index < 0 ? WEIGHTS_IN : `${segmentPath(index)}/weights-out.bin`;
    return readFile(join(this.publicFolder, path), WAY_OUT);
  }

  #statement(index: number): Statement {
    const file = join(this.publicFolder, segmentPath(index), "statement.bin");
    const weightsIn = index > 0 || committedStart(this.config) ? this.#rows(index - 1) : undefined;
    const context = {
      runId: this.runId,
      dataRoot: this.dataRoot(),
      weightsIn,
      weightsOut: this.#rows(index),
    };
    return checkSegment(this.config, index, readFile(file, WAY_OUT), context, file);
  }

  #readWeights(name: string): CommittedWeights {
    const folder = join(this.folder, secretPaths.weights, name);
    const exact = join(folder, WEIGHT_FILES.exact);
    const wayOut = "Restore the secret part from a copy, or start a new run.";
    const { weights, metadata } = decodeWeights(readFile(exact, wayOut), exact);
    const blindings = readFile(join(folder, WEIGHT_FILES.blindings), wayOut);
    const rows = this.#rows(this.#finished - 1);
    const step = segmentOf(this.config, this.#finished)?.firstStep ?? this.config.steps;
    const fits =
      weights.widths.join() === this.config.widths.join() &&
      metadata.R === this.config.fixedPoint.R &&
      metadata.runId === hex32(this.runId) &&
      metadata.step === step &&
      blindings.length * 2 === rows.length;
    if (fits) return { weights, rows, blindings };
    throw new RunFolderError({
      file: folder,
      problem: "these weights are not those after the last finished segment of this run",
      wayOut,
    });
  }
}

/**
 * Opens a run folder for writing: locks it, removes what an interruption left, checks what is finished.
 * Errors: ArtifactNotFoundError, RunFolderError, RunLockedError, ArtifactFormatError.
 */
export function openRun(folder: string, files: FileSystem = nodeFiles): Run {
  const path = resolve(folder);
  readFile(join(path, PUBLIC, CONFIG), WAY_OUT); // before a lock is put into a folder that is no run
  const lock = lockFolder(files, path);
  try {
    return new Run(path, files, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}
