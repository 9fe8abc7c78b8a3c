import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Hex } from "viem";
import { nodeFiles, writeAtomic } from "../../artifact/index.ts";
import { PROTOCOL_VERSION } from "../../protocol/index.ts";
import { attestCall, getAttestations } from "../../registry/index.ts";
import { attestable } from "../attestable.ts";
import { verdictReport } from "../report.ts";
import { verifierBuild } from "../verifierBuild.ts";
import { verifyClaim } from "../verifyClaim.ts";
import { fillIn, type FolderState, type OwnVerdicts, type RelayContext } from "./context.ts";

/**
 * Verifies a claim as `trainproof attest` does, from files in a folder, writes the report, and writes the verdict down for the sender, once.
 * Errors: of the node, the files and verifyClaim.
 */
export async function attestOwn(
  context: RelayContext,
  options: OwnVerdicts,
  claimId: Hex,
  files: string,
): Promise<FolderState> {
  const { clients, journal, actor, log, signal, onProgress } = context;
  const identity = { ...actor, kind: "attest", subject: claimId } as const;
  const before = journal.find(identity);
  if (before !== undefined) {
    if (before.state === "failed") return "unusable";
    return before.state === "confirmed" ? "done" : "open";
  }
  const given = await getAttestations(clients, { claimId, attester: actor.actor });
  if (given.length > 0) {
    log.info({ claimId, verdict: given[0]?.verdict }, "the account has given a verdict before");
    return "done";
  }
  const verification = await verifyClaim(clients, claimId, {
    generators: options.generators,
    files,
    signal,
    onProgress,
    ...(options.threads !== undefined && { threads: options.threads }),
  });
  const said = attestable(verification);
  const { verdict } = said;
  const build = verifierBuild();
  const report = verdictReport(verification, {
    chainId: clients.chainId,
    registry: String(clients.address),
    verifierVersion: options.verifierVersion,
    verifierBuild: build,
  });
  // Named by its digest: another relay's report of the same claim took another time.
  const name = `${claimId}-${report.digest.slice(2, 14)}.json`;
  const file = path.resolve(options.reports, name);
  mkdirSync(options.reports, { recursive: true });
  writeAtomic(nodeFiles, file, report.bytes, 0o644);
  const uri =
    options.uri === undefined
      ? pathToFileURL(file).href
      : fillIn(options.uri, { report: name, claim: claimId });
  const call = await attestCall(clients, {
    claimId,
    ...said,
    proofDigest: verification.claim.proofDigest,
    verifierBuild: build,
    protocolVersion: PROTOCOL_VERSION,
    reportDigest: report.digest,
    uri,
  });
  const intent = journal.intend({ ...identity, verdict, ...call });
  if (intent.data !== call.data) {
    rmSync(file, { force: true }); // another relay was first; its report is the one on chain
    return "open";
  }
  const { check, reason } = verification.verdict.ok ? {} : verification.verdict;
  log.info({ claimId, verdict, check, reason, report: file }, "verified");
  return "open";
}
