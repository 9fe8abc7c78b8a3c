import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { open, rename } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ArtifactNotFoundError, ArtifactUnreachableError, ArtifactWriteError } from "./errors.ts";
import { TEMPORARY } from "./layout.ts";

/** The operations that writing needs: node:fs, or in tests one that fails at a chosen call. */
export type FileSystem = Pick<
  typeof fs,
  | "openSync"
  | "writeSync"
  | "fsyncSync"
  | "closeSync"
  | "renameSync"
  | "mkdirSync"
  | "rmSync"
  | "linkSync"
  | "readdirSync"
>;

export const nodeFiles: FileSystem = fs;

/** Modes of the secret part: the owner alone. */
export const SECRET_MODES = { folder: 0o700, file: 0o600 } as const;
export const PUBLIC_MODES = { folder: 0o755, file: 0o644 } as const;
export type Modes = { readonly folder: number; readonly file: number };

/** Runs a write; a failure becomes an ArtifactWriteError that names the file and the way out. */
export function writing<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ArtifactWriteError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    const full = code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
    throw new ArtifactWriteError(
      {
        file,
        problem: full ? `the disk or quota is full (${code})` : `cannot be written (${code})`,
        wayOut: full
          ? "Free space and resume: what was finished is kept."
          : "Check the folder and its permissions, then resume: what was finished is kept.",
      },
      { cause: error },
    );
  }
}

/** Makes a folder's entries durable. */
export function syncFolder(files: FileSystem, folder: string): void {
  const descriptor = files.openSync(folder, "r");
  try {
    files.fsyncSync(descriptor);
  } finally {
    files.closeSync(descriptor);
  }
}

/** A file's bytes, in one piece or several. */
export type FileBytes = Uint8Array | readonly Uint8Array[];

export const piecesOf = (bytes: FileBytes): readonly Uint8Array[] =>
  bytes instanceof Uint8Array ? [bytes] : bytes;

/** Writes a new file and makes it durable; it must not exist. */
export function writeNew(files: FileSystem, path: string, bytes: FileBytes, mode: number): void {
  const descriptor = files.openSync(path, "wx", mode);
  try {
    for (const piece of piecesOf(bytes))
      for (let done = 0; done < piece.length;)
        done += files.writeSync(descriptor, piece, done, piece.length - done);
    files.fsyncSync(descriptor);
  } finally {
    files.closeSync(descriptor);
  }
}

/** .tmp-<pid>-<random>-<name> beside the path. */
const temporaryPath = (path: string): string =>
  join(
    dirname(path),
    `${TEMPORARY}${process.pid}-${randomBytes(6).toString("hex")}-${basename(path)}`,
  );

/** Whether a process exists, ours or not. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Removes what killed processes left beside a path when they were about to create it. */
export function removeAbandoned(files: FileSystem, path: string): void {
  const folder = dirname(path);
  writing(folder, () => {
    for (const name of files.readdirSync(folder)) {
      const match = /^\.tmp-(\d+)-[0-9a-f]{12}-(.*)$/.exec(name);
      if (match?.[2] === basename(path) && !processExists(Number(match[1])))
        files.rmSync(join(folder, name), { recursive: true, force: true });
    }
  });
}

/** Removes what a failed write left, if it can; the failure itself is what counts. */
function discard(files: FileSystem, path: string): void {
  try {
    files.rmSync(path, { recursive: true, force: true });
  } catch {
    // A later openRun removes it.
  }
}

/** Writes a temporary file beside the path, has it put there, and makes both durable; nothing of it stays where that fails. */
function writeWhole(
  files: FileSystem,
  path: string,
  [bytes, mode]: [Uint8Array, number],
  put: (temporary: string) => void,
): void {
  const temporary = temporaryPath(path);
  writing(path, () => {
    try {
      writeNew(files, temporary, bytes, mode);
      put(temporary);
    } catch (error) {
      discard(files, temporary);
      throw error;
    }
    syncFolder(files, dirname(path));
  });
}

