import type { Address, Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";
import type { Claim } from "./findClaims.ts";
import type { Attestation } from "./getAttestations.ts";

export interface GetStatusParameters {
  claimId: Hex;
  /** Whom the reader trusts, in any order; each counts once. */
  verifiers: readonly Address[];
  /** How many of them must agree. */
  threshold: number;
}

export const outcomes = ["open", "valid", "invalid", "conflict", "retracted"] as const;

/**
 * open: neither side has the threshold; conflict: both have; retracted: the claimant took the claim back, whatever the verifiers
 * say. Sampled verdicts are on neither side.
 */
export type Outcome = (typeof outcomes)[number];

export interface GetStatusReturnType {
  outcome: Outcome;
  valid: number;
  invalid: number;
  /** Verdicts on a sample of the segments; they decide nothing. */
  sampled: number;
  /** Verdicts that their verifiers took back; they count for nothing. */
  revoked: number;
  retracted: boolean;
}

export type GetStatusErrorType = RegistryError;

/**
 * The status as the contract counts it, from a claim and verdicts on it that were read before.
 *
 * @throws RegistryError "reverted" when the threshold exceeds the verifiers.
 */
export function statusOf(
  claim: Pick<Claim, "retraction">,
  attestations: readonly Attestation[],
  { verifiers, threshold }: Omit<GetStatusParameters, "claimId">,
): GetStatusReturnType {
  const trusted = new Set(verifiers.map((verifier) => verifier.toLowerCase()));
  if (threshold < 1 || threshold > trusted.size) {
    throw new RegistryError(
      "reverted",
      `a threshold of ${threshold} is outside 1 … ${trusted.size}, the number of verifiers`,
    );
  }
  const counts = { valid: 0, invalid: 0, sampled: 0, revoked: 0 };
  for (const { attester, verdict, revocation } of attestations) {
    if (trusted.has(attester.toLowerCase())) counts[revocation ? "revoked" : verdict] += 1;
  }
  const [valid, invalid] = [counts.valid >= threshold, counts.invalid >= threshold];
  const retracted = claim.retraction !== undefined;
  let outcome: Outcome = "open";
  if (retracted) outcome = "retracted";
  else if (valid && invalid) outcome = "conflict";
  else if (valid) outcome = "valid";
  else if (invalid) outcome = "invalid";
  return { outcome, ...counts, retracted };
}

/**
 * What the reader's own verifiers say of a claim, in one call.
 *
 * @throws RegistryError "notFound" when there is no such claim, "reverted" when the threshold exceeds the verifiers.
 *
 * @example
 * const { outcome } = await getStatus(clients, { claimId, verifiers, threshold: 2 });
 */
export async function getStatus(
  clients: RegistryClients,
  { claimId, verifiers, threshold }: GetStatusParameters,
): Promise<GetStatusReturnType> {
  const unique = new Map(verifiers.map((verifier) => [verifier.toLowerCase(), verifier]));
  const ascending = [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, address]) => address);
  try {
    const status = await clients.reader.readContract({
      address: requireAddress(clients),
      abi: registryAbi,
      functionName: "status",
      args: [claimId, ascending, BigInt(threshold)],
    });
    return {
      outcome: outcomes[status.outcome] ?? "open",
      valid: Number(status.valid),
      invalid: Number(status.invalid),
      sampled: Number(status.sampled),
      revoked: Number(status.revoked),
      retracted: status.retracted,
    };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
