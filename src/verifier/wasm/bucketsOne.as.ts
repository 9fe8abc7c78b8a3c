// Sums of points by bucket, in affine coordinates: the additions of a round share one inversion, so that
// one costs six products. bucketsPair.as.ts does the same with vector instructions.
import {
  add,
  equal,
  FIELD,
  inverse,
  mul,
  ONE,
  set,
  sub,
  WORD,
  unpack,
  SQUARE,
  ZERO,
} from "../../protocol/wasm/field.as";

/** Bytes of a point: x ‖ y. */
export const POINT: usize = 2 * FIELD;

const T0 = memory.data(36);
const T1 = memory.data(36);
const T2 = memory.data(36);
const PRODUCT = memory.data(36);

let work: usize = 0; // points grouped by bucket
let inverses: usize = 0; // denominators of a round, then their inverses
let prefixes: usize = 0; // products of the denominators before each
let counts: usize = 0; // u32, points of each bucket
let starts: usize = 0; // u32, where the next point of each bucket goes

/** Bytes that sumBuckets works in, for at most so many points and buckets. */
export function bucketBytes(count: u64, buckets: u64): u64 {
  const room = max(count, buckets);
  return (POINT + 2 * FIELD) * room + 8 * buckets;
}

/** Takes these bytes. */
export function placeBuckets(at: usize, count: usize, buckets: usize): void {
  const room = max(count, buckets);
  work = at;
  inverses = work + POINT * room;
  prefixes = inverses + FIELD * room;
  counts = prefixes + FIELD * room;
  starts = counts + 4 * buckets;
}

/** A point from two words, x ‖ y. */
export function readPoint(out: usize, words: usize): void {
  unpack(out, words);
  unpack(out + FIELD, words + WORD);
  mul(out, out, SQUARE);
  mul(out + FIELD, out + FIELD, SQUARE);
}

/** out = x ‖ y as field.as.ts has them. */
export function lowerPoint(out: usize, point: usize): void {
  setPoint(out, point);
}

/** Points in bucket k, 1 or 0, after sumBuckets. */
export function bucketSize(k: usize): u32 {
  return load<u32>(counts + 4 * k);
}

/** Where sumBuckets left the sums, bucket after bucket. */
export function bucketSums(): usize {
  return work;
}

function setPoint(out: usize, a: usize): void {
  set(out, a);
  set(out + FIELD, a + FIELD);
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
      setPoint(to, source + POINT * (i >> share));
      if (k < 0) sub(to + FIELD, ZERO, to + FIELD);
    }
  while (denominators(all)) addPairs(all);
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

/** Whether the engine computes what this needs of it. */
export function fused(): bool {
  return true;
}
