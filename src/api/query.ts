import {
  findBonds,
  findClaimsPage,
  findPlans,
  getAttestations,
  getClaim,
  getLineage,
  getStatus,
  type RegistryClients,
} from "../registry/index.ts";
import { typed } from "./errors.ts";

/** An action on a registry, with errors of one class. */
const reading =
  <P, R>(action: (registry: RegistryClients, parameters: P) => Promise<R>) =>
  (registry: RegistryClients, parameters: P): Promise<R> =>
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
  /** Claims by claimant, model, data or parent, newest first, a page at a time. */
  claims: reading(findClaimsPage),
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