/** Replaces a file as a whole: at any moment it has its former content or the new one, durably. */
export const writeAtomic = (
  files: FileSystem,
  path: string,
  bytes: Uint8Array,
  mode: number,
): void => writeWhole(files, path, [bytes, mode], (temporary) => files.renameSync(temporary, path));

/** Writes a file that must not exist yet, complete and durable, or not at all. Errors: ArtifactWriteError, also where something is there. */
export const writeNewAtomic = (
  files: FileSystem,
  path: string,
  bytes: Uint8Array,
  mode: number,
): void =>
  writeWhole(files, path, [bytes, mode], (temporary) => {
    files.linkSync(temporary, path); // unlike a rename it fails where there is something
    discard(files, temporary);
  });

/** Writes as writeAtomic does, beside what this thread does meanwhile. Errors: Node's own. */
export async function writeAtomicAsync(
  path: string,
  bytes: Uint8Array,
  mode: number,
): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const file = await open(temporary, "wx", mode);
    try {
      for (let done = 0; done < bytes.length;)
        done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    discard(nodeFiles, temporary);
    throw error;
  }
  await using folder = await open(dirname(path), "r");
  await folder.sync();
}

/** Creates the folders above a path that are missing, for a run or an announcement that is new. */
export function makeParents(files: FileSystem, path: string): void {
  writing(path, () => files.mkdirSync(dirname(resolve(path)), { recursive: true }));
}

/** A whole and durable file that gets another name; nothing may write into it later. */
export interface ExistingFile {
  readonly path: string;
}

/** What a hard link fails with where the file system has none, or not between these two places. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK"]);

/** Gives a file another name; where it cannot have one, writes a copy. */
function linkOrCopy(files: FileSystem, from: string, path: string, mode: number): void {
  try {
    files.linkSync(from, path);
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    writeNew(files, path, fs.readFileSync(from), mode);
  }
}

/** Folders (without content) and files to write, relative to their folder, parents first. */
export type FolderContent = readonly (readonly [
  path: string,
  content?: FileBytes | ExistingFile,
  modes?: Modes,
])[];

/** Creates a folder with its content as a whole: it exists complete and durable, or not at all. */
export function writeFolderAtomic(
  files: FileSystem,
  path: string,
  content: FolderContent,
  modes: Modes,
): void {
  const temporary = temporaryPath(path);
  writing(path, () => {
    try {
      files.mkdirSync(temporary, { mode: modes.folder });
      const folders = [temporary];
      for (const [name, file, own = modes] of content) {
        const target = join(temporary, name);
        if (file === undefined) {
          files.mkdirSync(target, { mode: own.folder });
          folders.push(target);
        } else if ("path" in file) linkOrCopy(files, file.path, target, own.file);
        else writeNew(files, target, file, own.file);
      }
      for (const folder of folders.reverse()) syncFolder(files, folder);
      files.renameSync(temporary, path);
    } catch (error) {
      discard(files, temporary);
      throw error;
    }
    syncFolder(files, dirname(path));
  });
}

/** Removes leftovers of interrupted writes from a folder, not below it. */
export function removeTemporaries(files: FileSystem, folder: string): string[] {
  return writing(folder, () => {
    const left = files.readdirSync(folder).filter((name) => name.startsWith(TEMPORARY));
    for (const name of left) files.rmSync(join(folder, name), { recursive: true, force: true });
    return left;
  });
}

/** A Buffer as the Uint8Array that it is: Buffer.slice shares memory, Uint8Array.slice copies. */
export const plain = ({ buffer, byteOffset, byteLength }: Buffer): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Reads a whole file; ArtifactNotFoundError or ArtifactUnreachableError where it cannot. */
export function readFile(path: string, wayOut: string): Uint8Array {
  try {
    return plain(fs.readFileSync(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    const options = { cause: error };
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new ArtifactNotFoundError({ file: path, problem: "no such file", wayOut }, options);
    throw new ArtifactUnreachableError(
      { file: path, problem: `cannot be read (${code})`, wayOut },
      options,
    );
  }
}
