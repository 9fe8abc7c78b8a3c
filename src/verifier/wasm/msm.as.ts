// Σ scalar_i·point_i over BN254 G1 in AssemblyScript, which scripts/ci/buildWasm.mjs compiles into two
// modules: msmPairModule.ts for engines with relaxed vector instructions, msmModule.ts for the others. Raw
// memory only, no allocator and no imports. ../msm.ts is the caller.
//
// Pippenger's bucket method with signed digits. Buckets are summed in affine coordinates.
import {
  bucketBytes,
  bucketSize,
  bucketSums,
  lowerPoint,
  placeBuckets,
  POINT,
  readPoint,
  sumBuckets,
} from "./buckets.as"; // bucketsOne.as.ts or bucketsPair.as.ts, as the build says
import {
  add,
  equal,
  FIELD,
  inverse,
  mul,
  ONE,
  pack,
  set,
  sub,
  swapWord,
  UNIT,
  WORD,
  ZERO,
} from "../../protocol/wasm/field.as";

export { fused } from "./buckets.as";

/** Bits of r, and one for the carry of signed digits. */
const SCALAR_BITS: u32 = 255;
const MOST_BITS: u32 = 13;

/** Keys of a line, bits of its index: at most 7, for 2^6 rows and one of a window of 13 bits. */
const LINE_SHARE: u32 = 3;
const LINE_KEYS: u32 = 1 << LINE_SHARE;

/**
 * Windows are summed together up to so many points, which then share the rounds' inversions: 200 points take
 * a third of the time, from 14,000 on it makes no difference.
 */
const MOST_TOGETHER: u32 = 1 << 15;

const NINE = memory.data<u32>([
  0x1069329b, 0x12f4a0b0, 0x1fe70d2, 0x601df46, 0x14b33a91, 0x19dc5bf, 0x1f31e9c5, 0x11c8b884,
  0x1b414a,
]);
const WORDS = memory.data(64, 8);
const T0 = memory.data(36);
const T1 = memory.data(36);
const T2 = memory.data(36);
const T3 = memory.data(36);
const T4 = memory.data(36);
const X3 = memory.data(36);
const Y3 = memory.data(36);
const TOTAL = memory.data(108);
const LIFTED = memory.data(108);

// The regions of memory that layout(count) lays out.
let input: usize = 0; // the points, x ‖ y each, then the scalars: 32-byte big-endian words
let points: usize = 0; // the points
let digits: usize = 0; // i16 digits, window after window
let sums: usize = 0; // the sums of buckets
let keys: usize = 0; // i16, where these are added to
let lines: usize = 0; // the sums of rows and columns of buckets
let lineKeys: usize = 0; // i16, where these are added to

let bits: u32 = 0;
let windows: u32 = 0;
let together: u32 = 0; // windows whose buckets are summed together

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

/**
 * Sums the buckets of the windows first ≤ w < first + group into lines. A window's sum over k = 2^s·h + l of
 * k·(bucket k) is 2^s·Σ_h h·(row h) + Σ_l l·(column l): rows and columns are sums of buckets, thus affine
 * again. Lines come after those of earlier calls, `kept` of them, with the bits of h or l in their keys: which of
 * the result's bits they are added to, from 1 on. Returns how many lines there are then.
 */
function addWindows(first: u32, group: u32, count: u32, kept: u32): u32 {
  const buckets: u32 = (1 << (bits - 1)) + 1;
  sumBuckets(points, 0, digits + 2 * first * count, count, group, buckets);
  const shift = bits >> 1;
  const columns: u32 = 1 << shift;
  const rows = (buckets >> shift) + 1;
  const both = rows + columns;
  let used: u32 = 0;
  for (let w: u32 = 0; w < group; w++)
    for (let k: u32 = 0; k < buckets; k++) {
      if (bucketSize(w * buckets + k) === 0) continue;
      const row = k >> shift;
      const column = k & (columns - 1);
      const key = keys + 4 * used++;
      store<u16>(key, (row === 0 ? 0 : w * both + row) as u16);
      store<u16>(key, (column === 0 ? 0 : w * both + rows + column) as u16, 2);
    }
  memory.copy(sums, bucketSums(), POINT * used);
  sumBuckets(sums, 1, keys, 2 * used, 1, group * both);
  const from = kept;
  for (let w: u32 = 0; w < group; w++)
    for (let k: u32 = 0; k < both; k++) {
      if (bucketSize(w * both + k) === 0) continue;
      const column = k >= rows;
      let index = column ? k - rows : k;
      const key = lineKeys + 2 * LINE_KEYS * kept++;
      for (let i: u32 = 0; i < LINE_KEYS; i++) {
        const bit = bits * (first + w) + (column ? 0 : shift) + i + 1;
        store<u16>(key + 2 * i, (index & 1 ? bit : 0) as u16);
        index >>= 1;
      }
    }
  memory.copy(lines + POINT * from, bucketSums(), POINT * (kept - from));
  return kept;
}

