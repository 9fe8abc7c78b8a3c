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

export interface CheckSamplesParameters {
  attestations: readonly Pick<Attestation, "claimId" | "attester" | "sample">[];
}

/** In the order of the verdicts; undefined for one on all segments. */
export type CheckSamplesReturnType = (SampleOrigin | undefined)[];
export type CheckSamplesErrorType = RegistryError;

/** The hash of the block that says how samples of a claim's segments are drawn, where the node has it. */
async function sampleBlockHash(clients: RegistryClients, claimId: Hex): Promise<Hex | undefined> {
  try {
    const stored = await readClaim(clients, claimId);
    if (stored === undefined) {
      throw new RegistryError("notFound", `the registry has no claim ${claimId}; check the id`);
    }
    const blockNumber = BigInt(stored.registeredIn + SAMPLE_DELAY);
    return (await clients.reader.getBlock({ blockNumber })).hash;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return undefined;
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

const seedFrom = (hash: Hex, { claimId, attester }: GetSampleSeedParameters): Hex =>
  `0x${toHex(sampleSeed(fromHex(hash), fromHex(claimId), fromHex(attester)))}`;

export type GetSampleSeedParameters = Pick<Attestation, "claimId" | "attester">;
export type GetSampleSeedReturnType = Hex | undefined;
export type GetSampleSeedErrorType = RegistryError;

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
  parameters: GetSampleSeedParameters,
): Promise<GetSampleSeedReturnType> {
  const hash = await sampleBlockHash(clients, parameters.claimId);
  return hash && seedFrom(hash, parameters);
}

/**
 * Whether the samples that verdicts name were drawn as PROTOCOL §23 says; the registry does not check this. Each claim's block is read once.
 *
 * @throws RegistryError "notFound" when there is no such claim.
 *
 * @example
 * const attestations = await getAttestations(clients, { claimId });
 * const origins = await checkSamples(clients, { attestations });
 * attestations.forEach(({ attester }, i) => {
 *   if (origins[i] === "other") console.log(SAMPLE_NOT_DRAWN, attester);
 * });
 */
export async function checkSamples(
  clients: RegistryClients,
  { attestations }: CheckSamplesParameters,
): Promise<CheckSamplesReturnType> {
  const hashes = new Map<Hex, Promise<Hex | undefined>>();
  const hashFor = (claimId: Hex) => {
    const hash = hashes.get(claimId) ?? sampleBlockHash(clients, claimId);
    hashes.set(claimId, hash);
    return hash;
  };
  const checked: CheckSamplesReturnType = [];
  for (const { sample, ...given } of attestations) {
    const hash = sample && (await hashFor(given.claimId));
    if (sample === undefined) checked.push(undefined);
    else if (hash === undefined) checked.push("unknown");
    else checked.push(seedFrom(hash, given) === sample.seed ? "drawn" : "other");
  }
  return checked;
}
