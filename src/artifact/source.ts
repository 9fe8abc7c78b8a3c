import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  ArtifactError,
  ArtifactFormatError,
  ArtifactNotFoundError,
  ArtifactTooLargeError,
  ArtifactUnreachableError,
} from "./errors.ts";
import { plain } from "./files.ts";
import { MANIFEST, PUBLIC } from "./layout.ts";

/** How long and how far a reader goes. */
export interface SourceLimits {
  /** Of the manifest and config.json, in bytes. */
  readonly manifestBytes: number;
  readonly configBytes: number;
  /** Of any other file, and of all of them together. */
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** For one file, from request to last byte. */
  readonly timeoutMs: number;
  readonly redirects: number;
}

export const SOURCE_LIMITS: SourceLimits = {
  manifestBytes: 64 << 20,
  configBytes: 1 << 20,
  fileBytes: 8 * 2 ** 30,
  totalBytes: 64 * 2 ** 30,
  timeoutMs: 120_000,
  redirects: 3,
};

/** Where the files of a public run come from. */
export interface RunSource {
  /** The manifest's name for people. */
  readonly name: string;
  /** A file's name for people; "manifest.json" or a path of the manifest. */
  nameOf(path: string): string;
  /** The bytes of a file; ArtifactTooLargeError beyond `limit`. */
  fetch(path: string, limit: number, signal?: AbortSignal): Promise<Uint8Array>;
}

const tooLarge = (file: string, limit: number) =>
  new ArtifactTooLargeError({
    file,
    problem: `more than the ${limit} bytes that are allowed or announced`,
    wayOut: "Do not use this file; if it is genuine, raise the reader's limits.",
  });

const PUBLISHED = "Check the folder or the claim's URI; the publisher may have moved the files.";

function folderSource(folder: string): RunSource {
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
          throw new ArtifactFormatError({ file, problem: "not a regular file", wayOut: PUBLISHED });
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

function diskError(file: string, error: unknown): ArtifactError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  const options = { cause: error };
  return code === "ENOENT" || code === "ENOTDIR"
    ? new ArtifactNotFoundError({ file, problem: "no such file", wayOut: PUBLISHED }, options)
    : new ArtifactUnreachableError(
        { file, problem: `cannot be read (${code})`, wayOut: "Check its permissions." },
        options,
      );
}

/** URL without credentials or query, for messages: either may hold a secret. */
const shown = (url: URL): string => `${url.origin}${url.pathname}`;

async function request(start: URL, limits: SourceLimits, signal: AbortSignal): Promise<Response> {
  let url = start;
  for (let hops = 0; ; hops++) {
    const response = await fetch(url, { redirect: "manual", signal, credentials: "omit" });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    const target = response.headers.get("location");
    const next = target === null ? undefined : (URL.parse(target, url.href) ?? undefined);
    const allowed =
      next !== undefined &&
      (next.protocol === "https:" || (next.protocol === "http:" && url.protocol === "http:"));
    if (!allowed || hops >= limits.redirects)
      throw new ArtifactUnreachableError({
        file: shown(start),
        problem: allowed
          ? `more than ${limits.redirects} redirects`
          : "redirects to something that is not http(s), or from https to http",
        wayOut: "Ask the publisher for a direct address.",
      });
    url = next;
  }
}

function httpSource(manifest: URL, limits: SourceLimits): RunSource {
  // Relative to the manifest; a query (an access token, say) belongs to the manifest's own address.
  const urlOf = (path: string) => (path === MANIFEST ? manifest : new URL(path, manifest));
  return {
    name: shown(manifest),
    nameOf: (path) => shown(urlOf(path)),
    async fetch(path, limit, outer) {
      const url = urlOf(path);
      const file = shown(url);
      const timeout = AbortSignal.timeout(limits.timeoutMs);
      const signal = outer ? AbortSignal.any([outer, timeout]) : timeout;
      try {
        const response = await request(url, limits, signal);
        if (!response.ok) {
          await response.body?.cancel();
          const facts = { file, problem: `HTTP status ${response.status}`, wayOut: PUBLISHED };
          throw response.status === 404 || response.status === 410
            ? new ArtifactNotFoundError(facts)
            : new ArtifactUnreachableError(facts);
        }
        return await collect(response, limit, file);
      } catch (error) {
        if (error instanceof ArtifactError || outer?.aborted) throw error;
        throw new ArtifactUnreachableError(
          {
            file,
            problem: timeout.aborted
              ? `no complete answer within ${limits.timeoutMs} ms`
              : `the request failed (${causeOf(error)})`,
            wayOut: "Check the network and the address, then try again.",
          },
          { cause: error },
        );
      }
    },
  };
}

function causeOf(error: unknown): string {
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? (error as Error).message;
}

/** The body, never more than `limit` bytes of it, whatever its headers say. */
async function collect(response: Response, limit: number, file: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  if (response.body)
    for await (const part of response.body as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > limit) throw tooLarge(file, limit); // leaving the loop cancels the body
      parts.push(part);
    }
  return plain(Buffer.concat(parts, size));
}

/**
 * Finds out what a source is: a run folder, a public folder, or the file:, http: or https: URL of a
 * manifest.json. ArtifactNotFoundError, or ArtifactFormatError for another kind of URL.
 */
export async function openSource(source: string | URL, limits: SourceLimits): Promise<RunSource> {
  const url =
    source instanceof URL ? source : /^[a-z][a-z0-9+.-]+:/i.test(source) ? URL.parse(source) : null;
  if (url?.protocol === "http:" || url?.protocol === "https:") {
    if (url.username || url.password)
      throw new ArtifactFormatError({
        file: shown(url),
        problem: "the address holds credentials",
        wayOut: "Give an address without user name and password.",
      });
    return httpSource(url, limits);
  }
  if (url !== null && url.protocol !== "file:")
    throw new ArtifactFormatError({
      file: String(source),
      problem: `addresses of the kind ${url.protocol} are not read`,
      wayOut: "Give a folder, or a file:, http: or https: address of manifest.json.",
    });
  if (url !== null && url.host !== "")
    throw new ArtifactFormatError({
      file: url.href,
      problem: "the file: address names a host",
      wayOut: "Give file:///… with a local path.",
    });
  let path: string;
  try {
    path = url ? fileURLToPath(url) : resolve(source as string);
    if ((await stat(path)).isDirectory()) {
      const inside = await stat(join(path, PUBLIC)).catch(() => undefined);
      return folderSource(inside?.isDirectory() ? join(path, PUBLIC) : path);
    }
  } catch (error) {
    throw diskError(String(source), error);
  }
  if (path.endsWith(`/${MANIFEST}`) || path.endsWith(`\\${MANIFEST}`))
    return folderSource(path.slice(0, -MANIFEST.length));
  throw new ArtifactFormatError({
    file: String(source),
    problem: `neither a folder nor a ${MANIFEST}`,
    wayOut: "Give a run folder, its public folder, or the address of its manifest.json.",
  });
}

/** The file: URL under which a local manifest can be registered. */
export const manifestUrl = (publicFolder: string): string =>
  pathToFileURL(join(resolve(publicFolder), MANIFEST)).href;
