// What field.as.ts needs of Fq. scripts/ci/buildWasm.mjs says which modulus a module takes.

/** q, least limb first, and −1/q modulo 2^29. */
export const M0: u64 = 0x187cfd47;
export const M1: u64 = 0x10460b6;
export const M2: u64 = 0x1c72a34f;
export const M3: u64 = 0x2d522d0;
export const M4: u64 = 0x1585d978;
export const M5: u64 = 0x2db40c0;
export const M6: u64 = 0xa6e141;
export const M7: u64 = 0xe5c2634;
export const M8: u64 = 0x30644e;
export const M_INVERSE: u64 = 0x4866389;

/** 2^261 mod q, the Montgomery form of 1. */
export const ONE = memory.data<u32>([
  0x157ccc21, 0x141c2758, 0x185230d3, 0x14c0419, 0xaa36fb9, 0x1d4240ce, 0x11d54c07, 0x52ac7a8,
  0xdc836,
]);
/** That of 2^261. */
export const SQUARE = memory.data<u32>([
  0x59bac10, 0xd1503a3, 0x18016b8, 0x10ab0ca8, 0x2632639, 0x2c0169f, 0x169bfd53, 0x11869d4c,
  0x2a11a6,
]);
/** q − 2. */
export const EXPONENT = memory.data<u64>([
  0x3c208c16d87cfd45, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029,
]);
