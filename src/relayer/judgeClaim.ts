import {
  ArtifactFormatError,
  ArtifactMismatchError,
  type PublicRun,
  type ReadPublicRunOptions,
} from "../artifact/published.ts";
import { equalBytes, fromHex, weightBound } from "../protocol/index.ts";
import { startKinds } from "../registry/claimId.ts";
import type { Claim } from "../registry/findClaims.ts";
import type { ClaimFacts } from "./claimFacts.ts";
import type { JudgeRunOptions, RunVerification, VerifiedParent } from "./judgeRun.ts";

export interface ClaimVerification extends RunVerification {
  claim: Claim;
}

/** How a claim's files are had and its run verified: the machine's matter. */
export interface ClaimReader {
  /** Reads a claim's files; nothing may be parsed before its digest is the expected one (readRun). */
  read(claim: Claim, expected: NonNullable<ReadPublicRunOptions["expected"]>): Promise<PublicRun>;
  /** Verifies the run (judgeRun). */
  verify(run: PublicRun, bound: Pick<JudgeRunOptions, "parent" | "plan">): Promise<RunVerification>;
}

/** What a claim says of its files. */
const expectedOf = ({ proofDigest, configDigest, dataRoot, modelCommitment, steps }: Claim) => ({
  proofDigest,
  configDigest,
  dataRoot,
  modelCommitment,
  steps,
});

/** What the parent claim lets a run start from (PROTOCOL §19, C3). Its own proof is the parent claim's matter. */
async function startOf(parent: Claim, reader: ClaimReader): Promise<VerifiedParent> {
  const run = await reader.read(parent, expectedOf(parent));
  const { statement } = await run.readSegment(run.segmentCount - 1);
  return {
    modelCommitment: fromHex(parent.modelCommitment),
    weightBound: weightBound(statement),
  };
}

/**
 * The verdict on a claim, in Node and in browsers: the files are the claimed ones, the run starts where the claim says, uses the
 * seed of the plan that the claim names, and its proofs hold. A claim that continues another is judged as it stands: the parent's
 * own proof is the parent claim's verdict.
 *
 * Only what was claimed can be judged: see verifyClaim.
 *
 * @throws ArtifactNotFoundError, ArtifactUnreachableError, ArtifactDigestError, ArtifactTooLargeError
 */
export async function judgeClaim(
  { claim, parent: parentClaim, plan }: ClaimFacts,
  reader: ClaimReader,
): Promise<ClaimVerification> {
  const parent = parentClaim && (await startOf(parentClaim, reader));
  try {
    const run = await reader.read(claim, expectedOf(claim));
    const { statement } = await run.readSegment(0);
    const { segmentCount } = run;
    if (statement.startKind !== startKinds.indexOf(claim.startKind)) {
      return rejected(
        claim,
        "C3",
        "claim and first statement start from different kinds of weights",
        segmentCount,
      );
    }
    // A parent's start is its model commitment, which the run's verification compares.
    if (parent === undefined && !equalBytes(statement.start, fromHex(claim.start))) {
      const what = claim.startKind === "seed" ? "another seed" : "other undisclosed weights";
      return rejected(claim, "C3", `the run starts from ${what} than the claim says`, segmentCount);
    }
    const bound = { ...(parent && { parent }), ...(plan && { plan }) };
    return { claim, ...(await reader.verify(run, bound)) };
  } catch (error) {
    if (error instanceof ArtifactFormatError || error instanceof ArtifactMismatchError) {
      return rejected(claim, "F1", error.message);
    }
    throw error;
  }
}

/** A verdict before any proof was looked at; `segments` are the run's, where its files are one. */
const rejected = (
  claim: Claim,
  check: string,
  reason: string,
  segments = 0,
): ClaimVerification => ({
  coverage: { kind: "all", segments },
  segments,
  steps: 0,
  proofBytes: 0,
  seconds: 0,
  timings: { atATime: 0, segmentSeconds: 0 },
  claim,
  verdict: { ok: false, check, reason },
});
