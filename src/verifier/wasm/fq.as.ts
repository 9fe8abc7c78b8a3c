// Fq in AssemblyScript: nine 29-bit limbs in 32-bit words, least first, in Montgomery form (factor 2^261),
// always below q: a column of 18 limb products fits in 64 bits.

const BITS: u64 = 29;
const MASK: u64 = 0x1fffffff;
/** q, least limb first, and −1/q modulo 2^29. */
const Q0: u64 = 0x187cfd47;
const Q1: u64 = 0x10460b6;
const Q2: u64 = 0x1c72a34f;
const Q3: u64 = 0x2d522d0;
const Q4: u64 = 0x1585d978;
const Q5: u64 = 0x2db40c0;
const Q6: u64 = 0xa6e141;
const Q7: u64 = 0xe5c2634;
const Q8: u64 = 0x30644e;
const Q_INVERSE: u64 = 0x4866389;

/** Bytes of a field element, and of a 32-byte word of the caller. */
export const FIELD: usize = 36;
export const WORD: usize = 32;

// ONE is 2^261 mod q, the Montgomery form of 1; SQUARE is that of 2^261.
export const ONE = memory.data<u32>([
  0x157ccc21, 0x141c2758, 0x185230d3, 0x14c0419, 0xaa36fb9, 0x1d4240ce, 0x11d54c07, 0x52ac7a8,
  0xdc836,
]);
export const SQUARE = memory.data<u32>([
  0x59bac10, 0xd1503a3, 0x18016b8, 0x10ab0ca8, 0x2632639, 0x2c0169f, 0x169bfd53, 0x11869d4c,
  0x2a11a6,
]);
export const UNIT = memory.data<u32>([0x1, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0]);
/** q − 2. */
const EXPONENT = memory.data<u64>([
  0x3c208c16d87cfd45, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029,
]);
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

