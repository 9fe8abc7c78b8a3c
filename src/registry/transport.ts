import { fallback, http, type Transport } from "viem";
import { RegistryError } from "./errors.ts";

/** The endpoints that a text names: one, or several between commas. */
export function rpcUrlsOf(text: string): string[] {
  const urls = text
    .split(",")
    .map((url) => url.trim())
    .filter((url) => url !== "");
  if (urls.length > 0 && urls.every((url) => /^https?:\/\//.test(url) && URL.canParse(url))) {
    return urls;
  }
  throw new RegistryError("usage", "the RPC endpoint is not an http(s) URL; see --rpc");
}

/** Milliseconds for one answer of a node. */
const defaultTimeout = 20_000;

/**
 * One endpoint, asked up to three times; of several the first that answers, each asked once a round: a node that is down must not
 * hold up those that are not.
 */
export function rpcTransport(urls: readonly string[], timeout = defaultTimeout): Transport {
  const [only] = urls;
  if (only !== undefined && urls.length === 1) return http(only, { retryCount: 2, timeout });
  const each = urls.map((url) => http(url, { retryCount: 0, timeout }));
  return fallback(each, { retryCount: 2 });
}
