import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { join, resolve } from "node:path";
import { encodeWeights } from "../model/index.ts";
import { weightDigest } from "../protocol/index.ts";
import { checkCommitted, type CommittedWeights } from "./committedWeights.ts";
import {
  committedStart,
  decodeConfig,
  encodeConfig,
  type PublicConfig,
  runParameters,
} from "./config.ts";
import { hex32 } from "./digest.ts";
import { RunFolderError } from "./errors.ts";
import {
  type FileSystem,
  type FolderContent,
  makeParents,
  nodeFiles,
  PUBLIC_MODES,
  removeAbandoned,
  SECRET_MODES,
  writeFolderAtomic,
} from "./files.ts";
import {
  CONFIG,
  PUBLIC,
  SECRET,
  secretPaths,
  SEGMENTS,
  WEIGHT_FILES,
  WEIGHTS_IN,
} from "./layout.ts";
import type { ManifestFile } from "./manifest.ts";
import { openRun, type Run } from "./run.ts";
import { encodeState, fileEntry, type RunState } from "./runState.ts";

export interface CreateRunOptions {
  /** Must not exist, or be empty. */
  readonly folder: string;
  readonly config: PublicConfig;
  /** For a run without a seed: the weights that it starts from, the parent's last or undisclosed ones. */
  readonly start?: CommittedWeights;
  /** Default: fresh from the system's CSPRNG. Give both to commit the same data set again. */
  readonly data?: { readonly key: Uint8Array; readonly nonce: Uint8Array };
  readonly files?: FileSystem;
}

/**
 * Creates a run folder, complete or not at all, with fresh run id, data key and nonce, and opens it.
 * Errors: RunFolderError where the folder holds something, ArtifactWriteError.
 */
export function createRun(options: CreateRunOptions): Run {
  const { config, start, files = nodeFiles } = options;
  const folder = resolve(options.folder);
  if (
    fs.existsSync(folder) &&
    (!fs.statSync(folder).isDirectory() || fs.readdirSync(folder).length > 0)
  )
    throw new RunFolderError({
      file: options.folder,
      problem: "there is something already",
      wayOut: fs.existsSync(join(folder, PUBLIC, CONFIG))
        ? "It is a run: resume it, or name another folder."
        : "Name a new folder.",
    });
  const committed = committedStart(config);
  if ((committed === undefined) !== (start === undefined))
    throw new RangeError("createRun: weights are needed exactly where the start is no seed");
  const key = options.data?.key ?? randomBytes(32);
  const nonce = options.data?.nonce ?? randomBytes(32);
  if (key.length !== 32 || nonce.length !== 32)
    throw new RangeError("createRun: the data key and nonce have 32 bytes each");
  const runId = hex32(randomBytes(32));
  const configBytes = encodeConfig(config);
  decodeConfig(configBytes, CONFIG); // what could not be read back is not written

  const publicPart: [string, Uint8Array][] = [[CONFIG, configBytes]];
  const weights: ManifestFile[] = [];
  const secretPart: (readonly [string, Uint8Array | undefined])[] = [];
  if (start !== undefined && committed !== undefined) {
    checkCommitted(config, start);
    const { R } = config.fixedPoint;
    const digest = hex32(weightDigest({ ...runParameters(config), R }, start.rows));
    if (digest !== committed.modelCommitment)
      throw new RunFolderError({
        file: options.folder,
        problem: "the start weights are not those of the model commitment",
        expected: committed.modelCommitment,
        actual: digest,
        wayOut:
          "Take weights, rows and commitment from the same parent run; kappa and R must be its own.",
      });
    publicPart.push([WEIGHTS_IN, start.rows]);
    const startFolder = join(secretPaths.weights, "start");
    secretPart.push([startFolder, undefined]);
    const startFiles = [
      [WEIGHT_FILES.exact, encodeWeights(start.weights, { R, step: 0, runId })],
      [WEIGHT_FILES.blindings, start.blindings],
    ] as const;
    for (const [name, bytes] of startFiles) {
      secretPart.push([join(startFolder, name), bytes]);
      weights.push(fileEntry(`start/${name}`, bytes));
    }
  }
  const state: RunState = {
    format: "trainproof-state/2",
    runId,
    files: publicPart.map(([path, bytes]) => fileEntry(path, bytes)),
    weights,
  };
  const inPublic = publicPart.map(([path, bytes]) => [join(PUBLIC, path), bytes] as const);
  const secret = (path: string, bytes: Uint8Array | undefined) =>
    [path, bytes, SECRET_MODES] as const;
  const content = [
    [PUBLIC],
    [join(PUBLIC, SEGMENTS)],
    ...inPublic,
    secret(SECRET, undefined),
    secret(secretPaths.weights, undefined),
    secret(secretPaths.history, undefined),
    ...secretPart.map(([path, bytes]) => secret(path, bytes)),
    secret(secretPaths.dataKey, key),
    secret(secretPaths.dataNonce, nonce),
    secret(secretPaths.segments, new Uint8Array(0)),
    secret(secretPaths.state, encodeState(state)),
  ] as unknown as FolderContent;
  makeParents(files, folder);
  removeAbandoned(files, folder);
  writeFolderAtomic(files, folder, content, PUBLIC_MODES);
  return openRun(folder, files);
}
