import { ascii } from "./bytes.ts";
import { keccak256 } from "./hash.ts";

const SEED = ascii("trainproof/1/sample");

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
