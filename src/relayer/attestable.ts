import type { Hex } from "viem";
import type { AttestationContent } from "../registry/attestation.ts";
import { RegistryError } from "../registry/errors.ts";
import type { Coverage } from "./coverage.ts";

/**
 * What may be attested of a verification: "valid" where every proof was verified, and "sampled" where those of a sample were.
 *
 * @throws RegistryError "usage" for a sample that the chain has not drawn.
 */
export function attestable({
  verdict,
  coverage,
}: {
  readonly verdict: { readonly ok: boolean };
  readonly coverage: Coverage;
}): Pick<AttestationContent, "verdict" | "sample"> {
  if (coverage.kind === "all") return { verdict: verdict.ok ? "valid" : "invalid" };
  const { checked, seed, block } = coverage;
  if (block === undefined)
    throw new RegistryError(
      "usage",
      "a sample that was drawn with a seed of one's own cannot be attested; let the chain draw it",
    );
  const sample = { size: checked, seed: seed as Hex };
  return { verdict: verdict.ok ? "sampled" : "invalid", sample };
}
