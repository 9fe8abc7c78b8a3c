import { BlockNotFoundError, type Hex } from "viem";
import { fromHex, SAMPLE_DELAY, sampleSeed, toHex } from "../protocol/index.ts";
import type { RegistryClients } from "./clients.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";
import type { Attestation } from "./getAttestations.ts";
import { readClaim } from "./getClaim.ts";

/**
 * drawn: the sample's seed is the one that the protocol gives this attester for this claim; other: it is another, and the sample may be
 * the attester's own choice; unknown: the node does not have the block that says.
 */
export type SampleOrigin = "drawn" | "other" | "unknown";

/** What is said with each sample that is "other". */
export const SAMPLE_NOT_DRAWN = "the sample was not drawn as the protocol says";

export type CheckSampleParameters = Pick<Attestation, "claimId" | "attester" | "sample">;
export type CheckSampleReturnType = SampleOrigin;
export type CheckSampleErrorType = RegistryError;

/**
 * The seed of an attester's sample of a claim's segments (PROTOCOL §23), or undefined where the node does not have its block, or does not
 * have it yet: it is SAMPLE_DELAY blocks after the claim's.
 *
 * @throws RegistryError "notFound" when there is no such claim.
 *
 * @example
 * const seed = await getSampleSeed(clients, { claimId, attester });
 */
export async function getSampleSeed(
  clients: RegistryClients,
  { claimId, attester }: Pick<Attestation, "claimId" | "attester">,
): Promise<Hex | undefined> {
  try {
    const stored = await readClaim(clients, claimId);
    if (stored === undefined) {
      throw new RegistryError("notFound", `the registry has no claim ${claimId}; check the id`);
    }
    const blockNumber = BigInt(stored.registeredIn + SAMPLE_DELAY);
    const { hash } = await clients.reader.getBlock({ blockNumber });
    return `0x${toHex(sampleSeed(fromHex(hash), fromHex(claimId), fromHex(attester)))}`;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return undefined;
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

/**
 * Whether the sample that a verdict names was drawn as PROTOCOL §23 says; the registry does not check this.
 *
 * @throws RegistryError "usage" for a verdict on all segments.
 *
 * @example
 * for (const attestation of await getAttestations(clients, { claimId }))
 *   if (attestation.sample && (await checkSample(clients, attestation)) === "other")
 *     console.log(SAMPLE_NOT_DRAWN, attestation.attester);
 */
export async function checkSample(
  clients: RegistryClients,
  { claimId, attester, sample }: CheckSampleParameters,
): Promise<CheckSampleReturnType> {
  if (sample === undefined) {
    throw new RegistryError("usage", `${attester}'s verdict on claim ${claimId} is on no sample`);
  }
  const seed = await getSampleSeed(clients, { claimId, attester });
  if (seed === undefined) return "unknown";
  return seed === sample.seed ? "drawn" : "other";
}
