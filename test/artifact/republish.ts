import fs from "node:fs";
import { join } from "node:path";
import {
  canonicalBytes,
  hex32,
  segmentRecord,
  segmentsRoot,
  sha256,
} from "../../src/artifact/index.ts";

/** A manifest that a test changes as it likes. */
export type Rewritten = Record<string, unknown> & {
  files: { path: string; size: number; sha256: string }[];
};

/** Makes segments.bin fit the files of a public folder's segments. */
export function rewriteList(folder: string): Uint8Array {
  const segments = fs.readdirSync(join(folder, "segments")).filter((name) => /^\d+$/.test(name));
  const records = segments.sort().map((segment) => {
    const read = (name: string) => fs.readFileSync(join(folder, "segments", segment, name));
    return segmentRecord({
      "statement.bin": read("statement.bin"),
      "weights-out.bin": read("weights-out.bin"),
      "proof.bin": read("proof.bin"),
    });
  });
  const list = Buffer.concat(records);
  fs.writeFileSync(join(folder, "segments.bin"), list);
  return list;
}

/** Makes segments.bin and every digest fit what is in a public folder, as a dishonest publisher could; `change` has the last word. */
export function republish(
  folder: string,
  change: (manifest: Rewritten) => unknown = () => undefined,
): void {
  const file = join(folder, "manifest.json");
  const manifest = JSON.parse(fs.readFileSync(file, "utf8")) as Rewritten;
  manifest["segmentsRoot"] = hex32(segmentsRoot(rewriteList(folder)));
  for (const entry of manifest.files) {
    const bytes = fs.readFileSync(join(folder, entry.path));
    entry.size = bytes.length;
    entry.sha256 = hex32(sha256(bytes));
    if (entry.path === "config.json") manifest["configDigest"] = entry.sha256;
  }
  change(manifest);
  fs.writeFileSync(file, canonicalBytes(manifest as never));
}

/** Flips a bit of the last byte of a segment's proof, and nothing else. */
export function flipProof(folder: string, segment: string): void {
  const file = join(folder, "segments", segment, "proof.bin");
  const bytes = fs.readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  fs.writeFileSync(file, bytes);
}
