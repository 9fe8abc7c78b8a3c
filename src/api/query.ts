import {
  findBonds,
  findClaimsPage,
  type FindClaimsPageParameters,
  type FindClaimsPageReturnType,
  findPlans,
  getAttestations,
  getClaim,
  getLineage,
  getStatus,
} from "../registry/index.ts";
import type { Registry } from "./connect.ts";
import { typed } from "./errors.ts";

/** Which claims, and how many of them (100 unless said). */
export type ClaimsFilter = Partial<FindClaimsPageParameters>;

/** An action on a registry, with errors of one class. */
const reading =
  <P, R>(action: (registry: Registry, parameters: P) => Promise<R>) =>
  (registry: Registry, parameters: P): Promise<R> =>
    typed(() => action(registry, parameters));

/**
 * What a registry knows. Each rejects with a TrainproofError: "NOT_FOUND", "CHAIN_UNREACHABLE", …
 *
 * @example
 * const { outcome } = await query.status(registry, { claimId, verifiers, threshold: 2 });
 */
export const query = {
  /** A claim by its id. */
  claim: reading(getClaim),
  /** Claims by claimant, model, data or parent; all without a filter. Oldest first, a page at a time: `next` begins the following. */
  claims: (registry: Registry, filter: ClaimsFilter = {}): Promise<FindClaimsPageReturnType> =>
    typed(() => findClaimsPage(registry, { limit: 100, ...filter })),
  /** What the reader's own verifiers say of a claim. */
  status: reading(getStatus),
  /** A claim's ancestors. */
  lineage: reading(getLineage),
  /** Verdicts on a claim, or of an attester; revoked ones too. */
  attestations: reading(getAttestations),
  /** Plans that were announced, and their seeds. */
  plans: reading(findPlans),
  /** Bonds behind a claim and its verdicts; connect() with `disputes`. */
  bonds: reading(findBonds),
};
