import type { Hex } from "viem";
import { readPublicRun, type SourceLimits } from "../artifact/index.ts";
import type { RegistryClients } from "../registry/index.ts";
import { readClaimFacts } from "./claimFacts.ts";
import { type ClaimSample, drawSample } from "./drawSample.ts";
import { type ClaimVerification, judgeClaim } from "./judgeClaim.ts";
import { verifyPublicRun, type VerifyRunOptions } from "./verifyPublicRun.ts";

export type { ClaimVerification } from "./judgeClaim.ts";

export interface VerifyClaimOptions extends Omit<VerifyRunOptions, "parent" | "plan" | "sample"> {
  /** Verifies the proofs of a sample alone, which the chain draws for the attester. */
  sample?: ClaimSample;
  /** Where the files are, instead of the claim's own URI. */
  files?: string;
  /** How much is read, for how long, from which hosts; the parent's files, too. */
  limits?: Partial<SourceLimits>;
}

/**
 * Verifies a claim with nothing but the chain and the public files: the files are the claimed ones, the run starts where the claim says,
 * uses the seed of the plan that the claim names, and its proofs hold. A claim that continues another is judged as it stands: the parent's own proof is the parent claim's verdict.
 *
 * Only what was claimed can be judged. Files with other digests than the claimed ones, files that cannot be had or exceed the
 * limits, and a parent's missing files say nothing about the claim: they throw. Files that are the claimed ones and malformed
 * make the verdict invalid, check "F1".
 *
 * @throws RegistryError, ArtifactNotFoundError, ArtifactUnreachableError, ArtifactDigestError, ArtifactTooLargeError
 */
export async function verifyClaim(
  clients: RegistryClients,
  claimId: Hex,
  options: VerifyClaimOptions,
): Promise<ClaimVerification> {
  const { files, limits, sample, ...verifying } = options;
  const { signal } = options;
  const facts = await readClaimFacts(clients, claimId);
  const drawn = sample && (await drawSample(clients, facts.claim, sample));
  return judgeClaim(facts, {
    read: ({ claimId: id, uri }, expected) =>
      // The place named is the claim's; its parent has its own.
      readPublicRun((id === claimId ? files : undefined) ?? uri, {
        expected,
        ...(signal && { signal }),
        ...(limits && { limits }),
      }),
    verify: (run, bound) =>
      verifyPublicRun(run, { ...verifying, ...bound, ...(drawn && { sample: drawn }) }),
  });
}
