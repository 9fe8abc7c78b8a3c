// Whether bytes are points (PROTOCOL §1) in AssemblyScript, which scripts/ci/buildWasm.mjs compiles into
// pointsModule.ts. ../points.ts is the caller.
import { add, equal, FIELD, mul, reduced, SQUARE, swapWord, unpack, WORD } from "./field.as";

/** 3/2^261 modulo q. */
const THREE = memory.data<u32>([
  0x1811ce5a, 0x158d2d81, 0xa64262d, 0xf2d0f15, 0xf9aa739, 0x1d1ecee5, 0xe997947, 0x1c297d36,
  0x180269,
]);
const word = memory.data(32, 8);
const x = memory.data(36);
const y = memory.data(36);
const left = memory.data(36);
const right = memory.data(36);

/** Where the caller puts points, 64 bytes each, up to so many; 0 where there is no memory for them. */
export function buffer(count: usize): usize {
  const end = ((__heap_base as u64) + 2 * WORD * (count as u64) + 0xffff) >> 16;
  const has = memory.size() as u64;
  return end > has && memory.grow((end - has) as i32) < 0 ? 0 : __heap_base;
}

/** How many of the first `count` points there are canonical and on the curve before the first that is not. */
export function valid(count: u32): u32 {
  for (let i: u32 = 0; i < count; i++) if (!isPoint(__heap_base + 2 * WORD * i)) return i;
  return count;
}

/** x, y < q and y² = x³ + 3; all of it over 2^261, which mul divides by. The identity, 0 ‖ 0, is not on the curve. */
function isPoint(at: usize): bool {
  swapWord(word, at);
  unpack(x, word);
  swapWord(word, at + WORD);
  unpack(y, word);
  if (!reduced(x) || !reduced(y)) return false;
  mul(left, y, y);
  mul(right, x, x);
  mul(x, x, SQUARE);
  mul(right, right, x);
  add(right, right, THREE);
  return equal(left, right);
}