/** out = r mod q for limbs r of a value below 2q. */
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
  const d0 = (r0 - Q0) as i64;
  const d1 = (r1 - Q1 + (d0 >> 29)) as i64;
  const d2 = (r2 - Q2 + (d1 >> 29)) as i64;
  const d3 = (r3 - Q3 + (d2 >> 29)) as i64;
  const d4 = (r4 - Q4 + (d3 >> 29)) as i64;
  const d5 = (r5 - Q5 + (d4 >> 29)) as i64;
  const d6 = (r6 - Q6 + (d5 >> 29)) as i64;
  const d7 = (r7 - Q7 + (d6 >> 29)) as i64;
  const d8 = (r8 - Q8 + (d7 >> 29)) as i64;
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
  const m0 = ((sum & MASK) * Q_INVERSE) & MASK;
  sum = (sum + m0 * Q0) >> BITS;
  sum += a0 * b1 + a1 * b0 + m0 * Q1;
  const m1 = ((sum & MASK) * Q_INVERSE) & MASK;
  sum = (sum + m1 * Q0) >> BITS;
  sum += a0 * b2 + a1 * b1 + a2 * b0 + m0 * Q2 + m1 * Q1;
  const m2 = ((sum & MASK) * Q_INVERSE) & MASK;
  sum = (sum + m2 * Q0) >> BITS;
  sum += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + m0 * Q3 + m1 * Q2 + m2 * Q1;
  const m3 = ((sum & MASK) * Q_INVERSE) & MASK;
  sum = (sum + m3 * Q0) >> BITS;
  sum += a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + m0 * Q4 + m1 * Q3 + m2 * Q2 + m3 * Q1;
  const m4 = ((sum & MASK) * Q_INVERSE) & MASK;
  sum = (sum + m4 * Q0) >> BITS;
  sum +=
    a0 * b5 +
    a1 * b4 +
    a2 * b3 +
    a3 * b2 +
    a4 * b1 +
    a5 * b0 +
    m0 * Q5 +
    m1 * Q4 +
    m2 * Q3 +
    m3 * Q2 +
    m4 * Q1;
  const m5 = ((sum & MASK) * Q_INVERSE) & MASK;
  sum = (sum + m5 * Q0) >> BITS;
  sum +=
    a0 * b6 +
    a1 * b5 +
    a2 * b4 +
    a3 * b3 +
    a4 * b2 +
    a5 * b1 +
    a6 * b0 +
    m0 * Q6 +
    m1 * Q5 +
    m2 * Q4 +
    m3 * Q3 +
    m4 * Q2 +
    m5 * Q1;
  const m6 = ((sum & MASK) * Q_INVERSE) & MASK;
  sum = (sum + m6 * Q0) >> BITS;
  sum +=
    a0 * b7 +
    a1 * b6 +
    a2 * b5 +
    a3 * b4 +
    a4 * b3 +
    a5 * b2 +
    a6 * b1 +
    a7 * b0 +
    m0 * Q7 +
    m1 * Q6 +
    m2 * Q5 +
    m3 * Q4 +
    m4 * Q3 +
    m5 * Q2 +
    m6 * Q1;
  const m7 = ((sum & MASK) * Q_INVERSE) & MASK;
  sum = (sum + m7 * Q0) >> BITS;
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
    m0 * Q8 +
    m1 * Q7 +
    m2 * Q6 +
    m3 * Q5 +
    m4 * Q4 +
    m5 * Q3 +
    m6 * Q2 +
    m7 * Q1;
  const m8 = ((sum & MASK) * Q_INVERSE) & MASK;
  sum = (sum + m8 * Q0) >> BITS;
  sum +=
    a1 * b8 +
    a2 * b7 +
    a3 * b6 +
    a4 * b5 +
    a5 * b4 +
    a6 * b3 +
    a7 * b2 +
    a8 * b1 +
    m1 * Q8 +
    m2 * Q7 +
    m3 * Q6 +
    m4 * Q5 +
    m5 * Q4 +
    m6 * Q3 +
    m7 * Q2 +
    m8 * Q1;
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
    m2 * Q8 +
    m3 * Q7 +
    m4 * Q6 +
    m5 * Q5 +
    m6 * Q4 +
    m7 * Q3 +
    m8 * Q2;
  const r1 = sum & MASK;
  sum >>= BITS;
  sum +=
    a3 * b8 +
    a4 * b7 +
    a5 * b6 +
    a6 * b5 +
    a7 * b4 +
    a8 * b3 +
    m3 * Q8 +
    m4 * Q7 +
    m5 * Q6 +
    m6 * Q5 +
    m7 * Q4 +
    m8 * Q3;
  const r2 = sum & MASK;
  sum >>= BITS;
  sum +=
    a4 * b8 +
    a5 * b7 +
    a6 * b6 +
    a7 * b5 +
    a8 * b4 +
    m4 * Q8 +
    m5 * Q7 +
    m6 * Q6 +
    m7 * Q5 +
    m8 * Q4;
  const r3 = sum & MASK;
  sum >>= BITS;
  sum += a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 + m5 * Q8 + m6 * Q7 + m7 * Q6 + m8 * Q5;
  const r4 = sum & MASK;
  sum >>= BITS;
  sum += a6 * b8 + a7 * b7 + a8 * b6 + m6 * Q8 + m7 * Q7 + m8 * Q6;
  const r5 = sum & MASK;
  sum >>= BITS;
  sum += a7 * b8 + a8 * b7 + m7 * Q8 + m8 * Q7;
  const r6 = sum & MASK;
  sum >>= BITS;
  sum += a8 * b8 + m8 * Q8;
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

/** out = a − b: q is added where the difference is negative. */
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
  const s0 = (d0 & MASK) + (Q0 & negative);
  const s1 = (d1 & MASK) + (Q1 & negative) + (s0 >> BITS);
  const s2 = (d2 & MASK) + (Q2 & negative) + (s1 >> BITS);
  const s3 = (d3 & MASK) + (Q3 & negative) + (s2 >> BITS);
  const s4 = (d4 & MASK) + (Q4 & negative) + (s3 >> BITS);
  const s5 = (d5 & MASK) + (Q5 & negative) + (s4 >> BITS);
  const s6 = (d6 & MASK) + (Q6 & negative) + (s5 >> BITS);
  const s7 = (d7 & MASK) + (Q7 & negative) + (s6 >> BITS);
  const s8 = d8 + (Q8 & negative) + (s7 >> BITS);
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

/** out = 1/a = a^(q−2) for a ≠ 0. */
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
  for (let i: usize = 0; i < 9; i++) {
    const at = 29 * i;
    // A limb lies within the eight bytes from its first, the last ones within the last eight.
    const from = min(at >> 3, WORD - 8);
    store<u32>(out + 4 * i, ((load<u64>(word + from) >> (at - 8 * from)) & MASK) as u32);
  }
}

/** The 32-byte word of nine limbs. */
export function pack(word: usize, a: usize): void {
  memory.fill(word, 0, WORD);
  for (let i: usize = 0; i < 9; i++) {
    const at = 29 * i;
    const from = min(at >> 3, WORD - 8);
    store<u64>(word + from, load<u64>(word + from) | (limb(a, i) << (at - 8 * from)));
  }
}
