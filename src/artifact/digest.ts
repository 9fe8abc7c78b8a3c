import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../protocol/index.ts";

/** By noble and not node:crypto, so that browsers read runs with the same code: about 200 MB/s. */
export const sha256 = (bytes: Uint8Array): Uint8Array => nobleSha256(bytes);

export const hex32 = (bytes: Uint8Array): string => `0x${toHex(bytes)}`;
