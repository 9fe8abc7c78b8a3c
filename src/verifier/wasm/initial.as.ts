// Σ_{k,j} in_k·out_j·W(k, j) over a layer's initial weights (PROTOCOL §6) for several claims' in and out in
// AssemblyScript, which scripts/ci/buildWasm.mjs compiles into initialModule.ts. ../initialValue.ts is the
// caller. Weights are expanded row by row; what is summed is whole numbers, never reduced.
import { permute } from "../../protocol/wasm/keccak.as";

/** Field elements are nine 29-bit limbs. A row's sum has eleven, and the total of all rows 22. */
const BITS: i64 = 29;
const MASK: i64 = 0x1fffffff;
const LIMBS: usize = 9;
const ROW: usize = 11;
const TOTAL: usize = 22;
const WORD: usize = 32;
const FIELD: usize = 36;

/** Weights, or parts of the sum, that a block of Keccak gives. */
const BLOCK: u32 = 8;

const state = memory.data(200, 8);
const rowSum = memory.data(88, 8);

let message: usize = 0; // the hashed message but for its index, padded to a block
let ins: usize = 0; // claim after claim: a word an element, from the caller; in place made limbs
let outs: usize = 0; // the same
let totals: usize = 0; // of each claim, 64-bit limbs
let weights: usize = 0; // of a row, 32 bits each

/** Makes room, and returns where the message, then ins, then outs go; 0 where there is no memory for them. */
export function layout(inputs: u32, outputs: u32, claims: u32): usize {
  const elements: u64 = ((inputs as u64) + outputs) * claims;
  const end =
    (__heap_base as u64) + 144 + FIELD * elements + 8 * TOTAL * claims + 4 * (outputs as u64);
  const pages = (end + 16 + 0xffff) >> 16;
  const has = memory.size() as u64;
  if (pages > 0xffff) return 0;
  if (pages > has && memory.grow((pages - has) as i32) < 0) return 0;
  message = (__heap_base + 15) & ~15;
  ins = message + 136;
  outs = ins + FIELD * inputs * claims;
  totals = (outs + FIELD * outputs * claims + 7) & ~7;
  weights = totals + 8 * TOTAL * claims;
  memory.fill(message, 0, 136);
  return message;
}

/** The limbs of a 32-byte word in its place, which has 36. */
function unpack(at: usize): void {
  const w0 = load<u64>(at);
  const w1 = load<u64>(at, 8);
  const w2 = load<u64>(at, 16);
  const w3 = load<u64>(at, 24);
  store<u32>(at, (w0 & MASK) as u32);
  store<u32>(at, ((w0 >> 29) & MASK) as u32, 4);
  store<u32>(at, (((w0 >> 58) | (w1 << 6)) & MASK) as u32, 8);
  store<u32>(at, ((w1 >> 23) & MASK) as u32, 12);
  store<u32>(at, (((w1 >> 52) | (w2 << 12)) & MASK) as u32, 16);
  store<u32>(at, ((w2 >> 17) & MASK) as u32, 20);
  store<u32>(at, (((w2 >> 46) | (w3 << 18)) & MASK) as u32, 24);
  store<u32>(at, ((w3 >> 11) & MASK) as u32, 28);
  store<u32>(at, (w3 >> 40) as u32, 32);
}

/**
 * Sums over the layer: `prefix` bytes of the message are the caller's, its index follows. Returns where the
 * claims' totals are, 22 limbs of 64 bits each, which may be negative. Needs bound < 2^30 and
 * bound·outputs < 2^38, for the sums of a row to fit.
 */
