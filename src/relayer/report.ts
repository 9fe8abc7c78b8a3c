import type { Hex } from "viem";
import { canonicalBytes, type Json } from "../artifact/canonicalJson.ts";
import { hex32, sha256 } from "../artifact/digest.ts";
import { PROTOCOL_VERSION } from "../protocol/index.ts";
import type { ClaimVerification } from "./judgeClaim.ts";
import { sampleSentences } from "./coverage.ts";
import type { RunVerification } from "./judgeRun.ts";

/** A verdict as a file; its SHA-256 goes on chain with the verdict. */
export interface VerdictReport {
  bytes: Uint8Array;
  digest: Hex;
}

interface Verifier {
  verifierVersion: string;
  verifierBuild: string;
}

/** The report of a claim's verification, in canonical JSON. */
export function verdictReport(
  verification: ClaimVerification,
  context: Verifier & { chainId: number; registry: string },
): VerdictReport {
  const { claimId, proofDigest } = verification.claim;
  const { chainId, registry } = context;
  const claimed = { chainId, registry: registry.toLowerCase(), claimId };
  return report(verification, context, { ...claimed, proofDigest });
}

/** The report on a run that nobody has claimed, or whose claim was not asked for: no chain, registry and claim in it. */
export const runReport = (
  verification: RunVerification,
  context: Verifier & { proofDigest: string },
): VerdictReport => report(verification, context, { proofDigest: context.proofDigest });

function report(
  { verdict, coverage, segments, steps, seconds, undisclosedStart }: RunVerification,
  { verifierVersion, verifierBuild }: Verifier,
  subject: Record<string, Json>,
): VerdictReport {
  const content: Json = {
    format: "trainproof-report/3",
    protocol: `trainproof/${PROTOCOL_VERSION}`,
    verifierVersion,
    verifierBuild,
    ...subject,
    verdict: !verdict.ok ? "invalid" : coverage.kind === "all" ? "valid" : "sampled",
    ...(verdict.ok ? {} : { check: verdict.check, reason: verdict.reason }),
    coverage: { ...coverage },
    ...(coverage.kind === "sample" && { meaning: sampleSentences(coverage).join(" ") }),
    ...(undisclosedStart !== undefined && { undisclosedStart }),
    segments,
    steps,
    milliseconds: Math.round(seconds * 1000),
  };
  const bytes = canonicalBytes(content);
  return { bytes, digest: hex32(sha256(bytes)) as Hex };
}
