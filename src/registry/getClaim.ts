import { type Hex, zeroAddress } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";
import { type Claim, findClaims } from "./findClaims.ts";

export interface GetClaimParameters {
  claimId: Hex;
}

export interface GetClaimReturnType extends Claim {
  /** Seconds since 1970. */
  registeredAt: number;
}

export type GetClaimErrorType = RegistryError;

/** The stored claim, or undefined where there is none. */
export async function readClaim(clients: RegistryClients, claimId: Hex) {
  const stored = await clients.reader.readContract({
    address: requireAddress(clients),
    abi: registryAbi,
    functionName: "getClaim",
    args: [claimId],
  });
  return stored.claimant === zeroAddress ? undefined : stored;
}

/**
 * A claim by its id. The registry names the block of its event, so that any node answers, without a search.
 *
 * @throws RegistryError "notFound" when there is none.
 *
 * @example
 * const { claimant, modelCommitment, uri } = await getClaim(clients, { claimId });
 */
export async function getClaim(
  clients: RegistryClients,
  { claimId }: GetClaimParameters,
): Promise<GetClaimReturnType> {
  try {
    const stored = await readClaim(clients, claimId);
    const block = BigInt(stored?.registeredIn ?? 0);
    const [claim] = stored
      ? await findClaims(
          clients,
          { claimId },
          { from: block, ...(stored.retracted ? {} : { to: block }) },
        )
      : [];
    if (stored === undefined || claim === undefined) {
      throw new RegistryError(
        "notFound",
        `the registry has no claim ${claimId}; check the id, the registry and the chain`,
      );
    }
    return { ...claim, registeredAt: stored.registeredAt };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
