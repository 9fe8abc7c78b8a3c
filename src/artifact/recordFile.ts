import { join } from "node:path";
import { equalBytes } from "../protocol/index.ts";
import { hex32 } from "./digest.ts";
import { RunFolderError } from "./errors.ts";
import { type FileSystem, readFile, SECRET_MODES, writeAtomic, writing } from "./files.ts";
import { PUBLIC, secretPaths, segmentPath } from "./layout.ts";
import { RECORD_BYTES, RECORD_FILES, segmentRecord } from "./segmentList.ts";

const pathOf = (folder: string) => join(folder, secretPaths.segments);
const RESTORE = "Restore it from a copy, or start a new run.";

/** Adds a finished segment's record to secret/segments.bin: 96 bytes are written, however many there are. */
export function appendRecord(files: FileSystem, folder: string, record: Uint8Array): void {
  const path = pathOf(folder);
  writing(path, () => {
    const descriptor = files.openSync(path, "a", SECRET_MODES.file);
    try {
      for (let done = 0; done < record.length;)
        done += files.writeSync(descriptor, record, done, record.length - done);
      files.fsyncSync(descriptor);
    } finally {
      files.closeSync(descriptor);
    }
  });
}

/** The records of `count` finished segments. */
export function readRecords(folder: string, count: number): Uint8Array {
  const file = pathOf(folder);
  const bytes = readFile(file, RESTORE);
  if (bytes.length === count * RECORD_BYTES) return bytes;
  throw new RunFolderError({
    file,
    problem: "the list has changed since the run was opened",
    expected: `${count * RECORD_BYTES} bytes`,
    actual: `${bytes.length} bytes`,
    wayOut: "Let nothing else write to the run folder, and open the run again.",
  });
}

/** What an interruption left whole: a record that was being written is short, or has no bytes but zeros. */
function wholeRecords(bytes: Uint8Array): Uint8Array {
  let length = bytes.length - (bytes.length % RECORD_BYTES);
  const last = () => bytes.subarray(length - RECORD_BYTES, length);
  while (length > 0 && last().every((byte) => byte === 0)) length -= RECORD_BYTES;
  return bytes.subarray(0, length);
}

/**
 * Brings the list to the finished segments: compares every file with its record, and adds those of segments that were finished just
 * before an interruption. A RunFolderError where a file is altered, or a segment gone.
 */
export function recoverRecords(files: FileSystem, folder: string, finished: number): void {
  const path = pathOf(folder);
  const found = readFile(path, RESTORE);
  const known = wholeRecords(found);
  const fileOf = (index: number, name: string) => join(folder, PUBLIC, segmentPath(index), name);
  if (known.length > finished * RECORD_BYTES)
    throw new RunFolderError({
      file: fileOf(finished, ""),
      problem: "the files of this finished segment are gone",
      wayOut: RESTORE,
    });
  const list = new Uint8Array(finished * RECORD_BYTES);
  for (let index = 0; index < finished; index++) {
    const at = index * RECORD_BYTES;
    const read = (name: string) => readFile(fileOf(index, name), RESTORE);
    const record = segmentRecord({
      "statement.bin": read("statement.bin"),
      "weights-out.bin": read("weights-out.bin"),
      "proof.bin": read("proof.bin"),
    });
    list.set(record, at);
    if (at >= known.length) continue;
    for (const [i, name] of RECORD_FILES.entries()) {
      const [before, now] = [known.subarray(at), record].map((bytes) =>
        bytes.subarray(32 * i, 32 * (i + 1)),
      );
      if (equalBytes(before!, now!)) continue;
      throw new RunFolderError({
        file: fileOf(index, name),
        problem: "this finished file was altered",
        expected: `SHA-256 ${hex32(before!)}`,
        actual: `SHA-256 ${hex32(now!)}`,
        wayOut: RESTORE,
      });
    }
  }
  if (!equalBytes(found, list)) writeAtomic(files, path, list, SECRET_MODES.file);
}
