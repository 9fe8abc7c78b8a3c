// A prime field in AssemblyScript: nine 29-bit limbs in 32-bit words, least first, in Montgomery form (factor
// 2^261), always below the modulus m of modulusQ.as.ts or modulusR.as.ts, as the build says. These have 254
// bits: a column of 18 limb products fits in 64 bits.
import { EXPONENT, M0, M1, M2, M3, M4, M5, M6, M7, M8, M_INVERSE, ONE, SQUARE } from "./modulus.as";

export { ONE, SQUARE };

const BITS: u64 = 29;
const MASK: u64 = 0x1fffffff;
/** Bytes of a field element, and of a 32-byte word of the caller. */
export const FIELD: usize = 36;
export const WORD: usize = 32;

export const UNIT = memory.data<u32>([0x1, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0]);
export const ZERO = memory.data(36);
const BASE = memory.data(36);
const POWER = memory.data(36);

function limb(a: usize, i: usize): u64 {
  return load<u32>(a + 4 * i) as u64;
}

// Word by word: engines call out for memory.copy, which costs more than so few bytes.
export function set(out: usize, a: usize): void {
  store<u64>(out, load<u64>(a));
  store<u64>(out, load<u64>(a, 8), 8);
  store<u64>(out, load<u64>(a, 16), 16);
  store<u64>(out, load<u64>(a, 24), 24);
  store<u32>(out, load<u32>(a, 32), 32);
}

/** out = r mod m for limbs r of a value below 2m. */
export function store9(
  out: usize,
  r0: u64,
  r1: u64,
  r2: u64,
  r3: u64,
  r4: u64,
  r5: u64,
  r6: u64,
  r7: u64,
  r8: u64,
): void {
  const d0 = (r0 - M0) as i64;
  const d1 = (r1 - M1 + (d0 >> 29)) as i64;
  const d2 = (r2 - M2 + (d1 >> 29)) as i64;
  const d3 = (r3 - M3 + (d2 >> 29)) as i64;
  const d4 = (r4 - M4 + (d3 >> 29)) as i64;
  const d5 = (r5 - M5 + (d4 >> 29)) as i64;
  const d6 = (r6 - M6 + (d5 >> 29)) as i64;
  const d7 = (r7 - M7 + (d6 >> 29)) as i64;
  const d8 = (r8 - M8 + (d7 >> 29)) as i64;
  const keep = (d8 >> 63) as u64;
  store<u32>(out, ((r0 & keep) | (d0 & MASK & ~keep)) as u32, 0);
  store<u32>(out, ((r1 & keep) | (d1 & MASK & ~keep)) as u32, 4);
  store<u32>(out, ((r2 & keep) | (d2 & MASK & ~keep)) as u32, 8);
  store<u32>(out, ((r3 & keep) | (d3 & MASK & ~keep)) as u32, 12);
  store<u32>(out, ((r4 & keep) | (d4 & MASK & ~keep)) as u32, 16);
  store<u32>(out, ((r5 & keep) | (d5 & MASK & ~keep)) as u32, 20);
  store<u32>(out, ((r6 & keep) | (d6 & MASK & ~keep)) as u32, 24);
  store<u32>(out, ((r7 & keep) | (d7 & MASK & ~keep)) as u32, 28);
  store<u32>(out, ((r8 & keep) | (d8 & MASK & ~keep)) as u32, 32);
}

