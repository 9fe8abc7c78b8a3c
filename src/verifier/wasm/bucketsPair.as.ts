// Sums of points by bucket as in buckets.as.ts, two additions a vector. A round's additions are planned
// first: which points, and where the sum goes. Coordinates are at most q/2 and a little, see storeReduced.
import { equal, FIELD, inverse, mul, WORD } from "../../protocol/wasm/field.as";
import {
  ELEMENT,
  lowerElement,
  lowerNumber,
  mulPair,
  PAIR,
  raiseElement,
  raiseNumber,
  storeReduced,
} from "./fqPair.as";

export { fused } from "./fqPair.as";

/** Bytes of a point: x ‖ y. */
export const POINT: usize = 2 * ELEMENT;

/** 2^510 modulo q, twice. */
const SQUARE = memory.data<f64>(
  [
    952299660901876, 952299660901876, -815950531901062, -815950531901062, 1058659313215620,
    1058659313215620, 748904847808177, 748904847808177, 242939315007399, 242939315007399,
  ],
  16,
);
/** 2^255 modulo q, twice: 1. */
const ONE = memory.data<f64>(
  [
    -308059498478222, -308059498478222, 1026821677953272, 1026821677953272, 1114067595162795,
    1114067595162795, -45871597467266, -45871597467266, 549163941222860, 549163941222860,
  ],
  16,
);
const ZERO = memory.data(36);
const A = memory.data(36);
const B = memory.data(36);
const C = memory.data(36);
const X1 = memory.data(80, 16);
const X2 = memory.data(80, 16);
const Y1 = memory.data(80, 16);
const SLOPE = memory.data(80, 16);
const DIFFERENCE = memory.data(80, 16);
const PRODUCT = memory.data(80, 16);
const T = memory.data(80, 16);
const T2 = memory.data(80, 16);

/** A planned addition: where the two points lie, side by side, and where their sum goes. */
const JOB: usize = 8;
/** Added to the former where the points are equal. */
const DOUBLES: u32 = 1;

let work: usize = 0; // points grouped by bucket
let other: usize = 0; // and their sums after a round: the two change places
let jobs: usize = 0; // the additions of a round
let denominators: usize = 0; // of their slopes, in pairs
let prefixes: usize = 0; // products of the denominators before each
let counts: usize = 0; // u32, points of each bucket
let starts: usize = 0; // u32, where the next point of each bucket goes

/** Bytes that sumBuckets works in, for at most so many points and buckets. */
export function bucketBytes(count: u64, buckets: u64): u64 {
  const room = max(count, buckets) + 4;
  return (2 * POINT + PAIR) * room + JOB * room + 8 * buckets;
}

/** Takes these bytes, from a multiple of 16. */
export function placeBuckets(at: usize, count: usize, buckets: usize): void {
  const room = max(count, buckets) + 4;
  work = at;
  other = work + POINT * room;
  denominators = other + POINT * room;
  prefixes = denominators + PAIR * (room >> 1);
  jobs = denominators + PAIR * room;
  counts = jobs + JOB * room;
  starts = counts + 4 * buckets;
}

/** A point from two words, x ‖ y. */
export function readPoint(out: usize, words: usize): void {
  raiseNumber(T, 16, words);
  raiseNumber(T + 8, 16, words + WORD);
  mulPair(T, T, SQUARE);
  reduce(T);
  for (let i: usize = 0; i < 5; i++) {
    store<f64>(out + 8 * i, load<f64>(T + 16 * i));
    store<f64>(out + 8 * i, load<f64>(T + 16 * i, 8), ELEMENT);
  }
}

/** out = x ‖ y as field.as.ts has them. */
export function lowerPoint(out: usize, point: usize): void {
  lowerElement(out, point, 8);
  lowerElement(out + FIELD, point + ELEMENT, 8);
}

/** Points in bucket k, 1 or 0, after sumBuckets. */
export function bucketSize(k: usize): u32 {
  return load<u32>(counts + 4 * k);
}

/** Where sumBuckets left the sums, bucket after bucket. */
export function bucketSums(): usize {
  return work;
}

/**
 * Adds up points by |key|, those with a negative key negated, those with key 0 left out. Key g·count + i is
 * of the point source_{i >> share}, and of bucket g·buckets + |key|, g < groups. After it, bucketSize is 1 or,
 * for the identity, 0, and bucketSums() has the sums.
 */
