import { keccak_256 } from "@noble/hashes/sha3.js";
import { readUint256 } from "./bytes.ts";

/** Ethereum's Keccak-256 of the concatenation of the parts: 32 bytes. */
export function keccak256(...parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return keccak_256(parts[0]!);
  const hash = keccak_256.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const ZERO = Uint8Array.of(0);
const ONE = Uint8Array.of(1);

/** keccak256(m ‖ 0x00) ‖ keccak256(m ‖ 0x01) as one 512-bit integer (PROTOCOL §1). */
export function hash512(...parts: readonly Uint8Array[]): bigint {
  const high = readUint256(keccak256(...parts, ZERO));
  return (high << 256n) | readUint256(keccak256(...parts, ONE));
}
