import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { RunLockedError } from "./errors.ts";
import { type FileSystem, processExists, writeNew, writing } from "./files.ts";
import { LOCK } from "./layout.ts";

/** A lock about to be taken: .lock-<pid>-<id>. Not removed by others while that process lives. */
const CANDIDATE = ".lock-";

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, where the system tells (Linux): pids are used again. */
  readonly started: string | null;
  readonly id: string;
}

/** Field 22 of /proc/<pid>/stat, counted after the command name, which may hold spaces. */
function processStart(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  if (!processExists(pid)) return false;
  const now = processStart(pid);
  return started === null || now === null || started === now;
}

function readHolder(path: string): { holder: Holder | undefined; text: string } | undefined {
  let text: string;
  try {
    text = fs.readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const value = JSON.parse(text) as Holder;
    const valid = Number.isInteger(value.pid) && value.pid > 0 && typeof value.host === "string";
    return { holder: valid ? value : undefined, text };
  } catch {
    return { holder: undefined, text };
  }
}

/**
 * Locks a run folder against a second writer until release(). The lock file appears with its content (a hard
 * link), so it is never half-written; one whose process is gone is taken over. RunLockedError otherwise.
 */
export function lockFolder(files: FileSystem, folder: string): { release(): void } {
  const path = join(folder, LOCK);
  const id = randomBytes(8).toString("hex");
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    started: processStart(process.pid),
    id,
  };
  const text = JSON.stringify(holder);
  const mine = join(folder, `${CANDIDATE}${process.pid}-${id}`);
  try {
    writing(path, () => writeNew(files, mine, Buffer.from(text), 0o600));
    for (let attempt = 0; ; attempt++) {
      try {
        files.linkSync(mine, path);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST")
          writing(path, () => {
            throw error;
          });
      }
      const found = readHolder(path);
      if (found === undefined) continue; // released meanwhile
      const other = found.holder;
      const stale = other !== undefined && other.host === holder.host && !isAlive(other);
      if (!stale || attempt >= 3)
        throw new RunLockedError({
          file: folder,
          problem: other
            ? `process ${other.pid} on ${other.host} is writing to this run`
            : `the lock ${LOCK} cannot be read`,
          wayOut: `Wait for it or stop it; if it is gone for certain, delete ${LOCK}.`,
        });
      takeAway(files, path, found.text, join(folder, `${CANDIDATE}${process.pid}-${id}-stale`));
    }
  } finally {
    files.rmSync(mine, { force: true });
  }
  for (const name of files.readdirSync(folder)) {
    const pid = /^\.lock-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !processExists(Number(pid)))
      files.rmSync(join(folder, name), { force: true });
  }
  return {
    release() {
      if (readHolder(path)?.text === text) files.rmSync(path, { force: true });
    },
  };
}

/** Removes a stale lock, unless another process has replaced it meanwhile: then puts that one back. */
function takeAway(files: FileSystem, path: string, staleText: string, aside: string): void {
  try {
    files.renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (readHolder(aside)?.text !== staleText) {
    try {
      files.linkSync(aside, path);
    } catch {
      // A third process has the lock by now.
    }
  }
  files.rmSync(aside, { force: true });
}
