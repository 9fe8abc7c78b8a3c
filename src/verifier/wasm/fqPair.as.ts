// Fq in pairs, two elements a vector: lane 0 holds one and lane 1 the other. An element is five 51-bit
// limbs in floats, least first: whole signed numbers, not reduced, Σ limb_i·2^(51i) = a·2^255 modulo q.
//
// A product of limbs is split by two fused multiply-adds (Emmart, Zheng, Weems 2018): a float of
// [2^103, 2^104) has multiples of 2^51 for its last bit, so that SPLIT + a·b rounds the product's upper
// half into its mantissa, and a second one yields what was rounded off. Both stand in their float's bits
// as integers, offset by a constant, and are added up as integers. This needs |a·b| ≤ 2^102. Fused it
// must be: fused() tests that, and an engine does it for all instructions or none (WebAssembly 3.0, §4.3.3).

import { mul, pack, store9, unpack } from "../../protocol/wasm/field.as";

/** Bytes of an element, and of a pair of them: limb i of both in vector i. */
export const ELEMENT: usize = 40;
export const PAIR: usize = 80;

/** q, and −1/q modulo 2^51. */
const Q = memory.data<i64>([
  154029749239111, 612489067865988, -557033797581398, 22935798733633, 851317936231194,
]);
const Q_PAIR = memory.data<f64>([
  154029749239111, 154029749239111, 612489067865988, 612489067865988, -557033797581398,
  -557033797581398, 22935798733633, 22935798733633, 851317936231194, 851317936231194,
]);

// Constants are loaded from memory: V8 builds a vector constant anew for each use, in three instructions.
const SPLIT = memory.data<f64>([1.5 * 2 ** 103, 1.5 * 2 ** 103], 16);
/** Takes the upper half from the product, and puts the rest into [2^52, 2^53), where the last bit is 1. */
const REST = memory.data<f64>([1.5 * 2 ** 103 + 1.5 * 2 ** 52, 1.5 * 2 ** 103 + 1.5 * 2 ** 52], 16);
const WHOLE = memory.data<f64>([1.5 * 2 ** 52, 1.5 * 2 ** 52], 16);
const UNIT = memory.data<f64>([2.0 ** 52, 2.0 ** 52], 16);
const CENTRE = memory.data<f64>([2.0 ** 52 + 2.0 ** 50, 2.0 ** 52 + 2.0 ** 50], 16);
/** (k·q + 1)/2^51 with k = −1/q modulo 2^51, 571208714576777. */
const Q_NEXT = memory.data<f64>(
  [
    324664056633514, 324664056633514, 96566577995231, 96566577995231, 1117491690367775,
    1117491690367775, 134030102137171, 134030102137171, 215951800464420, 215951800464420,
  ],
  16,
);
const Q_INVERSE = memory.data<f64>([571208714576777, 571208714576777], 16);
const MASK = memory.data<u64>([0x7ffffffffffff, 0x7ffffffffffff], 16);

/** 2^204/q, and 2^-51. */
const Q_RECIPROCAL = memory.data<f64>([1.1746492790073532e-15, 1.1746492790073532e-15], 16);
const SCALE = memory.data<f64>([2.0 ** -51, 2.0 ** -51], 16);
const FUSED = memory.data<f64>([134217729, 134217729, -18014398777917440, -18014398777917440], 16);

/** 2^267 and 2^255 modulo q: what times field.as.ts's 2^-261 turns a·2^255 into a·2^261, and back. */
const FROM_PAIR = memory.data<u32>([
  0x6693942, 0x14bb0951, 0x147cb959, 0x493c0, 0x572a3d1, 0x1d25a609, 0x9972b66, 0x8373a7b, 0xb0006,
]);
const TO_PAIR = memory.data<u32>([
  0xf060572, 0x1df73e92, 0x71ab961, 0x1a55ba5e, 0x14f44d0f, 0x1a497e7e, 0x1eb23d7d, 0x347b397,
  0x1f3763,
]);
const LOWERED = memory.data(36);
const LIMBS = memory.data(40, 8);
const NUMBER = memory.data(32, 8);

