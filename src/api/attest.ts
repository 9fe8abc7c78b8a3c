import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Hex } from "viem";
import { canonicalBytes, nodeFiles, writeAtomic } from "../artifact/index.ts";
import { PROTOCOL_VERSION } from "../protocol/index.ts";
import { signVerdict } from "../record/index.ts";
import {
  attest as sendVerdict,
  type AttestedVerdict,
  type AttestReturnType,
  getAttestations,
  requireWallet,
} from "../registry/index.ts";
import {
  attestable,
  type ClaimVerification,
  packageVersion,
  verdictReport,
  verifierBuild,
  verifyClaim,
} from "../relayer/index.ts";
import type { Registry } from "./connect.ts";
import { typed } from "./errors.ts";
import { generatorTable, type VerifyOptions } from "./verify.ts";

export interface AttestOptions extends Omit<VerifyOptions, "registry" | "sample"> {
  /** Verifies, and attests, a sample alone: so many segments, drawn by the chain for this account (PROTOCOL §23). */
  sample?: { size: number };
  claimId: Hex;
  /** The report is written there. */
  report: string;
  /** Where others find the report; this machine's file URL unless said. */
  uri?: string;
  /** Signs the report, too: an in-toto statement in a DSSE envelope, written there. */
  envelope?: string;
}

export type Attesting = AttestReturnType & {
  claimId: Hex;
  verdict: AttestedVerdict;
  verification: ClaimVerification;
  reportDigest: Hex;
  /** Where the report is: the file, or the address that an earlier verdict of this account names. */
  report: string;
  verifierBuild: Hex;
  /** The envelope that was written. */
  envelope?: string;
};

/**
 * Verifies a claim and puts the verdict on chain, valid, invalid, or sampled (no fault in a sample), once: again, it gives the verdict that is there. The registry needs
 * a key. Where no verdict can be reached, nothing is sent.
 *
 * @throws TrainproofError as verify(), and "KEY_MISSING", "FUNDS_INSUFFICIENT", "REFUSED", "WRITE_FAILED"
 *
 * @example
 * const { verdict } = await attest(registry, { claimId, report: "report.json", uri: "https://example.org/report.json" });
 */
export function attest(registry: Registry, options: AttestOptions): Promise<Attesting> {
  return typed(() => attestClaim(registry, options), options.signal);
}

async function attestClaim(registry: Registry, options: AttestOptions): Promise<Attesting> {
  const { claimId, report: file, uri, envelope: wanted, sample, ...verifying } = options;
  const wallet = requireWallet(registry);
  const attester = wallet.account.address;
  const verification = await verifyClaim(registry, claimId, {
    generators: generatorTable(),
    ...verifying,
    ...(sample && { sample: { ...sample, attester } }),
  });
  const build = verifierBuild();
  const report = verdictReport(verification, {
    chainId: registry.chainId,
    registry: String(registry.address),
    verifierVersion: packageVersion(),
    verifierBuild: build,
  });
  const reportFile = path.resolve(file);
  const envelope = wanted === undefined ? undefined : path.resolve(wanted);
  const said = attestable(verification);
  // A report that is on chain already must stay what it is.
  const [before] = await getAttestations(registry, { claimId, attester });
  if (before === undefined) writeAtomic(nodeFiles, reportFile, report.bytes, 0o644);
  if (before === undefined && envelope !== undefined) {
    const signer = {
      address: attester,
      signMessage: ({ message }: { message: { raw: Uint8Array } }) =>
        wallet.signMessage({ message }),
    };
    const signed = await signVerdict(signer, report.bytes, verification.claim.uri);
    writeAtomic(nodeFiles, envelope, canonicalBytes({ ...signed }), 0o644);
  }
  const sent = await sendVerdict(registry, {
    claimId,
    ...said,
    proofDigest: verification.claim.proofDigest,
    verifierBuild: build,
    protocolVersion: PROTOCOL_VERSION,
    reportDigest: report.digest,
    uri: uri ?? pathToFileURL(reportFile).href,
  });
  return {
    claimId,
    verdict: said.verdict,
    verification,
    reportDigest: before?.reportDigest ?? report.digest,
    report: before?.uri ?? reportFile,
    verifierBuild: before?.verifierBuild ?? build,
    ...(before === undefined && envelope !== undefined && { envelope }),
    ...sent,
  };
}
