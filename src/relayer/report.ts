import type { Hex } from "viem";
import { canonicalBytes, hex32, type Json, sha256 } from "../artifact/index.ts";
import { PROTOCOL_VERSION } from "../protocol/index.ts";
import type { ClaimVerification } from "./verifyClaim.ts";

/** A verdict as a file; its SHA-256 goes on chain with the verdict. */
export interface VerdictReport {
  bytes: Uint8Array;
  digest: Hex;
}

/** The report of a verification, in canonical JSON. */
export function verdictReport(
  verification: ClaimVerification,
  context: { chainId: number; registry: string; verifierVersion: string; verifierBuild: string },
): VerdictReport {
  const { claim, verdict, segments, steps, seconds } = verification;
  const report: Json = {
    format: "trainproof-report/2",
    protocol: `trainproof/${PROTOCOL_VERSION}`,
    verifierVersion: context.verifierVersion,
    verifierBuild: context.verifierBuild,
    chainId: context.chainId,
    registry: context.registry.toLowerCase(),
    claimId: claim.claimId,
    proofDigest: claim.proofDigest,
    verdict: verdict.ok ? "valid" : "invalid",
    ...(verdict.ok ? {} : { check: verdict.check, reason: verdict.reason }),
    segments,
    steps,
    milliseconds: Math.round(seconds * 1000),
  };
  const bytes = canonicalBytes(report);
  return { bytes, digest: hex32(sha256(bytes)) as Hex };
}
