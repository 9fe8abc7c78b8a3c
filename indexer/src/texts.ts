import { stringToHex } from "viem";

/** The bytes of a text that Postgres cannot hold as it is: one with U+0000. Ponder stores such a text without it. */
export const bytesIfNeeded = (text: string) => (text.includes("\0") ? stringToHex(text) : null);
