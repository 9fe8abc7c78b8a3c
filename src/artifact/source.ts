import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ArtifactUnreachableError } from "./errors.ts";
import { diskError, folderSource } from "./folderSource.ts";
import { httpSource, shown } from "./httpSource.ts";
import { MANIFEST, PUBLIC } from "./layout.ts";
import type { RunSource, SourceLimits } from "./runSource.ts";

/**
 * Finds out what a source is: a run folder, a public folder, or the file:, http: or https: URL of a
 * manifest.json. ArtifactNotFoundError, or ArtifactUnreachableError for another kind of URL.
 */
export async function openSource(source: string | URL, limits: SourceLimits): Promise<RunSource> {
  const url =
    source instanceof URL ? source : /^[a-z][a-z0-9+.-]+:/i.test(source) ? URL.parse(source) : null;
  if (url?.protocol === "http:" || url?.protocol === "https:") {
    if (url.username || url.password)
      throw new ArtifactUnreachableError({
        file: shown(url),
        problem: "the address holds credentials",
        wayOut: "Give an address without user name and password.",
      });
    return httpSource(url, limits);
  }
  if (limits.allows)
    throw new ArtifactUnreachableError({
      file: String(source),
      problem: "not an http: or https: address, and nothing else is read here",
      wayOut: "Publish the files on a web server, and name their manifest.json.",
    });
  if (url !== null && url.protocol !== "file:")
    throw new ArtifactUnreachableError({
      file: String(source),
      problem: `addresses of the kind ${url.protocol} are not read`,
      wayOut: "Give a folder, or a file:, http: or https: address of manifest.json.",
    });
  if (url !== null && url.host !== "")
    throw new ArtifactUnreachableError({
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
  throw new ArtifactUnreachableError({
    file: String(source),
    problem: `neither a folder nor a ${MANIFEST}`,
    wayOut: "Give a run folder, its public folder, or the address of its manifest.json.",
  });
}

/** The file: URL under which a local manifest can be registered. */
export const manifestUrl = (publicFolder: string): string =>
  pathToFileURL(join(resolve(publicFolder), MANIFEST)).href;