/** out = a·b/2^261, column by column. */
export function mul(out: usize, a: usize, b: usize): void {
  const a0 = limb(a, 0);
  const a1 = limb(a, 1);
  const a2 = limb(a, 2);
  const a3 = limb(a, 3);
  const a4 = limb(a, 4);
  const a5 = limb(a, 5);
  const a6 = limb(a, 6);
  const a7 = limb(a, 7);
  const a8 = limb(a, 8);
  const b0 = limb(b, 0);
  const b1 = limb(b, 1);
  const b2 = limb(b, 2);
  const b3 = limb(b, 3);
  const b4 = limb(b, 4);
  const b5 = limb(b, 5);
  const b6 = limb(b, 6);
  const b7 = limb(b, 7);
  const b8 = limb(b, 8);
  let sum: u64 = 0;
  sum += a0 * b0;
  const m0 = ((sum & MASK) * M_INVERSE) & MASK;
  sum = (sum + m0 * M0) >> BITS;
  sum += a0 * b1 + a1 * b0 + m0 * M1;
  const m1 = ((sum & MASK) * M_INVERSE) & MASK;
  sum = (sum + m1 * M0) >> BITS;
  sum += a0 * b2 + a1 * b1 + a2 * b0 + m0 * M2 + m1 * M1;
  const m2 = ((sum & MASK) * M_INVERSE) & MASK;
  sum = (sum + m2 * M0) >> BITS;
  sum += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + m0 * M3 + m1 * M2 + m2 * M1;
  const m3 = ((sum & MASK) * M_INVERSE) & MASK;
  sum = (sum + m3 * M0) >> BITS;
  sum += a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + m0 * M4 + m1 * M3 + m2 * M2 + m3 * M1;
  const m4 = ((sum & MASK) * M_INVERSE) & MASK;
  sum = (sum + m4 * M0) >> BITS;
  sum +=
    a0 * b5 +
    a1 * b4 +
    a2 * b3 +
    a3 * b2 +
    a4 * b1 +
    a5 * b0 +
    m0 * M5 +
    m1 * M4 +
    m2 * M3 +
    m3 * M2 +
    m4 * M1;
  const m5 = ((sum & MASK) * M_INVERSE) & MASK;
  sum = (sum + m5 * M0) >> BITS;
  sum +=
    a0 * b6 +
    a1 * b5 +
    a2 * b4 +
    a3 * b3 +
    a4 * b2 +
    a5 * b1 +
    a6 * b0 +
    m0 * M6 +
    m1 * M5 +
    m2 * M4 +
    m3 * M3 +
    m4 * M2 +
    m5 * M1;
  const m6 = ((sum & MASK) * M_INVERSE) & MASK;
  sum = (sum + m6 * M0) >> BITS;
  sum +=
    a0 * b7 +
    a1 * b6 +
    a2 * b5 +
    a3 * b4 +
    a4 * b3 +
    a5 * b2 +
    a6 * b1 +
    a7 * b0 +
    m0 * M7 +
    m1 * M6 +
    m2 * M5 +
    m3 * M4 +
    m4 * M3 +
    m5 * M2 +
    m6 * M1;
  const m7 = ((sum & MASK) * M_INVERSE) & MASK;
  sum = (sum + m7 * M0) >> BITS;
  sum +=
    a0 * b8 +
    a1 * b7 +
    a2 * b6 +
    a3 * b5 +
    a4 * b4 +
    a5 * b3 +
    a6 * b2 +
    a7 * b1 +
    a8 * b0 +
    m0 * M8 +
    m1 * M7 +
    m2 * M6 +
    m3 * M5 +
    m4 * M4 +
    m5 * M3 +
    m6 * M2 +
    m7 * M1;
  const m8 = ((sum & MASK) * M_INVERSE) & MASK;
  sum = (sum + m8 * M0) >> BITS;
  sum +=
    a1 * b8 +
    a2 * b7 +
    a3 * b6 +
    a4 * b5 +
    a5 * b4 +
    a6 * b3 +
    a7 * b2 +
    a8 * b1 +
    m1 * M8 +
    m2 * M7 +
    m3 * M6 +
    m4 * M5 +
    m5 * M4 +
    m6 * M3 +
    m7 * M2 +
    m8 * M1;
  const r0 = sum & MASK;
  sum >>= BITS;
  sum +=
    a2 * b8 +
    a3 * b7 +
    a4 * b6 +
    a5 * b5 +
    a6 * b4 +
    a7 * b3 +
    a8 * b2 +
    m2 * M8 +
    m3 * M7 +
    m4 * M6 +
    m5 * M5 +
    m6 * M4 +
    m7 * M3 +
    m8 * M2;
  const r1 = sum & MASK;
  sum >>= BITS;
  sum +=
    a3 * b8 +
    a4 * b7 +
    a5 * b6 +
    a6 * b5 +
    a7 * b4 +
    a8 * b3 +
    m3 * M8 +
    m4 * M7 +
    m5 * M6 +
    m6 * M5 +
    m7 * M4 +
    m8 * M3;
  const r2 = sum & MASK;
  sum >>= BITS;
  sum +=
    a4 * b8 +
    a5 * b7 +
    a6 * b6 +
    a7 * b5 +
    a8 * b4 +
    m4 * M8 +
    m5 * M7 +
    m6 * M6 +
    m7 * M5 +
    m8 * M4;
  const r3 = sum & MASK;
  sum >>= BITS;
  sum += a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 + m5 * M8 + m6 * M7 + m7 * M6 + m8 * M5;
  const r4 = sum & MASK;
  sum >>= BITS;
  sum += a6 * b8 + a7 * b7 + a8 * b6 + m6 * M8 + m7 * M7 + m8 * M6;
  const r5 = sum & MASK;
  sum >>= BITS;
  sum += a7 * b8 + a8 * b7 + m7 * M8 + m8 * M7;
  const r6 = sum & MASK;
  sum >>= BITS;
  sum += a8 * b8 + m8 * M8;
  const r7 = sum & MASK;
  sum >>= BITS;
  store9(out, r0, r1, r2, r3, r4, r5, r6, r7, sum);
}

