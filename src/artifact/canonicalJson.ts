/** Values that JSON can hold without loss; a key whose value is undefined is absent. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Canonical JSON: keys sorted by code unit, no white space, numbers only as safe integers; so equal values have
 * equal bytes and digests. UTF-8, no final newline.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "number" && !Number.isSafeInteger(value))
    throw new RangeError(`canonicalJson: ${value} is not a safe integer`);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value as Record<string, Json | undefined>).filter(
    (entry): entry is [string, Json] => entry[1] !== undefined,
  );
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}

export const canonicalBytes = (value: Json): Uint8Array =>
  new TextEncoder().encode(canonicalJson(value));

/**
 * Parses bytes that must be canonical JSON: a SyntaxError otherwise. Refusing any second spelling also
 * refuses duplicate keys, of which parsers keep different ones.
 */
export function parseCanonicalJson(bytes: Uint8Array): Json {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const value = JSON.parse(text) as Json;
  let canonical: string;
  try {
    canonical = canonicalJson(value);
  } catch (error) {
    throw new SyntaxError((error as Error).message, { cause: error });
  }
  if (canonical !== text) throw new SyntaxError("the JSON is not in canonical form");
  return value;
}
