import { join } from "node:path";
import { type WeightsContent, weightsFiles } from "./committedWeights.ts";
import type { PublicConfig } from "./config.ts";
import { type FileSystem, PUBLIC_MODES, SECRET_MODES, writeFolderAtomic } from "./files.ts";
import { type SegmentHistory, writeHistory } from "./history.ts";
import { PUBLIC, secretPaths, segmentName, segmentPath } from "./layout.ts";
import { appendRecord } from "./recordFile.ts";
import { fileEntry, keepWeights, type RunState, writeState } from "./runState.ts";
import { segmentRecord } from "./segmentList.ts";

/** A checked segment, as its files will be. */
export interface SegmentContent {
  readonly statement: Uint8Array;
  readonly proof: Uint8Array;
  readonly rows: Uint8Array;
  readonly weights: WeightsContent;
  readonly history?: SegmentHistory | undefined;
}

/**
 * Writes the next segment into a run folder. First its secrets, then its public folder in one rename, which is the moment when
 * it counts as finished, then its record and the state; former weights go last. Returns the state. Errors: ArtifactWriteError.
 */
export function storeSegment(
  files: FileSystem,
  run: { readonly folder: string; readonly config: PublicConfig; readonly state: RunState },
  index: number,
  { statement, proof, rows, weights, history }: SegmentContent,
): RunState {
  const { folder, config } = run;
  const name = segmentName(index);
  const weightsFolder = join(folder, secretPaths.weights);
  if (history !== undefined) writeHistory(files, folder, history);
  const secret = weightsFiles(weights);
  writeFolderAtomic(files, join(weightsFolder, name), secret, SECRET_MODES);
  const content = { "proof.bin": proof, "statement.bin": statement, "weights-out.bin": rows };
  const publicPath = join(folder, PUBLIC, segmentPath(index));
  writeFolderAtomic(files, publicPath, Object.entries(content), PUBLIC_MODES);
  appendRecord(files, folder, segmentRecord(content));
  const entries = secret.map(([file, bytes]) => {
    const path = `${name}/${file}`;
    if (!("path" in bytes)) return fileEntry(path, bytes);
    const { size, sha256 } = bytes; // of what was written ahead, whatever the disk made of it since
    return { path, size, sha256 };
  });
  const state = { ...run.state, weights: entries };
  writeState(files, folder, state);
  keepWeights(files, weightsFolder, config, index + 1);
  return state;
}