export function sumBuckets(
  source: usize,
  share: u32,
  key: usize,
  count: u32,
  groups: u32,
  buckets: u32,
): void {
  const all = groups * buckets;
  memory.fill(counts, 0, 4 * all);
  for (let g: u32 = 0; g < groups; g++)
    for (let i: u32 = 0; i < count; i++) {
      const k = load<i16>(key + 2 * (g * count + i)) as i32;
      if (k === 0) continue;
      const at = counts + 4 * (g * buckets + abs(k));
      store<u32>(at, load<u32>(at) + 1);
    }
  let next: u32 = 0;
  for (let k: u32 = 0; k < all; k++) {
    store<u32>(starts + 4 * k, next);
    next += load<u32>(counts + 4 * k);
  }
  for (let g: u32 = 0; g < groups; g++)
    for (let i: u32 = 0; i < count; i++) {
      const k = load<i16>(key + 2 * (g * count + i)) as i32;
      if (k === 0) continue;
      const at = starts + 4 * (g * buckets + abs(k));
      const to = work + POINT * load<u32>(at);
      store<u32>(at, load<u32>(at) + 1);
      copyPoint(to, source + POINT * (i >> share));
      if (k < 0) negate(to + ELEMENT);
    }
  for (;;) {
    let additions = plan(all, false);
    if (additions === 0) return;
    let doubles = false;
    if (!invert(additions, false)) {
      // Two points have the same x: a sum that is a double, or the identity.
      additions = plan(all, true);
      doubles = true;
      invert(additions, true);
    }
    addPoints(additions, doubles);
    for (let k: u32 = 0; k < all; k++) store<u32>(counts + 4 * k, load<u32>(starts + 4 * k));
    const sums = other;
    other = work;
    work = sums;
  }
}

function copyPoint(to: usize, from: usize): void {
  for (let i: usize = 0; i < POINT; i += 16) v128.store(to + i, v128.load(from + i));
}

function negate(element: usize): void {
  for (let i: usize = 0; i < ELEMENT; i += 8) store<f64>(element + i, -load<f64>(element + i));
}

/**
 * Plans a round: the points of each bucket are added by twos, a last one is moved. Returns the number of
 * additions, with the last one repeated to make it even; starts[k] says how many points bucket k will have.
 * `careful` looks for equal points, and leaves out opposite ones.
 */
function plan(buckets: u32, careful: bool): u32 {
  let point = work;
  let to = other;
  let job = jobs;
  for (let k: u32 = 0; k < buckets; k++) {
    let left = load<u32>(counts + 4 * k);
    const first = to;
    for (; left > 1; left -= 2) {
      const relation: u32 = careful ? relationOf(point) : 0;
      if (relation !== OPPOSITE) {
        store<u32>(job, (point as u32) | relation);
        store<u32>(job, to as u32, 4);
        job += JOB;
        to += POINT;
      }
      point += 2 * POINT;
    }
    if (left === 1) {
      copyPoint(to, point);
      to += POINT;
      point += POINT;
    }
    store<u32>(starts + 4 * k, ((to - first) / POINT) as u32);
  }
  if ((job - jobs) & JOB) {
    store<u64>(job, load<u64>(job - JOB));
    job += JOB;
  }
  return ((job - jobs) / JOB) as u32;
}

const OPPOSITE: u32 = 2;

/** How a point and the one after it are related: 0, DOUBLES or OPPOSITE. */
function relationOf(point: usize): u32 {
  lowerNumber(A, point, 8);
  lowerNumber(B, point + POINT, 8);
  if (!equal(A, B)) return 0;
  lowerNumber(A, point + ELEMENT, 8);
  lowerNumber(B, point + POINT + ELEMENT, 8);
  return equal(A, B) ? DOUBLES : OPPOSITE;
}

/** The elements at two addresses as a pair's limb i. */
function gather(a: usize, b: usize, i: usize): v128 {
  return v128.load64_lane(b + 8 * i, v128.load64_zero(a + 8 * i), 1);
}

/**
 * The slopes' denominators, x2 − x1 or for doubles 2·y, and the products of those before each; T = the
 * inverse of all of them, lane by lane. False where one is zero.
 */