/**
 * What the columns 0 … 9 of a product begin with: less all offsets of their floats' bits; from 2^60 on for
 * 0 … 8, so that they are positive, and less what this makes the column before carry, 2^9; half of 2^51 for
 * all but 4 and 9, whose limbs are to be signed; and the offset of WHOLE for 9, which becomes a float as it is.
 */
const COLUMNS = memory.data<u64>([
  0xcccc000000000000, 0xfff3fffffffffe00, 0xecb3fffffffffe00, 0xd973fffffffffe00,
  0x82f7fffffffffe00, 0xf2fbfffffffffe00, 0xbfd3fffffffffe00, 0xd313fffffffffe00,
  0xe653fffffffffe00, 0x6ffffffffffffe00,
]);

function upper(a: v128, b: v128): v128 {
  return f64x2.relaxed_madd(a, b, v128.load(SPLIT));
}

function lower(a: v128, b: v128, high: v128): v128 {
  return f64x2.relaxed_madd(a, b, f64x2.sub(v128.load(REST), high));
}

/**
 * out = a·b/2^255 for limbs of at most 2^51. The result's are at most 2^50.
 *
 * To be divisible by 2^51, four columns get m·k·q with k = −1/q modulo 2^51: as k·q = −1 + 2^51·Q_NEXT, this
 * takes the column's last limb m away and adds m·Q_NEXT from the next column on. The column after these
 * gets m·q, lest k be in the result. What is added is at most 2^203·k·q and 2^50·2^204·q, |m| ≤ 2^50, so
 * the result is at most |a·b|/2^255 + 0.63·q; 2^255 = 2.64·q.
 */
