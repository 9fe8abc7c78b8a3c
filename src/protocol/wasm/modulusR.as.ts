// What field.as.ts needs of F, the scalar field. scripts/ci/buildWasm.mjs says which modulus a module takes.

/** r, least limb first, and −1/r modulo 2^29. */
export const M0: u64 = 0x10000001;
export const M1: u64 = 0x1f0fac9f;
export const M2: u64 = 0xe5c2450;
export const M3: u64 = 0x7d090f3;
export const M4: u64 = 0x1585d283;
export const M5: u64 = 0x2db40c0;
export const M6: u64 = 0xa6e141;
export const M7: u64 = 0xe5c2634;
export const M8: u64 = 0x30644e;
export const M_INVERSE: u64 = 0xfffffff;

/** 2^261 mod r, the Montgomery form of 1. */
export const ONE = memory.data<u32>([
  0xfffff57, 0x1ea70ab4, 0x52c068b, 0x17504f49, 0xaa8075b, 0x1d4240ce, 0x11d54c07, 0x52ac7a8,
  0xdc836,
]);
/** That of 2^261. */
export const SQUARE = memory.data<u32>([
  0x5b69bd4, 0x6170a5a, 0x20cddce, 0x1db6310b, 0xe54d0ff, 0x1cf855e3, 0x1c15e103, 0x7d09161,
  0xa054a,
]);
/** r − 2. */
export const EXPONENT = memory.data<u64>([
  0x43e1f593efffffff, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029,
]);
