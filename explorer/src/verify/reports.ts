import { canonicalBytes } from "../../../src/artifact/canonicalJson.ts";
import type { EnvelopeSigner } from "../../../src/record/dsse.ts";
import { signVerdict } from "../../../src/record/verdictEnvelope.ts";
import type { RegistryClients } from "../../../src/registry/clients.ts";
import type { Claim } from "../../../src/registry/findClaims.ts";
import { runReport, type VerdictReport, verdictReport } from "../../../src/relayer/report.ts";
import type { Verification } from "./messages.ts";
import { verifierBuild, verifierVersion } from "./verifierBuild.ts";

/** The claim that was verified, and where it stands. */
export interface ClaimContext {
  readonly claim: Claim;
  readonly clients: RegistryClients;
}

/** The report of a verification in this tab, as Node writes it. */
export async function reportOf(
  { result, run }: Verification,
  claimed?: ClaimContext,
): Promise<VerdictReport & { build: `0x${string}` }> {
  const build = await verifierBuild();
  const context = { verifierVersion, verifierBuild: build };
  if (claimed) {
    const { chainId, address = "" } = claimed.clients;
    const verification = { ...result, claim: claimed.claim };
    return { ...verdictReport(verification, { ...context, chainId, registry: address }), build };
  }
  return { ...runReport(result, { ...context, proofDigest: run?.proofDigest ?? "" }), build };
}

/** What a wallet signs (EIP-191): names the report by its SHA-256. */
export const reportMessage = (digest: string): string => `Trainproof report ${digest}`;

/** A claim's report as an in-toto statement in a DSSE envelope, which `trainproof record check` reads. */
export const reportEnvelope = async (
  signer: EnvelopeSigner,
  report: VerdictReport,
  { claim }: ClaimContext,
): Promise<Uint8Array> =>
  canonicalBytes({ ...(await signVerdict(signer, report.bytes, claim.uri)) });

/** A report on files without a claim with its signature, as docs/FILES.md says. */
export const signedReport = (
  report: VerdictReport,
  signer: string,
  signature: string,
): Uint8Array =>
  canonicalBytes({
    format: "trainproof-signed-report/1",
    report: new TextDecoder().decode(report.bytes),
    signer: signer.toLowerCase(),
    signature,
  });

/** Lets the browser save bytes as a file. */
export function download(bytes: Uint8Array, name: string): void {
  const url = URL.createObjectURL(
    new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/json" }),
  );
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
