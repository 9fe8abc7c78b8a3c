import { lookup } from "node:dns";
import http from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";

/** A host that may not be asked. */
export class AddressRefusedError extends Error {
  override readonly name = "AddressRefusedError";
}

export interface HttpAnswer {
  readonly status: number;
  /** Of a redirect. */
  readonly location: string | undefined;
  /** The content's encoding, if it has one though none was asked for. */
  readonly encoding: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the connection; the rest is not read. */
  discard(): void;
}

export interface HttpGetOptions {
  signal: AbortSignal;
  /** Which IP addresses may be asked; all, unless given. */
  allows?: ((address: string) => boolean) | undefined;
}

const refused = (host: string, address: string) =>
  new AddressRefusedError(`${host} has the address ${address}, which may not be asked`);

/** Looks a name up and refuses it if one of its addresses may not be asked: the connection is made to what was checked here. */
const guarded =
  (allows: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const bad = addresses.find(({ address }) => !allows(address));
      if (bad) return callback(refused(hostname, bad.address), []);
      if (options.all === true) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });

/**
 * One GET request, no redirect followed, no cookie or credential sent, no compression asked for. The whole exchange ends with the signal.
 *
 * @throws AddressRefusedError, the signal's reason, or Node's error with its code
 */
export function httpGet(url: URL, { signal, allows }: HttpGetOptions): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    // Node looks no literal address up.
    if (allows && isIP(host) !== 0 && !allows(host)) return reject(refused(host, host));
    const request = (url.protocol === "https:" ? https : http).get(url, {
      signal,
      headers: { "accept-encoding": "identity", "user-agent": "trainproof" },
      // A pooled connection could be one that nobody checked.
      ...(allows && { agent: false as const, lookup: guarded(allows) }),
    });
    request.on("error", reject).on("response", (response) => {
      const { "content-encoding": encoding, location } = response.headers;
      resolve({
        status: response.statusCode ?? 0,
        location,
        encoding: encoding === "identity" ? undefined : encoding,
        body: response,
        discard: () => void response.destroy(),
      });
    });
  });
}
