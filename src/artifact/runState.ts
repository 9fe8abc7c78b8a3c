import { createHash } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { canonicalBytes } from "./canonicalJson.ts";
import { committedStart, decodeStrict, type PublicConfig, segmentCountOf } from "./config.ts";
import { RunFolderError } from "./errors.ts";
import {
  type FileBytes,
  type FileSystem,
  piecesOf,
  readFile,
  removeTemporaries,
  SECRET_MODES,
  writeAtomic,
  writing,
} from "./files.ts";
import { keepHistory } from "./history.ts";
import {
  CONFIG,
  MANIFEST,
  PUBLIC,
  SAMPLES,
  SEGMENT_FILES,
  SEGMENT_LIST,
  SEGMENTS,
  segmentName,
  segmentPath,
  secretPaths,
  WEIGHT_FILES,
  WEIGHTS_IN,
} from "./layout.ts";
import { type ManifestFile } from "./manifest.ts";
import { recoverRecords } from "./recordFile.ts";
import { Hex32 } from "./planSchema.ts";

const Entry = z.strictObject({
  path: z.string(),
  size: z.number().int().min(0),
  sha256: Hex32,
});

const StateSchema = z.strictObject({
  format: z.literal("trainproof-state/2"),
  runId: Hex32,
  /** Finished public files but the segments', by path, with what they were when finished. */
  files: z.array(Entry),
  /** The kept weights' files, by path in secret/weights. */
  weights: z.array(Entry),
});

/** secret/state.json. */
export type RunState = z.output<typeof StateSchema>;

export const encodeState = (state: RunState): Uint8Array => canonicalBytes(state);

export function writeState(files: FileSystem, folder: string, state: RunState): void {
  writeAtomic(files, join(folder, secretPaths.state), encodeState(state), SECRET_MODES.file);
}

const damaged = (file: string, problem: string, wayOut: string) =>
  new RunFolderError({ file, problem, wayOut });

/** A finished file as the manifest lists it. Not by digest.ts: this runs in Node alone, and weights are large. */
export function fileEntry(path: string, bytes: FileBytes): ManifestFile {
  const hash = createHash("sha256");
  let size = 0;
  for (const piece of piecesOf(bytes)) {
    hash.update(piece);
    size += piece.length;
  }
  return { path, size, sha256: `0x${hash.digest("hex")}` };
}

/** What openRun found and did. */
export interface Recovery {
  readonly state: RunState;
  /** Segments that are finished; the next to prove has this index. */
  readonly finished: number;
  /** What an interrupted write had left, removed. */
  readonly removed: readonly string[];
}

/**
 * Brings a run folder to its last finished state: removes leftovers of interrupted writes and unfinished secrets, adds
 * to the state what was finished just before the interruption, and checks every finished file's digest. A RunFolderError
 * where something finished is missing or altered, or where something is in public/ that does not belong there.
 */
