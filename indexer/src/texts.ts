import { stringToHex } from "viem";

/** A text without U+0000, which Postgres cannot hold; and, only where there was one, its UTF-8 bytes. */
export const storable = (text: string) =>
  text.includes("\0")
    ? { text: text.replaceAll("\0", ""), bytes: stringToHex(text) }
    : { text, bytes: null };
