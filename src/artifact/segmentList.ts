import { keccak256, MerkleTree, u64 } from "../protocol/index.ts";
import { hex32, sha256 } from "./digest.ts";
import { ArtifactMismatchError } from "./errors.ts";
import type { SEGMENT_FILES } from "./layout.ts";

/** A file of a segment's folder. */
export type SegmentFile = (typeof SEGMENT_FILES)[number];

/** Bytes of a segment's record: SHA-256 of statement.bin ‖ weights-out.bin ‖ proof.bin. */
export const RECORD_BYTES = 96;
/** The files of a record, in its order. */
export const RECORD_FILES: readonly SegmentFile[] = [
  "statement.bin",
  "weights-out.bin",
  "proof.bin",
];

/** The record of a segment's files. */
export function segmentRecord(files: Readonly<Record<SegmentFile, Uint8Array>>): Uint8Array {
  const record = new Uint8Array(RECORD_BYTES);
  RECORD_FILES.forEach((name, i) => record.set(sha256(files[name]), 32 * i));
  return record;
}

const ROOT = new TextEncoder().encode("trainproof-run/2/segments-root");

/**
 * The Merkle root of segments.bin (docs/FILES.md), which binds the number of segments and each one's place. A RangeError for
 * bytes that are no positive whole number of records.
 */
export function segmentsRoot(list: Uint8Array): Uint8Array {
  const tree = new MerkleTree("trainproof-run/2/segment-leaf", "trainproof-run/2/segment-node");
  for (let at = 0; at < list.length; at += RECORD_BYTES)
    tree.append(list.subarray(at, at + RECORD_BYTES));
  if (list.length % RECORD_BYTES !== 0)
    throw new RangeError(`segmentsRoot: ${list.length} bytes are no multiple of ${RECORD_BYTES}`);
  return keccak256(ROOT, u64(tree.count), tree.top());
}

/** segments.bin whose root was found right. */
export class SegmentList {
  readonly #bytes: Uint8Array;

  /**
   * @param bytes - 96 a segment; must not change afterwards.
   * @param expected - what must agree: the number of segments, and the manifest's segmentsRoot. ArtifactMismatchError otherwise.
   */
  constructor(bytes: Uint8Array, expected: { count: number; root: string }, file: string) {
    const need = (problem: string, wanted: string, actual: string) => {
      if (wanted === actual) return;
      throw new ArtifactMismatchError({
        file,
        problem,
        expected: wanted,
        actual,
        wayOut: "The publisher must write the run again with trainproof.",
      });
    };
    const size = expected.count * RECORD_BYTES;
    need("the list is not one of the run's segments", `${size} bytes`, `${bytes.length} bytes`);
    need("the list has not the manifest's segmentsRoot", expected.root, hex32(segmentsRoot(bytes)));
    this.#bytes = bytes;
  }

  /** SHA-256 of a segment's file, 0x and 64 digits. */
  digest(index: number, name: SegmentFile): string {
    const at = RECORD_BYTES * index + 32 * RECORD_FILES.indexOf(name);
    return hex32(this.#bytes.subarray(at, at + 32));
  }
}
