import fs from "node:fs";
import { join } from "node:path";
import { decodeWeights, encodeWeights } from "../model/index.ts";
import { checkCommitted, type CommittedWeights } from "./committedWeights.ts";
import { type PublicConfig, segmentOf } from "./config.ts";
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

/** A segment that is trained and committed, and not yet proven. */
export interface TrainedAhead extends CommittedWeights {
  /** With the digest of W^out. */
  readonly statement: Uint8Array;
  /** How training went and what it cost, as JSON: for whoever finishes the segment. */
  readonly record: unknown;
}

const WAY_OUT =
  "Delete secret/ahead and go on: what was trained ahead is trained, and proven, again.";

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
    const content = [
      ["record.json", Buffer.from(JSON.stringify(segment.record))],
      ["statement.bin", segment.statement],
      ["weights-out.bin", segment.rows],
      [WEIGHT_FILES.blindings, segment.blindings],
      [WEIGHT_FILES.exact, encodeWeights(segment.weights, metadata)],
    ] as const;
    writeFolderAtomic(this.#files, this.#pathOf(index), content, SECRET_MODES);
    this.#indices.push(index);
  }

  /** Errors: RunFolderError, those of readFile, ModelFileError. */
  read(index: number): TrainedAhead {
    const folder = this.#pathOf(index);
    const file = (name: string) => readFile(join(folder, name), WAY_OUT);
    const exact = join(folder, WEIGHT_FILES.exact);
    const { weights, metadata } = decodeWeights(file(WEIGHT_FILES.exact), exact);
    if (metadata.runId !== this.#runId || metadata.step !== this.#stepAfter(index))
      throw new RunFolderError({
        file: folder,
        problem: "this was trained for another segment or run",
        wayOut: WAY_OUT,
      });
    return {
      weights,
      rows: file("weights-out.bin"),
      blindings: file(WEIGHT_FILES.blindings),
      statement: file("statement.bin"),
      record: JSON.parse(Buffer.from(file("record.json")).toString()) as unknown,
    };
  }

  statement(index: number): Uint8Array {
    return readFile(join(this.#pathOf(index), "statement.bin"), WAY_OUT);
  }

  rows(index: number): Uint8Array {
    return readFile(join(this.#pathOf(index), "weights-out.bin"), WAY_OUT);
  }

  /** A file that was added to a segment; undefined where it was not. */
  extra(index: number, name: AheadExtra): Uint8Array | undefined {
    const path = join(this.#pathOf(index), name);
    return fs.existsSync(path) ? readFile(path, WAY_OUT) : undefined;
  }

  addExtra(index: number, name: AheadExtra, bytes: Uint8Array): void {
    writeAtomic(this.#files, join(this.#pathOf(index), name), bytes, SECRET_MODES.file);
  }

  /** Takes a file back. */
  removeExtra(index: number, name: AheadExtra): void {
    const path = join(this.#pathOf(index), name);
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
