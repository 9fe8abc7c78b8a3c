import type { Address, Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";

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
 * say.
 */
export type Outcome = (typeof outcomes)[number];

export interface GetStatusReturnType {
  outcome: Outcome;
  valid: number;
  invalid: number;
  /** Verdicts that their verifiers took back; they count for nothing. */
  revoked: number;
  retracted: boolean;
}

export type GetStatusErrorType = RegistryError;

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
      revoked: Number(status.revoked),
      retracted: status.retracted,
    };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
