import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { ArtifactError, ArtifactNotFoundError, ArtifactUnreachableError } from "./errors.ts";
import { MANIFEST } from "./layout.ts";
import { PUBLISHED, type RunSource, tooLarge } from "./runSource.ts";

/** A public run in a folder of this machine. */
export function folderSource(folder: string): RunSource {
  return {
    name: join(folder, MANIFEST),
    nameOf: (path) => join(folder, path),
    async fetch(path, limit, signal) {
      const file = join(folder, path);
      signal?.throwIfAborted();
      let handle;
      try {
        // A named pipe must not make the reader wait for ever.
        handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
        const facts = await handle.stat();
        if (!facts.isFile())
          throw new ArtifactUnreachableError({
            file,
            problem: "not a regular file",
            wayOut: PUBLISHED,
          });
        if (facts.size > limit) throw tooLarge(file, limit);
        const bytes = new Uint8Array(facts.size);
        for (let done = 0; done < bytes.length;) {
          signal?.throwIfAborted();
          const size = Math.min(bytes.length - done, 1 << 26);
          const { bytesRead } = await handle.read(bytes, done, size, done);
          if (bytesRead === 0) return bytes.subarray(0, done);
          done += bytesRead;
        }
        return bytes;
      } catch (error) {
        if (error instanceof ArtifactError || signal?.aborted) throw error;
        throw diskError(file, error);
      } finally {
        await handle?.close();
      }
    },
  };
}

/** What a failed read of the disk says about the file. */
export function diskError(file: string, error: unknown): ArtifactError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  const options = { cause: error };
  return code === "ENOENT" || code === "ENOTDIR"
    ? new ArtifactNotFoundError({ file, problem: "no such file", wayOut: PUBLISHED }, options)
    : new ArtifactUnreachableError(
        { file, problem: `cannot be read (${code})`, wayOut: "Check its permissions." },
        options,
      );
}
