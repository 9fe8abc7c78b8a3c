import { ArtifactError, ArtifactNotFoundError, ArtifactUnreachableError } from "./errors.ts";
import { plain } from "./files.ts";
import { AddressRefusedError, type HttpAnswer, httpGet } from "./httpGet.ts";
import { MANIFEST } from "./layout.ts";
import { PUBLISHED, type RunSource, type SourceLimits, tooLarge } from "./runSource.ts";

/** URL without credentials or query, for messages: either may hold a secret. */
export const shown = (url: URL): string => `${url.origin}${url.pathname}`;

async function request(start: URL, limits: SourceLimits, signal: AbortSignal): Promise<HttpAnswer> {
  let url = start;
  for (let hops = 0; ; hops++) {
    const answer = await httpGet(url, { signal, allows: limits.allows });
    if (![301, 302, 303, 307, 308].includes(answer.status)) return answer;
    answer.discard();
    const { location } = answer;
    const next = location === undefined ? undefined : URL.parse(location, url.href);
    const allowed =
      next &&
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

/** A public run behind the address of its manifest; `limits.allows` says which hosts may be asked, redirects' too. */
export function httpSource(manifest: URL, limits: SourceLimits): RunSource {
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
        const answer = await request(url, limits, signal);
        if (answer.status < 200 || answer.status > 299) {
          answer.discard();
          const facts = { file, problem: `HTTP status ${answer.status}`, wayOut: PUBLISHED };
          throw answer.status === 404 || answer.status === 410
            ? new ArtifactNotFoundError(facts)
            : new ArtifactUnreachableError(facts);
        }
        if (answer.encoding !== undefined) {
          answer.discard();
          throw new ArtifactUnreachableError({
            file,
            problem: `sent with content encoding ${answer.encoding.slice(0, 40)}, though none was asked for`,
            wayOut: "Ask the publisher to serve the files as they are.",
          });
        }
        return await collect(answer.body, limit, file);
      } catch (error) {
        outer?.throwIfAborted();
        if (error instanceof ArtifactError) throw error;
        throw new ArtifactUnreachableError(
          {
            file,
            problem: timeout.aborted
              ? `no complete answer within ${limits.timeoutMs} ms`
              : `the request failed (${causeOf(error)})`,
            wayOut:
              error instanceof AddressRefusedError
                ? "Publish the files on a host that everybody can reach."
                : "Check the network and the address, then try again.",
          },
          { cause: error },
        );
      }
    },
  };
}

const causeOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error as Error).message;

/** The body, never more than `limit` bytes of it, whatever its headers say. */
async function collect(
  body: AsyncIterable<Uint8Array>,
  limit: number,
  file: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > limit) throw tooLarge(file, limit); // leaving the loop ends the connection
    parts.push(part);
  }
  return plain(Buffer.concat(parts, size));
}