/** out = a + b. */
export function add(out: usize, a: usize, b: usize): void {
  const s0 = limb(a, 0) + limb(b, 0);
  const s1 = limb(a, 1) + limb(b, 1) + (s0 >> BITS);
  const s2 = limb(a, 2) + limb(b, 2) + (s1 >> BITS);
  const s3 = limb(a, 3) + limb(b, 3) + (s2 >> BITS);
  const s4 = limb(a, 4) + limb(b, 4) + (s3 >> BITS);
  const s5 = limb(a, 5) + limb(b, 5) + (s4 >> BITS);
  const s6 = limb(a, 6) + limb(b, 6) + (s5 >> BITS);
  const s7 = limb(a, 7) + limb(b, 7) + (s6 >> BITS);
  const s8 = limb(a, 8) + limb(b, 8) + (s7 >> BITS);
  store9(
    out,
    s0 & MASK,
    s1 & MASK,
    s2 & MASK,
    s3 & MASK,
    s4 & MASK,
    s5 & MASK,
    s6 & MASK,
    s7 & MASK,
    s8,
  );
}

/** out = a − b: m is added where the difference is negative. */
export function sub(out: usize, a: usize, b: usize): void {
  const d0 = (limb(a, 0) - limb(b, 0)) as i64;
  const d1 = (limb(a, 1) - limb(b, 1) + (d0 >> 29)) as i64;
  const d2 = (limb(a, 2) - limb(b, 2) + (d1 >> 29)) as i64;
  const d3 = (limb(a, 3) - limb(b, 3) + (d2 >> 29)) as i64;
  const d4 = (limb(a, 4) - limb(b, 4) + (d3 >> 29)) as i64;
  const d5 = (limb(a, 5) - limb(b, 5) + (d4 >> 29)) as i64;
  const d6 = (limb(a, 6) - limb(b, 6) + (d5 >> 29)) as i64;
  const d7 = (limb(a, 7) - limb(b, 7) + (d6 >> 29)) as i64;
  const d8 = (limb(a, 8) - limb(b, 8) + (d7 >> 29)) as i64;
  const negative = (d8 >> 63) as u64;
  const s0 = (d0 & MASK) + (M0 & negative);
  const s1 = (d1 & MASK) + (M1 & negative) + (s0 >> BITS);
  const s2 = (d2 & MASK) + (M2 & negative) + (s1 >> BITS);
  const s3 = (d3 & MASK) + (M3 & negative) + (s2 >> BITS);
  const s4 = (d4 & MASK) + (M4 & negative) + (s3 >> BITS);
  const s5 = (d5 & MASK) + (M5 & negative) + (s4 >> BITS);
  const s6 = (d6 & MASK) + (M6 & negative) + (s5 >> BITS);
  const s7 = (d7 & MASK) + (M7 & negative) + (s6 >> BITS);
  const s8 = d8 + (M8 & negative) + (s7 >> BITS);
  store<u32>(out, (s0 & MASK) as u32, 0);
  store<u32>(out, (s1 & MASK) as u32, 4);
  store<u32>(out, (s2 & MASK) as u32, 8);
  store<u32>(out, (s3 & MASK) as u32, 12);
  store<u32>(out, (s4 & MASK) as u32, 16);
  store<u32>(out, (s5 & MASK) as u32, 20);
  store<u32>(out, (s6 & MASK) as u32, 24);
  store<u32>(out, (s7 & MASK) as u32, 28);
  store<u32>(out, (s8 & MASK) as u32, 32);
}

