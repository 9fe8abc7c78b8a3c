import {
  ArtifactError,
  ArtifactFormatError,
  ArtifactNotFoundError,
  ArtifactUnreachableError,
  MANIFEST,
  PUBLIC,
  PUBLISHED,
  type RunSource,
  type SourceLimits,
  tooLarge,
} from "../../../src/artifact/published.ts";
import { isFetchable } from "./fetchable.ts";
import type { NamedFile, Source } from "./messages.ts";

/** The source of a run in a browser. ArtifactNotFoundError or ArtifactFormatError where it is none. */
export const openSource = (source: Source, limits: SourceLimits): RunSource =>
  source.kind === "files" ? fileSource(source.files) : urlSource(source.url, limits);

/**
 * A run among files that the reader gave: a run folder, its public part, or what lies around it. Only files beside the manifest are
 * ever opened, so nothing of secret/.
 */
export function fileSource(files: readonly NamedFile[]): RunSource {
  const byPath = new Map(files.map(({ path, file }) => [path.replace(/^(\.?\/)+/, ""), file]));
  const manifests = [...byPath.keys()].filter((path) => path.split("/").at(-1) === MANIFEST);
  const inPublic = manifests.filter((path) => path.endsWith(`${PUBLIC}/${MANIFEST}`));
  const [manifest, second] = inPublic.length > 0 ? inPublic : manifests;
  if (manifest === undefined)
    throw new ArtifactNotFoundError({
      file: MANIFEST,
      problem: `not among the ${files.length} files`,
      wayOut: "Give the run's folder, or its public folder, whole. An unfinished run has none.",
    });
  if (second !== undefined)
    throw new ArtifactFormatError({
      file: second,
      problem: `a second ${MANIFEST}, beside ${manifest}`,
      wayOut: "Give one run at a time.",
    });
  const folder = manifest.slice(0, -MANIFEST.length);
  return {
    name: manifest,
    nameOf: (path) => folder + path,
    async fetch(path, limit) {
      const name = folder + path;
      const file = byPath.get(name);
      if (file === undefined)
        throw new ArtifactNotFoundError({
          file: name,
          problem: "not among the files",
          wayOut: "Give the run's folder, or its public folder, whole.",
        });
      if (file.size > limit) throw tooLarge(name, limit);
      try {
        return new Uint8Array(await file.arrayBuffer());
      } catch (error) {
        const problem = `cannot be read (${(error as Error).name})`;
        const wayOut = "It may have changed since it was given: give it again.";
        throw new ArtifactUnreachableError({ file: name, problem, wayOut }, { cause: error });
      }
    },
  };
}

/** URL without credentials or query, for messages. */
const shown = (url: URL): string => `${url.origin}${url.pathname}`;

/** A run behind the address of its manifest. The browser follows redirects, and refuses those from https to http. */
export function urlSource(address: string, limits: SourceLimits): RunSource {
  const manifest = URL.parse(address);
  if (manifest === null || !isFetchable(address))
    throw new ArtifactUnreachableError({
      file: address.slice(0, 200),
      problem: "not an http: or https: address, which is all that a browser fetches",
      wayOut: "Get the files another way, and drop them here.",
    });
  const urlOf = (path: string) => (path === MANIFEST ? manifest : new URL(path, manifest));
  return {
    name: shown(manifest),
    nameOf: (path) => shown(urlOf(path)),
    async fetch(path, limit) {
      const file = shown(urlOf(path));
      const timeout = AbortSignal.timeout(limits.timeoutMs);
      try {
        const response = await fetch(urlOf(path), {
          signal: timeout,
          credentials: "omit",
          referrerPolicy: "no-referrer",
        });
        if (!response.ok) throw statusError(response.status, file);
        return await collect(response, limit, file);
      } catch (error) {
        if (error instanceof ArtifactError) throw error;
        const problem = timeout.aborted
          ? `no complete answer within ${limits.timeoutMs} ms`
          : "the request failed";
        const wayOut =
          "The host may be down, or allow no requests from web pages (CORS). Get the files another way, and drop them here.";
        throw new ArtifactUnreachableError({ file, problem, wayOut }, { cause: error });
      }
    },
  };
}

function statusError(status: number, file: string): ArtifactError {
  const facts = { file, problem: `HTTP status ${status}`, wayOut: PUBLISHED };
  return status === 404 || status === 410
    ? new ArtifactNotFoundError(facts)
    : new ArtifactUnreachableError(facts);
}

/** The body, never more than `limit` bytes of it, whatever its headers say. */
async function collect(response: Response, limit: number, file: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part?.value === undefined) break;
    size += part.value.length;
    if (size > limit) {
      await reader?.cancel();
      throw tooLarge(file, limit);
    }
    parts.push(part.value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
