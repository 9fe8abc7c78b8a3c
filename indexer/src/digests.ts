import { type Hex, zeroHash } from "viem";

/** A digest, or null where the contract's zero says that there is none. */
export const stated = (digest: Hex) => (digest === zeroHash ? null : digest);