export function mulPair(out: usize, a: usize, b: usize): void {
  const b0 = v128.load(b);
  const b1 = v128.load(b, 16);
  const b2 = v128.load(b, 32);
  const b3 = v128.load(b, 48);
  const b4 = v128.load(b, 64);
  let c0 = v128.load64_splat(COLUMNS);
  let c1 = v128.load64_splat(COLUMNS, 8);
  let c2 = v128.load64_splat(COLUMNS, 16);
  let c3 = v128.load64_splat(COLUMNS, 24);
  let c4 = v128.load64_splat(COLUMNS, 32);
  let c5 = v128.load64_splat(COLUMNS, 40);
  let h: v128;
  for (let i: usize = 0; i < 4; i++) {
    let c6 = v128.load64_splat(COLUMNS + 8 * i, 48);
    const x = v128.load(a + 16 * i);
    h = upper(x, b0);
    c0 = i64x2.add(c0, lower(x, b0, h));
    c1 = i64x2.add(c1, h);
    h = upper(x, b1);
    c1 = i64x2.add(c1, lower(x, b1, h));
    c2 = i64x2.add(c2, h);
    h = upper(x, b2);
    c2 = i64x2.add(c2, lower(x, b2, h));
    c3 = i64x2.add(c3, h);
    h = upper(x, b3);
    c3 = i64x2.add(c3, lower(x, b3, h));
    c4 = i64x2.add(c4, h);
    h = upper(x, b4);
    c4 = i64x2.add(c4, lower(x, b4, h));
    c5 = i64x2.add(c5, h);

    const m = limbs(c0);
    c1 = i64x2.add(c1, i64x2.shr_u(c0, 51));
    let q = v128.load(Q_NEXT);
    h = upper(m, q);
    c1 = i64x2.add(c1, lower(m, q, h));
    c2 = i64x2.add(c2, h);
    q = v128.load(Q_NEXT, 16);
    h = upper(m, q);
    c2 = i64x2.add(c2, lower(m, q, h));
    c3 = i64x2.add(c3, h);
    q = v128.load(Q_NEXT, 32);
    h = upper(m, q);
    c3 = i64x2.add(c3, lower(m, q, h));
    c4 = i64x2.add(c4, h);
    q = v128.load(Q_NEXT, 48);
    h = upper(m, q);
    c4 = i64x2.add(c4, lower(m, q, h));
    c5 = i64x2.add(c5, h);
    q = v128.load(Q_NEXT, 64);
    h = upper(m, q);
    c5 = i64x2.add(c5, lower(m, q, h));
    c6 = i64x2.add(c6, h);

    c0 = c1;
    c1 = c2;
    c2 = c3;
    c3 = c4;
    c4 = c5;
    c5 = c6;
  }
  const x = v128.load(a, 64);
  h = upper(x, b0);
  c0 = i64x2.add(c0, lower(x, b0, h));
  c1 = i64x2.add(c1, h);
  h = upper(x, b1);
  c1 = i64x2.add(c1, lower(x, b1, h));
  c2 = i64x2.add(c2, h);
  h = upper(x, b2);
  c2 = i64x2.add(c2, lower(x, b2, h));
  c3 = i64x2.add(c3, h);
  h = upper(x, b3);
  c3 = i64x2.add(c3, lower(x, b3, h));
  c4 = i64x2.add(c4, h);
  h = upper(x, b4);
  c4 = i64x2.add(c4, lower(x, b4, h));
  c5 = i64x2.add(c5, h);

  const u = f64x2.sub(v128.or(v128.and(c0, v128.load(MASK)), v128.load(UNIT)), v128.load(UNIT));
  h = upper(u, v128.load(Q_INVERSE));
  const m = f64x2.sub(lower(u, v128.load(Q_INVERSE), h), v128.load(WHOLE));
  let q = v128.load(Q_PAIR);
  h = upper(m, q);
  c0 = i64x2.add(c0, lower(m, q, h));
  c1 = i64x2.add(c1, h);
  q = v128.load(Q_PAIR, 16);
  h = upper(m, q);
  c1 = i64x2.add(c1, lower(m, q, h));
  c2 = i64x2.add(c2, h);
  q = v128.load(Q_PAIR, 32);
  h = upper(m, q);
  c2 = i64x2.add(c2, lower(m, q, h));
  c3 = i64x2.add(c3, h);
  q = v128.load(Q_PAIR, 48);
  h = upper(m, q);
  c3 = i64x2.add(c3, lower(m, q, h));
  c4 = i64x2.add(c4, h);
  q = v128.load(Q_PAIR, 64);
  h = upper(m, q);
  c4 = i64x2.add(c4, lower(m, q, h));
  c5 = i64x2.add(c5, h);

  c1 = i64x2.add(c1, i64x2.shr_u(c0, 51));
  c2 = i64x2.add(c2, i64x2.shr_u(c1, 51));
  c3 = i64x2.add(c3, i64x2.shr_u(c2, 51));
  c4 = i64x2.add(c4, i64x2.shr_u(c3, 51));
  c5 = i64x2.add(c5, i64x2.shr_u(c4, 51));
  v128.store(out, limbs(c1));
  v128.store(out, limbs(c2), 16);
  v128.store(out, limbs(c3), 32);
  v128.store(out, limbs(c4), 48);
  v128.store(out, f64x2.sub(c5, v128.load(WHOLE)), 64);
}

/** The lower 51 bits less 2^50 as floats. */
function limbs(c: v128): v128 {
  return f64x2.sub(v128.or(v128.and(c, v128.load(MASK)), v128.load(UNIT)), v128.load(CENTRE));
}

/**
 * out = the pair with these limbs, less the nearest multiple of q: at most q/2 and a 2^-45th of it. For
 * limbs of at most 2^52, and values of at most 2^255. Its limbs are at most 2^50.
 */
