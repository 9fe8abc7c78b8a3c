import type { Hex } from "viem";
import {
  ArtifactFormatError,
  ArtifactMismatchError,
  type PublicRun,
  readPublicRun,
  type SourceLimits,
} from "../artifact/index.ts";
import { equalBytes, fromHex, weightBound } from "../protocol/index.ts";
import {
  type Claim,
  computePlanId,
  getClaim,
  getPlan,
  type RegistryClients,
  requireAddress,
} from "../registry/index.ts";
import type { DrawnPlan } from "./checkPlan.ts";
import {
  type RunVerification,
  type VerifiedParent,
  verifyPublicRun,
  type VerifyRunOptions,
} from "./verifyPublicRun.ts";

export interface ClaimVerification extends RunVerification {
  claim: Claim;
}

export interface VerifyClaimOptions extends Omit<VerifyRunOptions, "parent" | "plan"> {
  /** Where the files are, instead of the claim's own URI. */
  files?: string;
  /** How much is read, for how long, from which hosts; the parent's files, too. */
  limits?: Partial<SourceLimits>;
}

/** Reads the files of a claim; nothing is parsed before its digest is the claimed one. */
function readClaimed(claim: Claim, options: VerifyClaimOptions): Promise<PublicRun> {
  const { proofDigest, configDigest, dataRoot, modelCommitment, steps } = claim;
  return readPublicRun(options.files ?? claim.uri, {
    expected: { proofDigest, configDigest, dataRoot, modelCommitment, steps },
    ...(options.signal && { signal: options.signal }),
    ...(options.limits && { limits: options.limits }),
  });
}

/** What the parent claim lets a run start from (PROTOCOL §19, C3). Its own proof is the parent claim's matter. */
async function readParent(
  clients: RegistryClients,
  claim: Claim,
  options: VerifyClaimOptions,
): Promise<VerifiedParent> {
  const parent = await getClaim(clients, { claimId: claim.start });
  const { generators, signal, limits } = options;
  const bounds = { ...(signal && { signal }), ...(limits && { limits }) };
  const run = await readClaimed(parent, { generators, ...bounds });
  const { statement } = await run.readSegment(run.segmentCount - 1);
  return {
    modelCommitment: fromHex(parent.modelCommitment),
    weightBound: weightBound(statement),
  };
}

/** The plan that a claim names. The registry takes none without a drawn seed. */
async function readPlan(clients: RegistryClients, claim: Claim): Promise<DrawnPlan | undefined> {
  const { planDigest, claimant } = claim;
  if (planDigest === undefined) return undefined;
  const registry = requireAddress(clients);
  const planId = computePlanId({ chainId: clients.chainId, registry, claimant, planDigest });
  const { seed } = await getPlan(clients, { planId });
  if (seed === undefined) throw new Error(`the registry took a claim on plan ${planId}, undrawn`);
  return { planDigest, seed: fromHex(seed) };
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
  const claim = await getClaim(clients, { claimId });
  const fromSeed = claim.startKind === "seed";
  const parent = fromSeed ? undefined : await readParent(clients, claim, options);
  const plan = await readPlan(clients, claim);
  try {
    const run = await readClaimed(claim, options);
    const { statement } = await run.readSegment(0);
    if (fromSeed !== (statement.startKind === 0)) {
      return rejected(
        claim,
        "C3",
        "claim and first statement start from different kinds of weights",
      );
    }
    if (fromSeed && !equalBytes(statement.start, fromHex(claim.start))) {
      return rejected(claim, "C3", "the run starts from another seed than the claim says");
    }
    const bound = { ...(parent && { parent }), ...(plan && { plan }) };
    return { claim, ...(await verifyPublicRun(run, { ...options, ...bound })) };
  } catch (error) {
    if (error instanceof ArtifactFormatError || error instanceof ArtifactMismatchError) {
      return rejected(claim, "F1", error.message);
    }
    throw error;
  }
}

const rejected = (claim: Claim, check: string, reason: string): ClaimVerification => ({
  segments: 0,
  steps: 0,
  proofBytes: 0,
  seconds: 0,
  claim,
  verdict: { ok: false, check, reason },
});
