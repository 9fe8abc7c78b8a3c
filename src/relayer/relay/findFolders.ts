import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { isAnnouncement } from "../../artifact/index.ts";

/** A folder with something to relay. */
export interface FoundFolder {
  kind: "run" | "announcement";
  path: string;
  /** Another where its content has changed. */
  fingerprint: string;
}

/** A run is finished once its manifest is there: it is written last, and as a whole (docs/FILES.md). */
const finished = path.join("public", "manifest.json");

function fingerprintOf(file: string): string | undefined {
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts?.isFile() ? `${facts.ino}:${facts.size}:${facts.mtimeMs}` : undefined;
}

/**
 * The finished runs and the announcements directly in a folder, by name; whatever else is there is none of ours. Hidden folders are
 * what somebody is about to write.
 *
 * Errors: those of node:fs where the folder cannot be listed.
 */
export function findFolders(folder: string): FoundFolder[] {
  const found: FoundFolder[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (name.startsWith(".")) continue;
    const at = path.join(folder, name);
    if (!statSync(at, { throwIfNoEntry: false })?.isDirectory()) continue;
    const run = fingerprintOf(path.join(at, finished));
    if (run !== undefined) found.push({ kind: "run", path: at, fingerprint: run });
    else if (isAnnouncement(at)) {
      const fingerprint = fingerprintOf(path.join(at, "announcement.json")) ?? "";
      found.push({ kind: "announcement", path: at, fingerprint });
    }
  }
  return found;
}