export function recover(files: FileSystem, folder: string, config: PublicConfig): Recovery {
  const publicFolder = join(folder, PUBLIC);
  const segmentsFolder = join(publicFolder, SEGMENTS);
  const weightsFolder = join(folder, secretPaths.weights);
  const removed = [
    folder,
    publicFolder,
    segmentsFolder,
    join(folder, "secret"),
    weightsFolder,
    ...[join(folder, secretPaths.history)].filter((where) => fs.existsSync(where)),
  ].flatMap((where) => removeTemporaries(files, where));
  const statePath = join(folder, secretPaths.state);
  const state = decodeStrict(
    StateSchema,
    readFile(statePath, "The run folder is incomplete."),
    statePath,
  );

  const total = segmentCountOf(config);
  let finished = 0;
  while (finished < total && fs.existsSync(join(segmentsFolder, segmentName(finished)))) finished++;
  refuseStrangers(publicFolder, config, finished);

  const recorded = new Map(state.files.map((entry) => [entry.path, entry]));
  const paths = [CONFIG];
  if (committedStart(config)) paths.push(WEIGHTS_IN);
  if (fs.existsSync(join(publicFolder, SAMPLES))) paths.push(SAMPLES);
  const present = new Set(paths);
  for (const path of recorded.keys())
    if (!present.has(path))
      throw damaged(
        join(publicFolder, path),
        "this finished file is gone",
        "Restore it from a copy, or start a new run.",
      );

  const entryOf = (where: string, path: string, before: ManifestFile | undefined) => {
    const file = join(where, path);
    const entry = fileEntry(path, readFile(file, "Restore it from a copy, or start a new run."));
    if (before !== undefined && before.sha256 !== entry.sha256)
      throw new RunFolderError({
        file,
        problem: "this finished file was altered",
        expected: `${before.size} bytes, SHA-256 ${before.sha256}`,
        actual: `${entry.size} bytes, SHA-256 ${entry.sha256}`,
        wayOut: "Restore it from a copy, or start a new run.",
      });
    return entry;
  };
  const entries = paths.map((path) => entryOf(publicFolder, path, recorded.get(path)));
  if (finished > 0 && !present.has(SAMPLES))
    throw damaged(
      join(publicFolder, SAMPLES),
      "segments are finished, but the sample commitments are gone",
      "Restore the file from a copy, or start a new run.",
    );
  recoverRecords(files, folder, finished);
  keepHistory(files, folder, finished);
  removed.push(...keepWeights(files, weightsFolder, config, finished));
  const before = new Map(state.weights.map((entry) => [entry.path, entry]));
  const weights = weightsPaths(config, finished, before).map((path) =>
    entryOf(weightsFolder, path, before.get(path)),
  );
  const current = { ...state, files: entries, weights };
  const same = (a: readonly ManifestFile[], b: readonly ManifestFile[]) =>
    a.map(({ path }) => path).join() === b.map(({ path }) => path).join();
  if (!same(entries, state.files) || !same(weights, state.weights))
    writeState(files, folder, current);
  return { state: current, finished, removed };
}

/** Name in secret/weights of the weights after `finished` segments; undefined for a public seed's. */
export function weightsName(config: PublicConfig, finished: number): string | undefined {
  if (finished > 0) return segmentName(finished - 1);
  return committedStart(config) ? "start" : undefined;
}

/** The kept weights' files, by path in secret/weights: those that belong there, and what else is recorded, by an older version. */
function weightsPaths(
  config: PublicConfig,
  finished: number,
  recorded: ReadonlyMap<string, unknown>,
): string[] {
  const kept = weightsName(config, finished);
  if (kept === undefined) return [];
  const last = finished === segmentCountOf(config);
  return Object.values(WEIGHT_FILES)
    .map((name) => [name, `${kept}/${name}`] as const)
    .filter(([name, path]) => name !== WEIGHT_FILES.float || last || recorded.has(path))
    .map(([, path]) => path);
}

/** Removes all weights but those after the last finished segment, which must be there. */
export function keepWeights(
  files: FileSystem,
  weightsFolder: string,
  config: PublicConfig,
  finished: number,
): string[] {
  const kept = weightsName(config, finished);
  const found = fs.readdirSync(weightsFolder);
  if (kept !== undefined && !found.includes(kept))
    throw damaged(
      join(weightsFolder, kept),
      "the weights after the last finished segment are gone",
      "Restore the secret part from a copy, or start a new run.",
    );
  const others = found.filter((name) => name !== kept);
  writing(weightsFolder, () => {
    for (const name of others) files.rmSync(join(weightsFolder, name), { recursive: true });
  });
  return others;
}

/** Public means published: nothing may lie there that manifest or segments.bin will not list. */
export function refuseStrangers(
  publicFolder: string,
  config: PublicConfig,
  finished: number,
): void {
  const allowed = new Set<string>([CONFIG, SAMPLES, SEGMENTS, SEGMENT_LIST, MANIFEST]);
  if (committedStart(config)) allowed.add(WEIGHTS_IN);
  for (let index = 0; index < finished; index++) {
    allowed.add(segmentPath(index));
    for (const name of SEGMENT_FILES) allowed.add(`${segmentPath(index)}/${name}`);
  }
  for (const entry of fs.readdirSync(publicFolder, { recursive: true, encoding: "utf8" })) {
    if (allowed.has(entry.replaceAll("\\", "/"))) continue;
    throw damaged(
      join(publicFolder, entry),
      "this is no part of a run, and everything in public/ gets published",
      "Move it elsewhere.",
    );
  }
}
