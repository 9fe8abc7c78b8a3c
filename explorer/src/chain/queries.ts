import { useQuery } from "@tanstack/react-query";
import type { Hex } from "viem";
import { createRegistryClients, type RegistryClients } from "../../../src/registry/clients.ts";
import { checkSamples, type SampleOrigin } from "../../../src/registry/checkSample.ts";
import { findBonds } from "../../../src/registry/disputes/findBonds.ts";
import { type Claim, findClaims } from "../../../src/registry/findClaims.ts";
import { type Attestation, getAttestations } from "../../../src/registry/getAttestations.ts";
import { getClaim } from "../../../src/registry/getClaim.ts";
import { getLineage } from "../../../src/registry/getLineage.ts";
import { getPlan } from "../../../src/registry/getPlan.ts";
import { getStatus } from "../../../src/registry/getStatus.ts";
import { findOrigin, findOrigins, type Origin } from "../../../src/registry/origins.ts";
import { computePlanId } from "../../../src/registry/planId.ts";
import { chainReader } from "../../../src/registry/reader.ts";
import { useSettings } from "./settings.ts";

const seconds = 1000;

/** The reader's connection to the registry. */
export function useClients() {
  const { rpcUrl, registry, disputes } = useSettings();
  return useQuery({
    queryKey: ["clients", rpcUrl, registry, disputes],
    queryFn: () =>
      createRegistryClients({
        rpcUrl,
        address: registry,
        ...(disputes !== "" && { disputes }),
      }),
    staleTime: Infinity,
  });
}

/** A query that waits for the connection. */
function useRegistry<T>(
  key: readonly unknown[],
  read: (clients: RegistryClients) => Promise<T>,
  enabled = true,
) {
  const clients = useClients();
  const { rpcUrl, registry, disputes } = useSettings();
  const query = useQuery({
    queryKey: [rpcUrl, registry, disputes, ...key],
    queryFn: () => read(clients.data!),
    enabled: enabled && clients.data !== undefined,
    staleTime: 15 * seconds,
  });
  return { ...query, error: clients.error ?? query.error };
}

export interface Registry {
  /** Newest first. */
  readonly claims: readonly Claim[];
  readonly attestations: ReadonlyMap<Hex, readonly Attestation[]>;
  /** What each claim's line of ancestors begins with. */
  readonly origins: ReadonlyMap<Hex, Origin>;
}

/** All claims with all verdicts, from two kinds of events. */
export const useAllClaims = () =>
  useRegistry(["claims"], async (clients): Promise<Registry> => {
    const [claims, attestations] = await Promise.all([
      findClaims(clients),
      getAttestations(clients, {}),
    ]);
    const byClaim = Map.groupBy(attestations, ({ claimId }) => claimId);
    // Ancestors are older claims of the same registry, all of them read.
    const origins = await findOrigins(chainReader(clients), claims);
    return { claims: claims.reverse(), attestations: byClaim, origins };
  });

export const useClaim = (claimId: Hex) =>
  useRegistry(["claim", claimId], (clients) => getClaim(clients, { claimId }));

/** What the claim's line of ancestors begins with. */
export const useOrigin = (claim: Claim) =>
  useRegistry(["origin", claim.claimId], (clients) => findOrigin(chainReader(clients), claim));

/** A verdict, and where it is on a sample, whether the sample was drawn as the protocol says. */
export interface CheckedAttestation extends Attestation {
  readonly sampleOrigin: SampleOrigin | undefined;
}

export const useAttestations = (claimId: Hex) =>
  useRegistry(["attestations", claimId], async (clients): Promise<CheckedAttestation[]> => {
    const attestations = await getAttestations(clients, { claimId });
    const origins = await checkSamples(clients, { attestations });
    return attestations.map((given, i) => ({ ...given, sampleOrigin: origins[i] }));
  });

/** Most ancestors that are walked. */
const LINEAGE = 200;

/** Bonds on a claim and on verdicts on it. */
export const useBonds = (claimId: Hex, enabled: boolean) =>
  useRegistry(["bonds", claimId], (clients) => findBonds(clients, { claimId }), enabled);

export const useLineage = (claimId: Hex) =>
  useRegistry(["lineage", claimId], (clients) => getLineage(clients, { claimId, limit: LINEAGE }));

export const useChildren = (claimId: Hex) =>
  useRegistry(["children", claimId], (clients) => findClaims(clients, { parent: claimId }));

/** The plan that a claim names: whether the seed was drawn, and the how-manieth of how many it is. */
export const useClaimedPlan = (claim: Claim | undefined) =>
  useRegistry(
    ["plan", claim?.claimId],
    (clients) => {
      const { claimant, planDigest } = claim!;
      const registry = clients.address!;
      const { chainId } = clients;
      const planId = computePlanId({ chainId, registry, claimant, planDigest: planDigest! });
      return getPlan(clients, { planId });
    },
    claim?.planDigest !== undefined,
  );

/** What the reader's own verifiers say, counted by the contract. */
export function useStatus(claimId: Hex) {
  const { verifiers, threshold } = useSettings();
  return useRegistry(
    ["status", claimId, verifiers, threshold],
    (clients) => getStatus(clients, { claimId, verifiers, threshold }),
    verifiers.length > 0,
  );
}