/** TOTAL = Σ_b 2^b·Σ of the lines whose keys have bit b. */
function addLines(count: u32): void {
  const all = bits * windows;
  sumBuckets(lines, LINE_SHARE, lineKeys, LINE_KEYS * count, 1, all + 1);
  let point = bucketSums();
  for (let b: u32 = 1; b <= all; b++) point += POINT * bucketSize(b);
  setIdentity(TOTAL);
  for (let b: u32 = all; b > 0; b--) {
    addProjective(TOTAL, TOTAL, TOTAL);
    if (bucketSize(b) === 0) continue;
    point -= POINT;
    lowerPoint(LIFTED, point);
    set(LIFTED + 2 * FIELD, ONE);
    addProjective(TOTAL, TOTAL, LIFTED);
  }
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
  together = min(max(MOST_TOGETHER / max(count, 1), 1), windows);
  const buckets: u64 = (together as u64) * ((1 << (bits - 1)) + 1);
  // A window has at most 2^s columns and 2^(bits−1−s) + 1 rows, s = ⌊bits/2⌋; half of their indices' bits are 1.
  const shift = bits >> 1;
  const mostLines: u64 = (windows as u64) * ((1 << shift) + (1 << (bits - 1 - shift)) + 1);
  const most = max(
    max((together as u64) * (count as u64), 2 * buckets),
    (LINE_KEYS / 2) * mostLines,
  );
  const sumsOf = max(buckets, (bits * windows + 1) as u64);
  const end: u64 =
    (__heap_base as u64) +
    (3 * WORD + POINT + 2 * windows) * (count as u64) +
    (POINT + 4) * buckets +
    (POINT + 2 * LINE_KEYS) * mostLines +
    bucketBytes(most, sumsOf) +
    64;
  const pages = (end + 0xffff) >> 16;
  const has = memory.size() as u64;
  if (pages > 0xffff) return 0;
  if (pages > has && memory.grow((pages - has) as i32) < 0) return 0;
  const terms: usize = count;
  input = (__heap_base + 15) & ~15;
  points = input + 3 * WORD * terms;
  sums = points + POINT * terms;
  lines = sums + POINT * (buckets as usize);
  const free = (lines + POINT * (mostLines as usize) + 15) & ~15;
  placeBuckets(free, most as usize, sumsOf as usize);
  keys = free + (bucketBytes(most, sumsOf) as usize);
  lineKeys = keys + 4 * (buckets as usize);
  digits = lineKeys + 2 * LINE_KEYS * (mostLines as usize);
  return input;
}

/** The sum of the terms at layout(count), as x ‖ y there, like a point; false for the identity. */
export function msm(count: u32): bool {
  const scalars = input + 2 * WORD * (count as usize);
  for (let i: u32 = 0; i < count; i++) {
    swapWord(WORDS, input + 2 * WORD * i);
    swapWord(WORDS + WORD, input + 2 * WORD * i + WORD);
    readPoint(points + POINT * i, WORDS);
    swapWord(WORDS, scalars + WORD * i);
    recode(WORDS, i, count);
  }
  let kept: u32 = 0;
  for (let left = windows; left > 0;) {
    const group = min(together, left);
    left -= group;
    kept = addWindows(left, group, count, kept);
  }
  addLines(kept);
  const z = TOTAL + 2 * FIELD;
  if (equal(z, ZERO)) return false;
  inverse(z, z);
  mul(T0, TOTAL, z);
  mul(T1, TOTAL + FIELD, z);
  // Out of Montgomery form.
  mul(T0, T0, UNIT);
  mul(T1, T1, UNIT);
  pack(WORDS, T0);
  swapWord(input, WORDS);
  pack(WORDS, T1);
  swapWord(input + WORD, WORDS);
  return true;
}