export function sum(prefix: u32, bound: u32, inputs: u32, outputs: u32, claims: u32): usize {
  for (let at = ins; at < ins + FIELD * (inputs + outputs) * claims; at += FIELD) unpack(at);
  memory.fill(totals, 0, 8 * TOTAL * claims);
  store<u8>(message + prefix + 8, 1);
  store<u8>(message + 135, 0x80);
  // A term is below 2^29·bound, so that so many stay below 2^62.
  const spare: u32 = min(clz(bound) + 1, 20);
  const few: u32 = 1 << spare;
  let block: u64 = 0;
  let used: u32 = BLOCK;
  for (let k: u32 = 0; k < inputs; k++) {
    for (let j: u32 = 0; j < outputs; j++) {
      if (used === BLOCK) {
        hash(prefix, block++);
        used = 0;
      }
      const u = bswap<u32>(load<u32>(state + 4 * used++)) as u64;
      const range: u64 = 2 * (bound as u64) + 1;
      store<i32>(weights + 4 * j, (((u * range) >> 32) as i32) - (bound as i32));
    }
    for (let c: u32 = 0; c < claims; c++) {
      overRow(outs + FIELD * outputs * c, outputs, few);
      addTo(totals + 8 * TOTAL * c, ins + FIELD * (inputs * c + k));
    }
  }
  return totals;
}

/** state = Keccak's after the message with this index. */
function hash(prefix: usize, index: u64): void {
  store<u64>(message + prefix, bswap<u64>(index));
  memory.copy(state, message, 136);
  memory.fill(state + 136, 0, 64);
  permute(state);
}

/** rowSum = Σ_j out_j·weight_j, carried after every `few` terms. */
function overRow(out: usize, outputs: u32, few: u32): void {
  let s0: i64 = 0;
  let s1: i64 = 0;
  let s2: i64 = 0;
  let s3: i64 = 0;
  let s4: i64 = 0;
  let s5: i64 = 0;
  let s6: i64 = 0;
  let s7: i64 = 0;
  let s8: i64 = 0;
  for (let j: u32 = 0; j < outputs;) {
    const end = min(outputs, j + few);
    for (; j < end; j++) {
      const w = load<i32>(weights + 4 * j) as i64;
      const at = out + FIELD * j;
      s0 += w * (load<u32>(at) as i64);
      s1 += w * (load<u32>(at, 4) as i64);
      s2 += w * (load<u32>(at, 8) as i64);
      s3 += w * (load<u32>(at, 12) as i64);
      s4 += w * (load<u32>(at, 16) as i64);
      s5 += w * (load<u32>(at, 20) as i64);
      s6 += w * (load<u32>(at, 24) as i64);
      s7 += w * (load<u32>(at, 28) as i64);
      s8 += w * (load<u32>(at, 32) as i64);
    }
    s1 += s0 >> BITS;
    s0 &= MASK;
    s2 += s1 >> BITS;
    s1 &= MASK;
    s3 += s2 >> BITS;
    s2 &= MASK;
    s4 += s3 >> BITS;
    s3 &= MASK;
    s5 += s4 >> BITS;
    s4 &= MASK;
    s6 += s5 >> BITS;
    s5 &= MASK;
    s7 += s6 >> BITS;
    s6 &= MASK;
    s8 += s7 >> BITS;
    s7 &= MASK;
  }
  store<i64>(rowSum, s0);
  store<i64>(rowSum, s1, 8);
  store<i64>(rowSum, s2, 16);
  store<i64>(rowSum, s3, 24);
  store<i64>(rowSum, s4, 32);
  store<i64>(rowSum, s5, 40);
  store<i64>(rowSum, s6, 48);
  store<i64>(rowSum, s7, 56);
  store<i64>(rowSum, s8 & MASK, 64);
  store<i64>(rowSum, (s8 >> BITS) & MASK, 72);
  store<i64>(rowSum, s8 >> (2 * BITS), 80);
}

/** total += rowSum·element. Limbs of the total but its last are below 2^29 before and after. */
function addTo(total: usize, element: usize): void {
  let carry: i64 = 0;
  for (let i: usize = 0; i < TOTAL; i++) {
    let column = load<i64>(total + 8 * i) + carry;
    const first: usize = i < ROW ? 0 : i - ROW + 1;
    for (let l = first; l < LIMBS && l <= i; l++)
      column += (load<u32>(element + 4 * l) as i64) * load<i64>(rowSum + 8 * (i - l));
    carry = column >> BITS;
    store<i64>(total + 8 * i, i < TOTAL - 1 ? column & MASK : column);
  }
}
