// Σ scalar_i·point_i over BN254 G1 in AssemblyScript, which scripts/ci/buildWasm.mjs compiles into
// msmModule.ts. Raw memory only, no allocator and no imports. ../msm.ts is the caller.
//
// Pippenger's bucket method with signed digits. Buckets are summed in affine coordinates: the additions
// of a round share one inversion, so that one costs six products. Field elements are nine 29-bit limbs
// in Montgomery form (factor 2^261), always below q: a column of 18 limb products fits in 64 bits.

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

/** Bytes of a field element, an affine point and a 32-byte word of the caller. */
const FIELD: usize = 36;
const POINT: usize = 72;
const WORD: usize = 32;

/** Bits of r, and one for the carry of signed digits. */
const SCALAR_BITS: u32 = 255;
const MOST_BITS: u32 = 13;

// Constants and scratch. ONE is 2^261 mod q, the Montgomery form of 1; SQUARE is that of 2^261.
const ONE = memory.data<u32>([
  0x157ccc21, 0x141c2758, 0x185230d3, 0x14c0419, 0xaa36fb9, 0x1d4240ce, 0x11d54c07, 0x52ac7a8,
  0xdc836,
]);
const SQUARE = memory.data<u32>([
  0x59bac10, 0xd1503a3, 0x18016b8, 0x10ab0ca8, 0x2632639, 0x2c0169f, 0x169bfd53, 0x11869d4c,
  0x2a11a6,
]);
const NINE = memory.data<u32>([
  0x1069329b, 0x12f4a0b0, 0x1fe70d2, 0x601df46, 0x14b33a91, 0x19dc5bf, 0x1f31e9c5, 0x11c8b884,
  0x1b414a,
]);
const UNIT = memory.data<u32>([0x1, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0]);
/** q − 2. */
const EXPONENT = memory.data<u64>([
  0x3c208c16d87cfd45, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029,
]);
const ZERO = memory.data(36);
const T0 = memory.data(36);
const T1 = memory.data(36);
const T2 = memory.data(36);
const T3 = memory.data(36);
const T4 = memory.data(36);
const X3 = memory.data(36);
const Y3 = memory.data(36);
const BASE = memory.data(36);
const PRODUCT = memory.data(36);
const RUNNING = memory.data(108);
const HIGH = memory.data(108);
const LOW = memory.data(108);
const TOTAL = memory.data(108);
const LIFTED = memory.data(108);

// The regions of memory that layout(count) lays out.
let input: usize = 0; // x ‖ y ‖ scalar per term, 32-byte little-endian words
let points: usize = 0; // the points
let digits: usize = 0; // i16 digits, window after window
let work: usize = 0; // points grouped by bucket
let inverses: usize = 0; // denominators of a round, then their inverses
let prefixes: usize = 0; // products of the denominators before each
let counts: usize = 0; // u32, points of each bucket
let starts: usize = 0; // u32, where the next point of each bucket goes
let sums: usize = 0; // the sums of buckets
let keys: usize = 0; // i16, where these are added to

let bits: u32 = 0;
let windows: u32 = 0;

function limb(a: usize, i: usize): u64 {
  return load<u32>(a + 4 * i) as u64;
}

// ---- Fq

// Word by word: engines call out for memory.copy, which costs more than so few bytes.
function set(out: usize, a: usize): void {
  store<u64>(out, load<u64>(a));
  store<u64>(out, load<u64>(a, 8), 8);
  store<u64>(out, load<u64>(a, 16), 16);
  store<u64>(out, load<u64>(a, 24), 24);
  store<u32>(out, load<u32>(a, 32), 32);
}

