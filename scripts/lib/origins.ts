import {
  type Claim,
  findOrigins,
  type Origin,
  type RegistryReader,
  UNDISCLOSED,
} from "../../src/registry/index.ts";

/** Adds to each claim what its line of ancestors begins with. Errors: RegistryError. */
export async function withOrigins<T extends Claim>(
  registry: Pick<RegistryReader, "getClaim">,
  claims: readonly T[],
): Promise<(T & { origin: Origin })[]> {
  const origins = await findOrigins(registry, claims);
  return claims.map((claim) => ({ ...claim, origin: origins.get(claim.claimId) ?? "unknown" }));
}

/** What must be said of where a claim's line of ancestors begins; nothing of a public seed. */
export const originWords = (origin: Origin): string[] => {
  if (origin === "undisclosed") return [UNDISCLOSED];
  return origin === "unknown" ? ["too many ancestors to say what it began with"] : [];
};
