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

/**
 * The claim that a published run makes.
 *
 * @throws RegistryError "usage" where the run continues another whose claim id its plan does not name.
 */
export function claimContent(
  { manifest, config, proofDigest }: PublicRun,
  extras: ClaimExtras = {},
): ClaimContent {
  const { start } = config;
  const parent = "parent" in start ? start.parent : undefined;
  if (parent && parent.claimId === undefined) {
    throw new RegistryError(
      "usage",
      "the run continues another one, but its plan names no start.parent.claimId; register the parent first",
    );
  }
  if ("undisclosed" in start)
    throw new RegistryError("usage", "a run from undisclosed weights cannot be registered yet");
  return {
    modelCommitment: manifest.modelCommitment as Hex,
    startKind: parent ? "parent" : "seed",
    start: ("seed" in start ? start.seed : start.parent.claimId) as Hex,
    dataRoot: manifest.dataRoot as Hex,
    configDigest: manifest.configDigest as Hex,
    proofDigest: proofDigest as Hex,
    steps: BigInt(manifest.steps),
    ...extras,
  };
}
