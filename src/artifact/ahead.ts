import fs from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { decodeWeights, type Weights, weightsPieces } from "../model/index.ts";
import { canonicalBytes } from "./canonicalJson.ts";
import { checkCommitted, type CommittedWeights, type KnownFile } from "./committedWeights.ts";
import { decodeStrict, type PublicConfig, segmentOf } from "./config.ts";
import { RunFolderError } from "./errors.ts";
import {
  type FileSystem,
  readFile,
  removeTemporaries,
  SECRET_MODES,
  writeAtomic,
  writeFolderAtomic,
  writing,
} from "./files.ts";
import { secretPaths, segmentName, WEIGHT_FILES } from "./layout.ts";
import { Hex32 } from "./planSchema.ts";
import { fileEntry } from "./runState.ts";

/** A segment that is trained and committed, and not yet proven. */
export interface TrainedAhead extends CommittedWeights {
  /** With the digest of W^out. */
  readonly statement: Uint8Array;
  /** How training went and what it cost, as JSON: for whoever finishes the segment. */
  readonly record: unknown;
}

/** What weights.safetensors was when it was written, so that finishing the segment need not read it. */
const NoteSchema = z.strictObject({
  format: z.literal("trainproof-ahead/1"),
  size: z.number().int().min(0),
  sha256: Hex32,
});

const NOTE = "weights.json";
const WAY_OUT =
  "Delete secret/ahead and go on: what was trained ahead is trained, and proven, again.";

const damaged = (file: string, expected: string, actual: string) =>
  new RunFolderError({
    file,
    problem: "these weights were altered since they were trained",
    expected,
    actual,
    wayOut: WAY_OUT,
  });

/**
 * The segments of a run that are trained ahead of those that are finished, in secret/ahead (docs/FILES.md): contiguous from the first
 * unfinished one. Their commitments are kept, so that a proof made elsewhere fits when it comes.
 */
export class AheadSegments {
  readonly #files: FileSystem;
  readonly #folder: string;
  readonly #config: PublicConfig;
  readonly #runId: string;
  readonly #indices: number[] = [];

