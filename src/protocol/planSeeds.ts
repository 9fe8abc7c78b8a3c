import { ascii } from "./bytes.ts";
import { keccak256 } from "./hash.ts";

const WEIGHTS = ascii("trainproof/1/plan/weights");
const SCHEDULE = ascii("trainproof/1/plan/schedule");

/** The seeds that the run of an announced plan must use: of the initial weights, and of the batch order (PROTOCOL §22). */
export const planSeeds = (seed: Uint8Array): { weights: Uint8Array; schedule: Uint8Array } => ({
  weights: keccak256(WEIGHTS, seed),
  schedule: keccak256(SCHEDULE, seed),
});
