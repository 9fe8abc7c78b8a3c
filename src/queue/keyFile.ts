import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { dirname } from "node:path";
import { canonicalBytes, nodeFiles, writeNew, writing } from "../artifact/index.ts";
import { z } from "zod";
import { KeyFileError } from "./errors.ts";

/** A run's key, which its trainer and workers share. */
export interface RunKey {
  /** 0x and 64 digits. */
  readonly runId: string;
  /** 32 secret bytes. */
  readonly key: Uint8Array;
}

const FORMAT = "trainproof-queue-key/1";
const KeyFile = z.strictObject({
  format: z.literal(FORMAT),
  runId: z.string().regex(/^0x[0-9a-f]{64}$/),
  key: z.string().regex(/^[0-9a-f]{64}$/),
});

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "unknown error";

/** Makes a run's key file, mode 0600; it must not exist. Errors: KeyFileError, ArtifactWriteError. */
export function createKeyFile(file: string, runId: string): RunKey {
  const key = randomBytes(32);
  const bytes = canonicalBytes({ format: FORMAT, runId, key: key.toString("hex") });
  try {
    fs.mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writing(file, () => writeNew(nodeFiles, file, bytes, 0o600));
  } catch (error) {
    const cause = (error as Error).cause ?? error;
    if (codeOf(cause) === "EEXIST") throw new KeyFileError(`${file}: there is something already`);
    throw error;
  }
  return { runId, key };
}

/**
 * Reads a run's key file.
 *
 * @throws KeyFileError where it is missing, malformed, or readable by everybody on this machine or writable by its group
 */
export function readKeyFile(file: string): RunKey {
  let text: string;
  try {
    const descriptor = fs.openSync(file, "r");
    try {
      const { mode, size } = fs.fstatSync(descriptor);
      if ((mode & 0o027) !== 0) {
        const octal = (mode & 0o777).toString(8).padStart(4, "0");
        throw new KeyFileError(
          `${file}: its mode is ${octal}, so others can get the run's key; way out: chmod 600 ${file}`,
        );
      }
      if (size > 4096) throw new KeyFileError(`${file}: ${size} bytes; this is no key file`);
      text = fs.readFileSync(descriptor, "utf8");
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof KeyFileError) throw error;
    throw new KeyFileError(
      `${file}: cannot be read (${codeOf(error)}); prove --queue makes the key file of its run`,
      { cause: error },
    );
  }
  const parsed = KeyFile.safeParse(tryJson(text));
  // Nothing of the content goes into a message.
  if (!parsed.success) throw new KeyFileError(`${file}: this is no key file of a trainproof run`);
  return { runId: parsed.data.runId, key: Buffer.from(parsed.data.key, "hex") };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
