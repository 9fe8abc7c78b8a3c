import type { Hex } from "viem";
import type { Claim } from "./findClaims.ts";
import type { RegistryReader } from "./reader.ts";

/**
 * What a claim's line of ancestors begins with: a public seed; weights of which nobody says where they come from; or it is not known,
 * since the line is longer than was followed.
 */
export type Origin = "seed" | "undisclosed" | "unknown";

/** What is said with each claim whose origin is "undisclosed" (PROTOCOL §21). */
export const UNDISCLOSED = "continued from undisclosed weights";

export interface FindOriginsOptions {
  /** Most ancestors to follow from a claim (1000). */
  limit?: number;
}

type Followed = Pick<Claim, "claimId" | "startKind" | "start">;

/**
 * The origins of claims, by their ids; each ancestor is read once.
 *
 * @throws RegistryError
 *
 * @example
 * const reader = chainReader(clients);
 * const { claims } = await reader.findClaimsPage({ limit: 50 });
 * const origins = await findOrigins(reader, claims);
 * for (const { claimId } of claims)
 *   if (origins.get(claimId) === "undisclosed") console.log(claimId, UNDISCLOSED);
 */
export async function findOrigins(
  reader: Pick<RegistryReader, "getClaim">,
  claims: readonly Followed[],
  { limit = 1000 }: FindOriginsOptions = {},
): Promise<Map<Hex, Origin>> {
  const known = new Map(claims.map((claim) => [claim.claimId, claim]));
  const origins = new Map<Hex, Origin>();
  for (const first of claims) {
    const line: Hex[] = [];
    let claim: Followed = first;
    let origin = origins.get(claim.claimId);
    while (origin === undefined) {
      line.push(claim.claimId);
      if (claim.startKind !== "parent") origin = claim.startKind;
      else if (line.length > limit) origin = "unknown";
      else {
        const claimId = claim.start;
        claim = known.get(claimId) ?? (await reader.getClaim({ claimId }));
        known.set(claimId, claim);
        origin = origins.get(claimId);
      }
    }
    for (const claimId of line) origins.set(claimId, origin);
  }
  return new Map(claims.map(({ claimId }) => [claimId, origins.get(claimId) ?? "unknown"]));
}

/** A claim's origin. Errors: RegistryError. */
export async function findOrigin(
  reader: Pick<RegistryReader, "getClaim">,
  claim: Followed,
): Promise<Origin> {
  return (await findOrigins(reader, [claim])).get(claim.claimId) ?? "unknown";
}
