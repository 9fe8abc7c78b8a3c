import type { Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { claimInput } from "./claimId.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import type { RegistryError } from "./errors.ts";
import { registryErrorFrom } from "./errors.ts";
import { getClaim, type GetClaimReturnType } from "./getClaim.ts";

export interface GetLineageParameters {
  claimId: Hex;
  /** Most claims to walk (1000). */
  limit?: number;
}

export interface GetLineageReturnType {
  /** The claim, its parent, and so on. */
  claims: GetClaimReturnType[];
  /** The last one starts from a public seed. */
  rooted: boolean;
  /** The last one starts from undisclosed weights: nothing can be known of what was before it. */
  undisclosed: boolean;
  /** One of them was retracted. */
  retracted: boolean;
}

export type GetLineageErrorType = RegistryError;

/**
 * A claim and its ancestors, up to a public seed or undisclosed weights; the registry checks that their contents are those registered.
 *
 * @throws RegistryError "notFound" when there is no such claim.
 *
 * @example
 * const { claims, rooted, undisclosed } = await getLineage(clients, { claimId });
 */
export async function getLineage(
  clients: RegistryClients,
  { claimId, limit = 1000 }: GetLineageParameters,
): Promise<GetLineageReturnType> {
  try {
    const claims: GetClaimReturnType[] = [];
    let next: Hex | undefined = claimId;
    while (next !== undefined && claims.length < limit) {
      const claim: GetClaimReturnType = await getClaim(clients, { claimId: next });
      claims.push(claim);
      next = claim.startKind === "parent" ? claim.start : undefined;
    }
    const line = await clients.reader.readContract({
      address: requireAddress(clients),
      abi: registryAbi,
      functionName: "lineage",
      args: [claimId, claims.map(({ claimant }) => claimant), claims.map(claimInput)],
    });
    const { rooted, undisclosed, retracted } = line;
    return { claims, rooted, undisclosed, retracted };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
