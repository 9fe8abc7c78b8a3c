import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Hex } from "viem";
import { hex32, manifestUrl, readPublicRun, sha256 } from "../artifact/index.ts";
import {
  type ClaimContent,
  type GetPlanReturnType,
  registerClaim,
  type RegisterClaimReturnType,
  requireWallet,
} from "../registry/index.ts";
import { claimContent, claimedPlan, type ClaimExtras } from "../relayer/index.ts";
import type { Registry } from "./connect.ts";
import { TrainproofError, typed } from "./errors.ts";

export interface RegisterOptions {
  /** A finished run's folder, or its public part. */
  run: string;
  /** Where others find manifest.json; this machine's file URL unless said. */
  uri?: string;
  /** False names no announced plan, even where the run fulfils one. */
  plan?: boolean;
  /** An exported weights file that the claim names by its SHA-256. */
  weightsFile?: string;
  /** An OpenSSF model-signing manifest that the claim names by its SHA-256. */
  signingManifest?: string;
}

export type Registration = RegisterClaimReturnType &
  ClaimContent & {
    uri: string;
    chainId: number;
    /** The announced plan that the claim names. */
    plan?: GetPlanReturnType;
  };

/**
 * Registers a proven run as a claim, once: again, it gives the claim that is there. The registry needs a key.
 *
 * @throws TrainproofError "KEY_MISSING", "FUNDS_INSUFFICIENT", "REFUSED", "FILES_NOT_FOUND", "FILES_ALTERED", "INVALID_ARGUMENT", …
 *
 * @example
 * const { claimId } = await register(registry, { run: "runs/first", uri: "https://example.org/first/manifest.json" });
 */
export function register(registry: Registry, options: RegisterOptions): Promise<Registration> {
  return typed(async () => {
    const { run: folder, plan, weightsFile, signingManifest } = options;
    const run = await readPublicRun(folder);
    const claimant = requireWallet(registry).account.address;
    const planned = plan === false ? undefined : await claimedPlan(registry, claimant, run);
    const extras: ClaimExtras = {
      ...(planned && { planDigest: planned.planDigest }),
      ...(weightsFile !== undefined && { weightsDigest: fileDigest(weightsFile) }),
      ...(signingManifest !== undefined && { signingDigest: fileDigest(signingManifest) }),
    };
    const content = claimContent(run, extras);
    const uri = options.uri ?? String(manifestUrl(path.resolve(publicPart(folder))));
    const registered = await registerClaim(registry, { content, uri });
    const { chainId } = registry;
    return { ...registered, ...content, uri, chainId, ...(planned && { plan: planned.plan }) };
  });
}

/** SHA-256 of a file that a claim names. */
function fileDigest(file: string): Hex {
  try {
    return hex32(sha256(new Uint8Array(readFileSync(file)))) as Hex;
  } catch (cause) {
    throw new TrainproofError("INVALID_ARGUMENT", `${file} cannot be read`, { cause });
  }
}

/** A run folder's public part, or the folder itself where it is one. */
const publicPart = (folder: string) =>
  existsSync(path.join(folder, "public")) ? path.join(folder, "public") : folder;
