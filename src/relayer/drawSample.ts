import type { Address } from "viem";
import { fromHex, SAMPLE_DELAY } from "../protocol/index.ts";
import { getSampleSeed } from "../registry/checkSample.ts";
import type { RegistryClients } from "../registry/clients.ts";
import { RegistryError } from "../registry/errors.ts";
import type { Claim } from "../registry/findClaims.ts";
import type { SampleChoice } from "./coverage.ts";

/** A sample of a claim's segments: how many, and whose. */
export interface ClaimSample {
  readonly size: number;
  /** Who will answer for it: each attester has another sample (PROTOCOL §23). */
  readonly attester: Address;
}

/**
 * What an attester's sample of a claim is drawn with, as the chain says.
 *
 * @throws RegistryError "other" where the node has not the block whose hash is needed: it is SAMPLE_DELAY blocks after the claim's.
 */
export async function drawSample(
  clients: RegistryClients,
  { claimId, blockNumber }: Pick<Claim, "claimId" | "blockNumber">,
  { size, attester }: ClaimSample,
): Promise<SampleChoice> {
  const block = Number(blockNumber) + SAMPLE_DELAY;
  const seed = await getSampleSeed(clients, { claimId, attester });
  if (seed !== undefined) return { size, seed: fromHex(seed), block };
  throw new RegistryError(
    "other",
    `the node has no block ${block}, whose hash draws samples of claim ${claimId}; wait until it is built, or ask a node that keeps it`,
  );
}