export function storeReduced(out: usize, r0: v128, r1: v128, r2: v128, r3: v128, r4: v128): void {
  const k = f64x2.nearest(f64x2.mul(r4, v128.load(Q_RECIPROCAL)));
  const split = v128.load(SPLIT);
  const scale = v128.load(SCALE);
  let d = f64x2.sub(r0, f64x2.mul(k, v128.load(Q_PAIR)));
  let carry = f64x2.sub(f64x2.add(d, split), split); // to a multiple of 2^51
  v128.store(out, f64x2.sub(d, carry));
  d = f64x2.sub(r1, f64x2.mul(k, v128.load(Q_PAIR, 16)));
  d = f64x2.add(d, f64x2.mul(carry, scale));
  carry = f64x2.sub(f64x2.add(d, split), split);
  v128.store(out, f64x2.sub(d, carry), 16);
  d = f64x2.sub(r2, f64x2.mul(k, v128.load(Q_PAIR, 32)));
  d = f64x2.add(d, f64x2.mul(carry, scale));
  carry = f64x2.sub(f64x2.add(d, split), split);
  v128.store(out, f64x2.sub(d, carry), 32);
  d = f64x2.sub(r3, f64x2.mul(k, v128.load(Q_PAIR, 48)));
  d = f64x2.add(d, f64x2.mul(carry, scale));
  carry = f64x2.sub(f64x2.add(d, split), split);
  v128.store(out, f64x2.sub(d, carry), 48);
  d = f64x2.sub(r4, f64x2.mul(k, v128.load(Q_PAIR, 64)));
  v128.store(out, f64x2.add(d, f64x2.mul(carry, scale)), 64);
}

/** Whether the engine fuses: 2^54 + 2^28 + 1 less its upper two terms is 1 only where nothing is rounded before. */
export function fused(): bool {
  const a = v128.load(FUSED);
  const d = f64x2.relaxed_madd(a, a, v128.load(FUSED, 16));
  return f64x2.extract_lane(d, 0) === 1 && f64x2.extract_lane(d, 1) === 1;
}

// ---- To and from field.as.ts. An element's limbs are `stride` bytes apart, 8 or, in a pair, 16.

/** out = the number a modulo q in nine limbs, for |a| < q. It is a·2^255 still: times FROM_PAIR, it is field.as.ts's. */
export function lowerNumber(out: usize, a: usize, stride: usize): void {
  let carry: i64 = 0;
  for (let i: usize = 0; i < 5; i++) {
    const sum = (load<f64>(a + stride * i) as i64) + load<i64>(Q + 8 * i) + carry;
    carry = sum >> 51;
    store<i64>(LIMBS + 8 * i, i < 4 ? sum & 0x7ffffffffffff : sum);
  }
  const l1 = load<u64>(LIMBS, 8);
  const l2 = load<u64>(LIMBS, 16);
  const l3 = load<u64>(LIMBS, 24);
  store<u64>(NUMBER, load<u64>(LIMBS) | (l1 << 51));
  store<u64>(NUMBER, (l1 >> 13) | (l2 << 38), 8);
  store<u64>(NUMBER, (l2 >> 26) | (l3 << 25), 16);
  store<u64>(NUMBER, (l3 >> 39) | (load<u64>(LIMBS, 32) << 12), 24);
  unpack(out, NUMBER);
  store9(
    out,
    load<u32>(out),
    load<u32>(out, 4),
    load<u32>(out, 8),
    load<u32>(out, 12),
    load<u32>(out, 16),
    load<u32>(out, 20),
    load<u32>(out, 24),
    load<u32>(out, 28),
    load<u32>(out, 32),
  );
}

/** out = the 32-byte number at `word` < 2^254 in five limbs. */
export function raiseNumber(out: usize, stride: usize, word: usize): void {
  let carry: i64 = 0;
  for (let i: usize = 0; i < 5; i++) {
    const at = 51 * i;
    const from = min(at >> 3, 24);
    let limb = ((load<u64>(word + from) >> (at - 8 * from)) & 0x7ffffffffffff) as i64;
    limb += carry;
    carry = i < 4 && limb >= 1 << 50 ? 1 : 0;
    store<f64>(out + stride * i, (limb - (carry << 51)) as f64);
  }
}

/** out = a, from a limb vector's lane or an element to field.as.ts's form. */
export function lowerElement(out: usize, a: usize, stride: usize): void {
  lowerNumber(out, a, stride);
  mul(out, out, FROM_PAIR);
}

/** The opposite. */
export function raiseElement(out: usize, stride: usize, a: usize): void {
  mul(LOWERED, a, TO_PAIR);
  pack(NUMBER, LOWERED);
  raiseNumber(out, stride, NUMBER);
}
