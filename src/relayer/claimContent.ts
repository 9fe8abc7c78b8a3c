import type { Hex } from "viem";
import type { PublicRun } from "../artifact/index.ts";
import { type ClaimContent, RegistryError } from "../registry/index.ts";

/** What a claim may say beyond its run. */
export interface ClaimExtras {
  /** The plan that the claimant announced before training. */
  planDigest?: Hex;
  /** SHA-256 of the exported weights file. */
  weightsDigest?: Hex;
  /** SHA-256 of an OpenSSF model-signing manifest of the model. */
  signingDigest?: Hex;
}

/** Where a run says that it starts, in a claim's terms. */
function startOf(start: PublicRun["config"]["start"]): Pick<ClaimContent, "startKind" | "start"> {
  if ("seed" in start) return { startKind: "seed", start: start.seed as Hex };
  if ("undisclosed" in start)
    return { startKind: "undisclosed", start: start.undisclosed.modelCommitment as Hex };
  const { claimId } = start.parent;
  if (claimId !== undefined) return { startKind: "parent", start: claimId as Hex };
  throw new RegistryError(
    "usage",
    "the run continues another one, but its plan names no start.parent.claimId; register the parent first",
  );
}

/**
 * The claim that a published run makes.
 *
 * @throws RegistryError "usage" where the run continues another whose claim id its plan does not name.
 */
export function claimContent(
  { manifest, config, proofDigest }: PublicRun,
  extras: ClaimExtras = {},
): ClaimContent {
  return {
    modelCommitment: manifest.modelCommitment as Hex,
    ...startOf(config.start),
    dataRoot: manifest.dataRoot as Hex,
    configDigest: manifest.configDigest as Hex,
    proofDigest: proofDigest as Hex,
    steps: BigInt(manifest.steps),
    ...extras,
  };
}