export function equal(a: usize, b: usize): bool {
  for (let i: usize = 0; i < 9; i++) if (limb(a, i) !== limb(b, i)) return false;
  return true;
}

/** out = 1/a = a^(m−2) for a ≠ 0. */
export function inverse(out: usize, a: usize): void {
  set(BASE, a);
  set(POWER, ONE);
  for (let i: i32 = 253; i >= 0; i--) {
    mul(POWER, POWER, POWER);
    if ((load<u8>(EXPONENT + (i >> 3)) >> ((i & 7) as u8)) & 1) mul(POWER, POWER, BASE);
  }
  set(out, POWER);
}

/** The limbs of a 32-byte word. */
export function unpack(out: usize, word: usize): void {
  const w0 = load<u64>(word);
  const w1 = load<u64>(word, 8);
  const w2 = load<u64>(word, 16);
  const w3 = load<u64>(word, 24);
  store<u32>(out, (w0 & MASK) as u32);
  store<u32>(out, ((w0 >> 29) & MASK) as u32, 4);
  store<u32>(out, (((w0 >> 58) | (w1 << 6)) & MASK) as u32, 8);
  store<u32>(out, ((w1 >> 23) & MASK) as u32, 12);
  store<u32>(out, (((w1 >> 52) | (w2 << 12)) & MASK) as u32, 16);
  store<u32>(out, ((w2 >> 17) & MASK) as u32, 20);
  store<u32>(out, (((w2 >> 46) | (w3 << 18)) & MASK) as u32, 24);
  store<u32>(out, ((w3 >> 11) & MASK) as u32, 28);
  store<u32>(out, (w3 >> 40) as u32, 32);
}

/** The 32-byte word of nine limbs. */
export function pack(word: usize, a: usize): void {
  const a2 = limb(a, 2);
  const a4 = limb(a, 4);
  const a6 = limb(a, 6);
  store<u64>(word, limb(a, 0) | (limb(a, 1) << 29) | (a2 << 58));
  store<u64>(word, (a2 >> 6) | (limb(a, 3) << 23) | (a4 << 52), 8);
  store<u64>(word, (a4 >> 12) | (limb(a, 5) << 17) | (a6 << 46), 16);
  store<u64>(word, (a6 >> 18) | (limb(a, 7) << 11) | (limb(a, 8) << 40), 24);
}

/** The 32 little-endian bytes of 32 big-endian ones, elsewhere. */
export function swapWord(word: usize, big: usize): void {
  store<u64>(word, bswap(load<u64>(big, 24)));
  store<u64>(word, bswap(load<u64>(big, 16)), 8);
  store<u64>(word, bswap(load<u64>(big, 8)), 16);
  store<u64>(word, bswap(load<u64>(big)), 24);
}

/** Whether the number of nine limbs is below m. */
export function reduced(a: usize): bool {
  let d = (limb(a, 0) - M0) as i64;
  d = (limb(a, 1) - M1 + (d >> 29)) as i64;
  d = (limb(a, 2) - M2 + (d >> 29)) as i64;
  d = (limb(a, 3) - M3 + (d >> 29)) as i64;
  d = (limb(a, 4) - M4 + (d >> 29)) as i64;
  d = (limb(a, 5) - M5 + (d >> 29)) as i64;
  d = (limb(a, 6) - M6 + (d >> 29)) as i64;
  d = (limb(a, 7) - M7 + (d >> 29)) as i64;
  d = (limb(a, 8) - M8 + (d >> 29)) as i64;
  return d < 0;
}
