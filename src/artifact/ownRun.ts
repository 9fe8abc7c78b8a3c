import fs from "node:fs";
import { join, resolve } from "node:path";
import { decodeConfig, type PublicConfig, segmentCountOf } from "./config.ts";
import { hex32, sha256 } from "./digest.ts";
import { readFile } from "./files.ts";
import { readHistory, type RunHistory } from "./history.ts";
import { CONFIG, MANIFEST, PUBLIC, SECRET, SEGMENTS, segmentName, TEMPORARY } from "./layout.ts";
import { decodeManifest, type Manifest } from "./manifest.ts";

/** A file of a run folder. */
export interface OwnFile {
  /** Relative to the run folder. */
  readonly path: string;
  readonly size: number;
}

/** A run folder as its owner sees it: for reports, and only to be looked at. */
export interface OwnRun {
  readonly folder: string;
  readonly config: PublicConfig;
  /** Finished segments, of all. */
  readonly finished: number;
  readonly segments: number;
  /** Once it is published. */
  readonly published?: { readonly manifest: Manifest; readonly proofDigest: string };
  /** Secret. */
  readonly history: RunHistory;
  readonly publicFiles: readonly OwnFile[];
  readonly secretFiles: readonly OwnFile[];
}

const WAY_OUT = "Name a run folder that trainproof prove created.";

/**
 * Looks at a run folder without locking or changing it, so also while it is being proven.
 * Errors: ArtifactNotFoundError, ArtifactFormatError, RunFolderError.
 */
export function readOwnRun(folder: string): OwnRun {
  const root = resolve(folder);
  const configPath = join(root, PUBLIC, CONFIG);
  const config = decodeConfig(readFile(configPath, WAY_OUT), configPath);
  const segments = segmentCountOf(config);
  const finishedIn = join(root, PUBLIC, SEGMENTS);
  let finished = 0;
  while (finished < segments && fs.existsSync(join(finishedIn, segmentName(finished)))) finished++;
  const manifestPath = join(root, PUBLIC, MANIFEST);
  const bytes = fs.existsSync(manifestPath) ? readFile(manifestPath, WAY_OUT) : undefined;
  const history = readHistory(root);
  return {
    folder: root,
    config,
    finished,
    segments,
    ...(bytes && {
      published: {
        manifest: decodeManifest(bytes, manifestPath),
        proofDigest: hex32(sha256(bytes)),
      },
    }),
    // A segment that is being finished right now has its record first.
    history: { ...history, segments: history.segments.filter(({ segment }) => segment < finished) },
    publicFiles: filesBelow(root, PUBLIC),
    secretFiles: filesBelow(root, SECRET),
  };
}

function filesBelow(root: string, part: string): OwnFile[] {
  const names = fs.readdirSync(join(root, part), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => !name.includes(TEMPORARY))
    .sort()
    .flatMap((name) => {
      const stat = fs.statSync(join(root, part, name), { throwIfNoEntry: false });
      const path = `${part}/${name.replaceAll("\\", "/")}`;
      return stat?.isFile() ? [{ path, size: stat.size }] : [];
    });
}