/** out = r mod q for limbs r of a value below 2q. */
function store9(
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
function mul(out: usize, a: usize, b: usize): void {
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
function add(out: usize, a: usize, b: usize): void {
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
function sub(out: usize, a: usize, b: usize): void {
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

function setPoint(out: usize, a: usize): void {
  set(out, a);
  set(out + FIELD, a + FIELD);
}

function equal(a: usize, b: usize): bool {
  for (let i: usize = 0; i < 9; i++) if (limb(a, i) !== limb(b, i)) return false;
  return true;
}

/** out = 1/a = a^(q−2) for a ≠ 0. */
function inverse(out: usize, a: usize): void {
  set(BASE, a);
  set(PRODUCT, ONE);
  for (let i: i32 = 253; i >= 0; i--) {
    mul(PRODUCT, PRODUCT, PRODUCT);
    if ((load<u8>(EXPONENT + (i >> 3)) >> ((i & 7) as u8)) & 1) mul(PRODUCT, PRODUCT, BASE);
  }
  set(out, PRODUCT);
}

/** The limbs of a 32-byte word. */
function unpack(out: usize, word: usize): void {
  for (let i: usize = 0; i < 9; i++) {
    const at = 29 * i;
    // A limb lies within the eight bytes from its first, the last ones within the last eight.
    const from = min(at >> 3, WORD - 8);
    store<u32>(out + 4 * i, ((load<u64>(word + from) >> (at - 8 * from)) & MASK) as u32);
  }
}

/** The 32-byte word of nine limbs. */
function pack(word: usize, a: usize): void {
  memory.fill(word, 0, WORD);
  for (let i: usize = 0; i < 9; i++) {
    const at = 29 * i;
    const from = min(at >> 3, WORD - 8);
    store<u64>(word + from, load<u64>(word + from) | (limb(a, i) << (at - 8 * from)));
  }
}

// ---- Projective points

/** out = (0 : 1 : 0). */
function setIdentity(out: usize): void {
  set(out, ZERO);
  set(out + FIELD, ONE);
  set(out + 2 * FIELD, ZERO);
}

/** out = a + b by the complete formulas for y² = x³ + 3 (Renes, Costello, Batina 2015, algorithm 7). */
function addProjective(out: usize, a: usize, b: usize): void {
  const ay = a + FIELD;
  const az = a + 2 * FIELD;
  const by = b + FIELD;
  const bz = b + 2 * FIELD;
  mul(T0, a, b);
  mul(T1, ay, by);
  mul(T2, az, bz);
  add(T3, a, ay);
  add(T4, b, by);
  mul(T3, T3, T4);
  add(T4, T0, T1);
  sub(T3, T3, T4);
  add(T4, ay, az);
  add(X3, by, bz);
  mul(T4, T4, X3);
  add(X3, T1, T2);
  sub(T4, T4, X3);
  add(X3, a, az);
  add(Y3, b, bz);
  mul(X3, X3, Y3);
  add(Y3, T0, T2);
  sub(Y3, X3, Y3);
  add(X3, T0, T0);
  add(T0, X3, T0);
  mul(T2, NINE, T2);
  add(out + 2 * FIELD, T1, T2);
  sub(T1, T1, T2);
  mul(Y3, NINE, Y3);
  mul(X3, T4, Y3);
  mul(T2, T3, T1);
  sub(out, T2, X3);
  mul(Y3, Y3, T0);
  mul(T1, T1, out + 2 * FIELD);
  add(out + FIELD, T1, Y3);
  mul(T0, T0, T3);
  mul(out + 2 * FIELD, out + 2 * FIELD, T4);
  add(out + 2 * FIELD, out + 2 * FIELD, T0);
}

// ---- Buckets

/**
 * Adds up the points source_i by |key_i|, those with a negative key negated, those with key 0 left out.
 * After it, bucket k < buckets has counts[k] = 1 or, for the identity, 0 points; they lie in `work`.
 */
function sumBuckets(source: usize, key: usize, count: u32, buckets: u32): void {
  memory.fill(counts, 0, 4 * buckets);
  for (let i: u32 = 0; i < count; i++) {
    const at = counts + 4 * bucketOf(key, i);
    store<u32>(at, load<u32>(at) + 1);
  }
  store<u32>(counts, 0);
  let next: u32 = 0;
  for (let k: u32 = 0; k < buckets; k++) {
    store<u32>(starts + 4 * k, next);
    next += load<u32>(counts + 4 * k);
  }
  for (let i: u32 = 0; i < count; i++) {
    const bucket = bucketOf(key, i);
    if (bucket === 0) continue;
    const at = starts + 4 * bucket;
    const to = work + POINT * load<u32>(at);
    store<u32>(at, load<u32>(at) + 1);
    setPoint(to, source + POINT * i);
    if (load<i16>(key + 2 * i) < 0) sub(to + FIELD, ZERO, to + FIELD);
  }
  while (denominators(buckets)) addPairs(buckets);
}

function bucketOf(key: usize, i: usize): u32 {
  return abs<i32>(load<i16>(key + 2 * i) as i32) as u32;
}

/** Inverts the denominators of the slopes of a round, of each bucket's points by twos; false: none. */
function denominators(buckets: u32): bool {
  let point = work;
  let size: usize = 0;
  set(PRODUCT, ONE);
  for (let k: u32 = 0; k < buckets; k++) {
    let left = load<u32>(counts + 4 * k);
    for (; left > 1; left -= 2) {
      const other = point + POINT;
      const to = inverses + size;
      // a = b: 2y. a = −b: any number, the sum is left out.
      if (!equal(point, other)) sub(to, other, point);
      else if (equal(point + FIELD, other + FIELD)) add(to, point + FIELD, point + FIELD);
      else set(to, ONE);
      set(prefixes + size, PRODUCT);
      mul(PRODUCT, PRODUCT, to);
      size += FIELD;
      point += 2 * POINT;
    }
    point += POINT * left;
  }
  if (size === 0) return false;
  inverse(T0, PRODUCT);
  while (size > 0) {
    size -= FIELD;
    set(T1, inverses + size);
    mul(inverses + size, T0, prefixes + size);
    mul(T0, T0, T1);
  }
  return true;
}

/** Adds each bucket's points by twos, and moves the sums together. */
function addPairs(buckets: u32): void {
  let point = work;
  let to = work;
  let inverted = inverses;
  for (let k: u32 = 0; k < buckets; k++) {
    let left = load<u32>(counts + 4 * k);
    const first = to;
    for (; left > 1; left -= 2) {
      if (addAffine(to, point, point + POINT, inverted)) to += POINT;
      inverted += FIELD;
      point += 2 * POINT;
    }
    if (left === 1) {
      setPoint(to, point);
      to += POINT;
      point += POINT;
    }
    store<u32>(counts + 4 * k, ((to - first) / POINT) as u32);
  }
}

/** out = a + b, given the inverse of the slope's denominator; false for the identity. */
function addAffine(out: usize, a: usize, b: usize, inverted: usize): bool {
  if (!equal(a, b)) sub(T0, b + FIELD, a + FIELD);
  else if (equal(a + FIELD, b + FIELD)) {
    mul(T1, a, a);
    add(T0, T1, T1);
    add(T0, T0, T1);
  } else return false;
  mul(T0, T0, inverted);
  mul(T1, T0, T0);
  sub(T1, T1, a);
  sub(T1, T1, b);
  sub(T2, a, T1);
  mul(T2, T0, T2);
  sub(out + FIELD, T2, a + FIELD);
  set(out, T1);
  return true;
}

/** out = Σ_k k·(bucket k), by running sums over the buckets that sumBuckets left. */
function weightedSum(out: usize, buckets: u32): void {
  let point = work;
  for (let k: u32 = 0; k < buckets; k++) point += POINT * load<u32>(counts + 4 * k);
  setIdentity(out);
  setIdentity(RUNNING);
  for (let k: u32 = buckets - 1; k > 0; k--) {
    if (load<u32>(counts + 4 * k) > 0) {
      point -= POINT;
      setPoint(LIFTED, point);
      set(LIFTED + 2 * FIELD, ONE);
      addProjective(RUNNING, RUNNING, LIFTED);
    }
    addProjective(out, out, RUNNING);
  }
}

/**
 * TOTAL += Σ_i digit_i·point_i for one window. The sum over k = 2^s·h + l of k·(bucket k) is
 * 2^s·Σ_h h·(row h) + Σ_l l·(column l): rows and columns are sums of buckets, thus affine again.
 */
function addWindow(window: u32, count: u32): void {
  const buckets: u32 = (1 << (bits - 1)) + 1;
  sumBuckets(points, digits + 2 * window * count, count, buckets);
  const shift = bits >> 1;
  let kept: u32 = 0;
  for (let k: u32 = 0; k < buckets; k++)
    if (load<u32>(counts + 4 * k) > 0) store<u16>(keys + 2 * kept++, k as u16);
  memory.copy(sums, work, POINT * kept);
  const columns: u32 = 1 << shift;
  const other = keys + 2 * buckets;
  for (let i: u32 = 0; i < kept; i++) {
    const k = load<u16>(keys + 2 * i) as u32;
    store<u16>(other + 2 * i, (k & (columns - 1)) as u16);
    store<u16>(keys + 2 * i, (k >> shift) as u16);
  }
  sumBuckets(sums, keys, kept, (buckets >> shift) + 1);
  weightedSum(HIGH, (buckets >> shift) + 1);
  sumBuckets(sums, other, kept, columns);
  weightedSum(LOW, columns);
  for (let i: u32 = 0; i < shift; i++) addProjective(HIGH, HIGH, HIGH);
  addProjective(TOTAL, TOTAL, HIGH);
  addProjective(TOTAL, TOTAL, LOW);
}

// ---- Terms

/** scalar = Σ_w digit_w·2^(bits·w) with −2^(bits−1) < digit_w ≤ 2^(bits−1). */
function recode(word: usize, i: u32, count: u32): void {
  let carry: u32 = 0;
  for (let w: u32 = 0; w < windows; w++) {
    const at: usize = bits * w;
    const from = min(at >> 3, WORD - 4);
    const digit = (((load<u32>(word + from) as u64) >> (at - 8 * from)) & ((1 << bits) - 1)) as u32;
    const sum: i32 = (digit + carry) as i32;
    carry = sum > 1 << (bits - 1) ? 1 : 0;
    store<i16>(digits + 2 * (w * count + i), (sum - ((carry as i32) << bits)) as i16);
  }
}

/** A window's bits: about the logarithm of the number of points less what reducing buckets costs. */
function windowBits(count: u32): u32 {
  return min(max(32 - clz(count), 7) - 3, MOST_BITS) as u32;
}

/** Makes room for `count` terms and returns where they go; 0 where there is no memory for them. */
export function layout(count: u32): usize {
  bits = windowBits(count);
  windows = (SCALAR_BITS + bits - 1) / bits;
  const buckets: u64 = (1 << (bits - 1)) + 1;
  const room = max(count as u64, buckets);
  const end: u64 =
    (__heap_base as u64) +
    (3 * WORD + POINT + 2 * windows) * (count as u64) +
    (POINT + 2 * FIELD) * room +
    (4 + 4 + POINT + 4) * buckets +
    64;
  const pages = (end + 0xffff) >> 16;
  const has = memory.size() as u64;
  if (pages > 0xffff) return 0;
  if (pages > has && memory.grow((pages - has) as i32) < 0) return 0;
  const terms: usize = count;
  input = (__heap_base + 15) & ~15;
  points = input + 3 * WORD * terms;
  work = points + POINT * terms;
  inverses = work + POINT * (room as usize);
  prefixes = inverses + FIELD * (room as usize);
  counts = prefixes + FIELD * (room as usize);
  starts = counts + 4 * (buckets as usize);
  sums = starts + 4 * (buckets as usize);
  keys = sums + POINT * (buckets as usize);
  digits = keys + 4 * (buckets as usize);
  return input;
}

/** The sum of the terms at layout(count), as x ‖ y in two words there; false for the identity. */
export function msm(count: u32): bool {
  for (let i: u32 = 0; i < count; i++) {
    const term = input + 3 * WORD * i;
    const point = points + POINT * i;
    unpack(point, term);
    unpack(point + FIELD, term + WORD);
    mul(point, point, SQUARE);
    mul(point + FIELD, point + FIELD, SQUARE);
    recode(term + 2 * WORD, i, count);
  }
  setIdentity(TOTAL);
  for (let w: i32 = windows - 1; w >= 0; w--) {
    for (let i: u32 = 0; i < bits; i++) addProjective(TOTAL, TOTAL, TOTAL);
    addWindow(w, count);
  }
  const z = TOTAL + 2 * FIELD;
  if (equal(z, ZERO)) return false;
  inverse(z, z);
  mul(T0, TOTAL, z);
  mul(T1, TOTAL + FIELD, z);
  // Out of Montgomery form.
  mul(T0, T0, UNIT);
  mul(T1, T1, UNIT);
  pack(input, T0);
  pack(input + WORD, T1);
  return true;
}
