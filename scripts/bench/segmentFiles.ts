import { readFileSync } from "node:fs";
import path from "node:path";
import { nodeFiles, writeAtomic } from "../../src/artifact/index.ts";

/** What a verifier gets of one segment. */
export interface SegmentFiles {
  readonly statement: Uint8Array;
  readonly proof: Uint8Array;
  readonly weightsOut: Uint8Array;
  /** Empty for a start from a seed. */
  readonly weightsIn: Uint8Array;
  readonly samples: Uint8Array;
}

const fileOf = (folder: string, name: string) => path.join(folder, `${name}.bin`);

/** Writes some of a segment's files, each durable before the next, as run folders do. */
export function writeSegmentFiles(folder: string, files: Partial<SegmentFiles>): void {
  for (const [name, bytes] of Object.entries(files))
    writeAtomic(nodeFiles, fileOf(folder, name), bytes, 0o644);
}

export function readSegmentFiles(folder: string): SegmentFiles {
  const read = (name: keyof SegmentFiles) => new Uint8Array(readFileSync(fileOf(folder, name)));
  return {
    statement: read("statement"),
    proof: read("proof"),
    weightsOut: read("weightsOut"),
    weightsIn: read("weightsIn"),
    samples: read("samples"),
  };
}
