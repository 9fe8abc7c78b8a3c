import { ascii, u64, viewOf } from "./bytes.ts";
import { log2c } from "./field.ts";
import { keccak256 } from "./hash.ts";

const SCHEDULE = ascii("trainproof/1/schedule");
const ROUNDS = 8;

/** The bijective mixer of 32-bit words that MurmurHash3 finishes with. */
function mix(word: number): number {
  let h = word;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** π_e: the permutation of [0, samples) of one epoch, a Feistel network that walks its cycles. */
export function epochPermutation(
  seed: Uint8Array,
  epoch: bigint,
  samples: number,
): (position: number) => number {
  const bits = Math.max(1, Math.ceil(log2c(samples) / 2));
  const half = 2 ** bits;
  const mask = half - 1;
  const view = viewOf(keccak256(SCHEDULE, seed, u64(epoch)));
  const keys = Array.from({ length: ROUNDS }, (_, j) => view.getUint32(4 * j));
  return (position) => {
    let x = position;
    do {
      // Without arrays or iterators: this runs for each row of a segment, in code not yet optimised.
      let left = x >>> bits;
      let right = x & mask;
      for (let j = 0; j < ROUNDS; j++) {
        const next = (left ^ (mix(right + keys[j]!) & mask)) >>> 0;
        left = right;
        right = next;
      }
      x = left * half + right;
    } while (x >= samples);
    return x;
  };
}

/** What of a statement the schedule depends on. */
export interface ScheduleParameters {
  readonly scheduleSeed: Uint8Array;
  readonly firstStep: bigint;
  readonly tau: number;
  readonly beta: number;
  readonly samples: bigint;
}

/**
 * idx(t, i): the sample of each of the T·B rows of a segment, at index t·B + i (PROTOCOL §6).
 * Needs B ≤ samples ≤ 2^32.
 */
export function batchIndices(parameters: ScheduleParameters): Uint32Array {
  const B = 2 ** parameters.beta;
  const samples = Number(parameters.samples);
  const epochLength = Math.floor(samples / B) * B;
  const start = parameters.firstStep * BigInt(B);
  let epoch = start / BigInt(epochLength);
  let position = Number(start % BigInt(epochLength));
  let permute = epochPermutation(parameters.scheduleSeed, epoch, samples);
  return Uint32Array.from({ length: B * 2 ** parameters.tau }, () => {
    if (position === epochLength) {
      epoch += 1n;
      position = 0;
      permute = epochPermutation(parameters.scheduleSeed, epoch, samples);
    }
    return permute(position++);
  });
}