function invert(count: u32, doubles: bool): bool {
  let at: usize = 0;
  for (let i: usize = 0; i < PAIR; i += 16) v128.store(PRODUCT + i, v128.load(ONE + i));
  for (let job = jobs; job < jobs + JOB * count; job += 2 * JOB) {
    const a = (load<u32>(job) & ~DOUBLES) as usize;
    const b = (load<u32>(job, JOB) & ~DOUBLES) as usize;
    const to = denominators + at;
    for (let i: usize = 0; i < 5; i++) {
      const d = f64x2.sub(gather(a + POINT, b + POINT, i), gather(a, b, i));
      v128.store(to + 16 * i, d);
      v128.store(prefixes + at + 16 * i, v128.load(PRODUCT + 16 * i));
    }
    if (doubles) {
      if (load<u32>(job) & DOUBLES) doubleInto(to, a + ELEMENT);
      if (load<u32>(job, JOB) & DOUBLES) doubleInto(to + 8, b + ELEMENT);
    }
    mulPair(PRODUCT, PRODUCT, to);
    at += PAIR;
  }
  reduce(PRODUCT); // mulPair's may be a little more than q
  lowerElement(A, PRODUCT, 16);
  lowerElement(B, PRODUCT + 8, 16);
  mul(C, A, B);
  if (equal(C, ZERO)) return false;
  inverse(C, C);
  mul(B, B, C);
  mul(A, A, C);
  raiseElement(T, 16, B);
  raiseElement(T + 8, 16, A);
  return true;
}

function doubleInto(lane: usize, element: usize): void {
  for (let i: usize = 0; i < 5; i++) store<f64>(lane + 16 * i, 2 * load<f64>(element + 8 * i));
}

/** The planned additions, the last one first: T = the inverse of the denominators up to here. */
function addPoints(count: u32, doubles: bool): void {
  let at = PAIR * ((count >> 1) as usize);
  for (let job = jobs + JOB * count; job > jobs;) {
    job -= 2 * JOB;
    at -= PAIR;
    const a = (load<u32>(job) & ~DOUBLES) as usize;
    const b = (load<u32>(job, JOB) & ~DOUBLES) as usize;
    mulPair(SLOPE, T, prefixes + at);
    mulPair(T, T, denominators + at);
    for (let i: usize = 0; i < 5; i++) {
      v128.store(X1 + 16 * i, gather(a, b, i));
      v128.store(X2 + 16 * i, gather(a + POINT, b + POINT, i));
      const y = gather(a + ELEMENT, b + ELEMENT, i);
      v128.store(Y1 + 16 * i, y);
      const d = f64x2.sub(gather(a + POINT + ELEMENT, b + POINT + ELEMENT, i), y);
      v128.store(DIFFERENCE + 16 * i, d);
    }
    if (doubles) tangents(load<u32>(job), load<u32>(job, JOB));
    mulPair(SLOPE, SLOPE, DIFFERENCE);
    mulPair(DIFFERENCE, SLOPE, SLOPE);
    // x3 = slope² − x1 − x2, y3 = slope·(x1 − x3) − y1
    for (let i: usize = 0; i < PAIR; i += 16) {
      const d = f64x2.sub(v128.load(DIFFERENCE + i), v128.load(X1 + i));
      v128.store(X2 + i, f64x2.sub(d, v128.load(X2 + i)));
    }
    reduce(X2);
    for (let i: usize = 0; i < PAIR; i += 16)
      v128.store(DIFFERENCE + i, f64x2.sub(v128.load(X1 + i), v128.load(X2 + i)));
    mulPair(DIFFERENCE, SLOPE, DIFFERENCE);
    for (let i: usize = 0; i < PAIR; i += 16)
      v128.store(Y1 + i, f64x2.sub(v128.load(DIFFERENCE + i), v128.load(Y1 + i)));
    reduce(Y1);
    scatter(load<u32>(job, 4), load<u32>(job, JOB + 4));
  }
}

/** DIFFERENCE = 3·x1² in the lanes of doubles, the slope's numerator there. */
function tangents(first: u32, second: u32): void {
  mulPair(T2, X1, X1);
  for (let i: usize = 0; i < PAIR; i += 16) {
    const square = v128.load(T2 + i);
    v128.store(T2 + i, f64x2.add(f64x2.add(square, square), square));
  }
  reduce(T2);
  for (let i: usize = 0; i < PAIR; i += 16) {
    if (first & DOUBLES) store<f64>(DIFFERENCE + i, load<f64>(T2 + i));
    if (second & DOUBLES) store<f64>(DIFFERENCE + i, load<f64>(T2 + i, 8), 8);
  }
}

function reduce(a: usize): void {
  storeReduced(
    a,
    v128.load(a),
    v128.load(a, 16),
    v128.load(a, 32),
    v128.load(a, 48),
    v128.load(a, 64),
  );
}

/** (X2, Y1) to two points. */
function scatter(a: usize, b: usize): void {
  for (let i: usize = 0; i < 5; i++) {
    const x = v128.load(X2 + 16 * i);
    v128.store64_lane(a + 8 * i, x, 0);
    v128.store64_lane(b + 8 * i, x, 1);
    const y = v128.load(Y1 + 16 * i);
    v128.store64_lane(a + 8 * i, y, 0, ELEMENT);
    v128.store64_lane(b + 8 * i, y, 1, ELEMENT);
  }
}