  /** @internal Use Run.ahead. Removes what is finished and what an interruption left. */
  constructor(
    files: FileSystem,
    run: { folder: string; config: PublicConfig; runId: string; finished: number },
  ) {
    this.#files = files;
    this.#folder = join(run.folder, secretPaths.ahead);
    this.#config = run.config;
    this.#runId = run.runId;
    if (!fs.existsSync(this.#folder)) return;
    removeTemporaries(files, this.#folder);
    const found = new Set(fs.readdirSync(this.#folder));
    for (let index = run.finished; found.delete(segmentName(index)); index++) {
      removeTemporaries(files, this.#pathOf(index));
      this.#indices.push(index);
    }
    // Finished meanwhile, or after a gap, and so of no use.
    for (const name of found)
      writing(this.#folder, () => files.rmSync(join(this.#folder, name), { recursive: true }));
  }

  /** In order. */
  get indices(): readonly number[] {
    return this.#indices;
  }

  has(index: number): boolean {
    return this.#indices.includes(index);
  }

  /** Stores the next segment, as a whole. */
  add(index: number, segment: TrainedAhead): void {
    const last = this.#indices.at(-1);
    if (last !== undefined && index !== last + 1)
      throw new RangeError(`run: segment ${index} trained ahead, ${last + 1} is next`);
    checkCommitted(this.#config, segment);
    const metadata = {
      R: this.#config.fixedPoint.R,
      step: this.#stepAfter(index),
      runId: this.#runId,
    };
    writing(this.#folder, () =>
      this.#files.mkdirSync(this.#folder, { recursive: true, mode: SECRET_MODES.folder }),
    );
    const exact = weightsPieces(segment.weights, metadata);
    const { size, sha256 } = fileEntry(WEIGHT_FILES.exact, exact);
    const content = [
      ["record.json", Buffer.from(JSON.stringify(segment.record))],
      ["statement.bin", segment.statement],
      ["weights-out.bin", segment.rows],
      [WEIGHT_FILES.blindings, segment.blindings],
      [WEIGHT_FILES.exact, exact],
      [NOTE, canonicalBytes({ format: "trainproof-ahead/1", size, sha256 })],
    ] as const;
    writeFolderAtomic(this.#files, this.#pathOf(index), content, SECRET_MODES);
    this.#indices.push(index);
  }

  /** Errors: as weights(). */
  read(index: number): TrainedAhead {
    return {
      weights: this.weights(index),
      rows: this.rows(index),
      blindings: this.blindings(index),
      statement: this.statement(index),
      record: this.record(index),
    };
  }

  /** Errors: RunFolderError where they are not what was added, those of readFile, ModelFileError. */
  weights(index: number): Weights {
    return this.#readWeights(index).weights;
  }

  /** The file with the exact weights. It is read only where an older version wrote it, without a note. */
  weightsFile(index: number): KnownFile {
    const note = this.#note(index);
    if (note === undefined) return this.#readWeights(index).file;
    const path = this.#fileOf(index, WEIGHT_FILES.exact);
    const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size !== note.size) throw damaged(path, `${note.size} bytes`, `${size} bytes`);
    return { path, ...note };
  }

  statement(index: number): Uint8Array {
    return this.#file(index, "statement.bin");
  }

  rows(index: number): Uint8Array {
    return this.#file(index, "weights-out.bin");
  }

  blindings(index: number): Uint8Array {
    return this.#file(index, WEIGHT_FILES.blindings);
  }

  record(index: number): unknown {
    return JSON.parse(Buffer.from(this.#file(index, "record.json")).toString());
  }

  /** A file that was added to a segment; undefined where it was not. */
  extra(index: number, name: AheadExtra): Uint8Array | undefined {
    const path = this.#fileOf(index, name);
    return fs.existsSync(path) ? readFile(path, WAY_OUT) : undefined;
  }

  addExtra(index: number, name: AheadExtra, bytes: Uint8Array): void {
    writeAtomic(this.#files, this.#fileOf(index, name), bytes, SECRET_MODES.file);
  }

  /** Takes a file back. */
  removeExtra(index: number, name: AheadExtra): void {
    const path = this.#fileOf(index, name);
    writing(path, () => this.#files.rmSync(path, { force: true }));
  }

  /** Removes a segment that is finished, the first. */
  remove(index: number): void {
    if (this.#indices[0] !== index) throw new RangeError(`run: segment ${index} is not the first`);
    writing(this.#folder, () =>
      this.#files.rmSync(this.#pathOf(index), { recursive: true, force: true }),
    );
    this.#indices.shift();
    if (this.#indices.length === 0)
      writing(this.#folder, () => this.#files.rmSync(this.#folder, { recursive: true }));
  }

  #readWeights(index: number): { readonly weights: Weights; readonly file: KnownFile } {
    const path = this.#fileOf(index, WEIGHT_FILES.exact);
    const bytes = readFile(path, WAY_OUT);
    const file = fileEntry(path, bytes);
    const note = this.#note(index);
    if (note !== undefined && note.sha256 !== file.sha256)
      throw damaged(path, `SHA-256 ${note.sha256}`, `SHA-256 ${file.sha256}`);
    const { weights, metadata } = decodeWeights(bytes, path);
    if (metadata.runId === this.#runId && metadata.step === this.#stepAfter(index))
      return { weights, file };
    throw new RunFolderError({
      file: this.#pathOf(index),
      problem: "this was trained for another segment or run",
      wayOut: WAY_OUT,
    });
  }

  /** Undefined where an older version trained the segment. */
  #note(index: number): Pick<KnownFile, "size" | "sha256"> | undefined {
    const path = this.#fileOf(index, NOTE);
    if (!fs.existsSync(path)) return undefined;
    const { size, sha256 } = decodeStrict(NoteSchema, readFile(path, WAY_OUT), path, WAY_OUT);
    return { size, sha256 };
  }

  #file(index: number, name: string): Uint8Array {
    return readFile(this.#fileOf(index, name), WAY_OUT);
  }

  #fileOf(index: number, name: string): string {
    return join(this.#pathOf(index), name);
  }

  #stepAfter(index: number): number {
    const { firstStep, steps } = segmentOf(this.#config, index)!;
    return firstStep + steps;
  }

  #pathOf(index: number): string {
    return join(this.#folder, segmentName(index));
  }
}

/** A proof that waits for its turn; and where the segment's proof is being made, for whoever has it made. */
export type AheadExtra = "proof.bin" | "job.json";
