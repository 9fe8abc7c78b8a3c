// Weights χ_i of a point (PROTOCOL §1) and sums over them in AssemblyScript, which scripts/ci/buildWasm.mjs
// compiles into chiModule.ts. ../chiSums.ts is the caller. Words of the caller are 32 big-endian bytes, below r.
import {
  add,
  FIELD,
  mul,
  ONE,
  pack,
  set,
  SQUARE,
  sub,
  swapWord,
  UNIT,
  unpack,
  WORD,
  ZERO,
} from "../../protocol/wasm/field.as";

const COORDINATES: usize = 64;

const word = memory.data(32, 8);
const factor = memory.data(36);
const term = memory.data(36);
const total = memory.data(36);

// The regions of memory that layout(count) lays out.
let input: usize = 0; // a point's coordinates, or a factor; and results
let words: usize = 0; // scalars
let tables: usize = 0; // two tables of weights
let size: usize = 0; // bytes of one

/** Makes room for `count` words and weights, and returns where 64 words, then these go; 0 where there is no memory. */
export function layout(count: u32): usize {
  const room = (count as u64) + 2;
  const end: u64 =
    (__heap_base as u64) + WORD * (COORDINATES + (count as u64)) + 2 * FIELD * room + 16;
  const pages = (end + 0xffff) >> 16;
  const has = memory.size() as u64;
  if (pages > 0xffff) return 0;
  if (pages > has && memory.grow((pages - has) as i32) < 0) return 0;
  input = (__heap_base + 15) & ~15;
  words = input + WORD * COORDINATES;
  tables = words + WORD * (count as usize);
  size = FIELD * ((count as usize) + 2);
  return input;
}

function read(out: usize, at: usize): void {
  swapWord(word, at);
  unpack(out, word);
}

function write(at: usize, a: usize): void {
  pack(word, a);
  swapWord(at, word);
}

/**
 * Table `which` = χ_i for start ≤ i < start + count of the point of n coordinates at the input, most
 * significant first. Coordinate after coordinate, each weight of the smaller cube parts into its two.
 */
export function chi(which: u32, n: u32, start: u32, count: u32): void {
  const table = tables + size * which;
  set(table, ONE);
  let first: u32 = 0;
  let have: u32 = 1;
  for (let k: u32 = 0; k < n; k++) {
    const shift = n - 1 - k;
    const low: u32 = shift > 31 ? 0 : start >> shift;
    const high: u32 = shift > 31 ? 0 : (start + count - 1) >> shift;
    read(factor, input + WORD * k);
    mul(factor, factor, SQUARE);
    for (let i: i32 = have - 1; i >= 0; i--) {
      const child: u32 = 2 * (first + (i as u32));
      const from = table + FIELD * (i as usize);
      mul(term, from, factor);
      sub(total, from, term);
      if (child + 1 >= low && child + 1 <= high) set(table + FIELD * (child + 1 - low), term);
      if (child >= low && child <= high) set(table + FIELD * (child - low), total);
    }
    first = low;
    have = high - low + 1;
  }
}

/** The input's first word = Σ_i table 0_i·word_i. */
export function sumWords(count: u32): void {
  set(total, ZERO);
  for (let i: usize = 0; i < count; i++) {
    read(term, words + WORD * i);
    mul(term, term, tables + FIELD * i);
    add(total, total, term);
  }
  write(input, total);
}

/** The input's first word = Σ_i table 0_i·table 1_i. */
export function sumTables(count: u32): void {
  set(total, ZERO);
  for (let i: usize = 0; i < count; i++) {
    mul(term, tables + FIELD * i, tables + size + FIELD * i);
    add(total, total, term);
  }
  mul(total, total, UNIT); // out of Montgomery form
  write(input, total);
}

/** word_i = the input's first word·table 0_i. */
export function scaleTable(count: u32): void {
  read(factor, input);
  for (let i: usize = 0; i < count; i++) {
    mul(term, factor, tables + FIELD * i);
    write(words + WORD * i, term);
  }
}

/** word_i = the input's first word·word_i. */
export function scaleWords(count: u32): void {
  read(factor, input);
  mul(factor, factor, SQUARE);
  for (let i: usize = 0; i < count; i++) {
    read(term, words + WORD * i);
    mul(term, term, factor);
    write(words + WORD * i, term);
  }
}
