import { ascii, readUint256, u64 } from "./bytes.ts";
import { keccak256 } from "./hash.ts";

const SEED = ascii("trainproof/1/sample");
const INDEX = ascii("trainproof/1/sample-index");

/** How many blocks after a claim's registration the block is whose hash makes the seeds of its samples (PROTOCOL §23). */
export const SAMPLE_DELAY = 4;

/**
 * What an attester's sample of a claim's segments is drawn from (PROTOCOL §23): 32 bytes. `blockHash` (32 bytes) is that of the block
 * SAMPLE_DELAY after the claim's, `claimId` has 32 bytes, `attester` 20.
 */
export const sampleSeed = (
  blockHash: Uint8Array,
  claimId: Uint8Array,
  attester: Uint8Array,
): Uint8Array => keccak256(SEED, blockHash, claimId, attester);

/**
 * The sample of a run's segments that a 32-byte seed draws (PROTOCOL §23): `size` indices of `segments`, ascending, none twice. A RangeError
 * unless 1 ≤ size ≤ segments.
 */
export function sampleSegments(seed: Uint8Array, size: number, segments: number): number[] {
  if (seed.length !== 32) throw new RangeError(`sample: a seed of ${seed.length} bytes, not 32`);
  if (!Number.isInteger(size) || size < 1 || size > segments)
    throw new RangeError(
      `sample: ${size} of ${segments} segments; from 1 to ${segments} can be drawn`,
    );
  const drawn = new Set<number>();
  for (let j = 0; drawn.size < size; j++)
    drawn.add(Number(readUint256(keccak256(INDEX, seed, u64(j))) % BigInt(segments)));
  return [...drawn].sort((a, b) => a - b);
}
