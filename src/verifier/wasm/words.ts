/** `value` < 2^256 as 32 little-endian bytes. */
export function writeWord(view: DataView, offset: number, value: bigint): void {
  view.setBigUint64(offset, value, true); // setBigUint64 keeps the low 64 bits
  view.setBigUint64(offset + 8, value >> 64n, true);
  view.setBigUint64(offset + 16, value >> 128n, true);
  view.setBigUint64(offset + 24, value >> 192n, true);
}
