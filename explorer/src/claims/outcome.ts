import type { Attestation } from "../../../src/registry/getAttestations.ts";
import type { Outcome } from "../../../src/registry/getStatus.ts";

/** What verdicts make of a claim for a reader; "unjudged" where the reader trusts nobody yet. */
export type ReadersOutcome = Outcome | "unjudged";

/** The contract's `status`, for lists: of verdicts that were read from events. */
export function outcomeOf(
  attestations: readonly Attestation[],
  retracted: boolean,
  { verifiers, threshold }: { verifiers: readonly string[]; threshold: number },
): ReadersOutcome {
  if (retracted) return "retracted";
  if (verifiers.length === 0) return "unjudged";
  const trusted = new Set(verifiers.map((verifier) => verifier.toLowerCase()));
  const count = (wanted: string) =>
    attestations.filter(
      ({ attester, verdict, revocation }) =>
        verdict === wanted && !revocation && trusted.has(attester.toLowerCase()),
    ).length;
  const [valid, invalid] = [count("valid") >= threshold, count("invalid") >= threshold];
  if (valid && invalid) return "conflict";
  return valid ? "valid" : invalid ? "invalid" : "open";
}

/** In words. */
export const OUTCOMES: Record<ReadersOutcome, string> = {
  unjudged: "you trust nobody yet",
  open: "open",
  valid: "valid",
  invalid: "invalid",
  conflict: "in conflict",
  retracted: "retracted",
};
