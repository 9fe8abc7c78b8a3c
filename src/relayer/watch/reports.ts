import { readFileSync } from "node:fs";
import path from "node:path";
import type { Hex } from "viem";
import { hex32, nodeFiles, sha256, writeAtomic } from "../../artifact/index.ts";
import type { AttestationContent, AttestedVerdict } from "../../registry/index.ts";
import { attestable } from "../attestable.ts";
import type { Coverage } from "../coverage.ts";
import type { VerdictReport } from "../report.ts";
import type { Decision } from "./book.ts";

const fileOf = (folder: string, id: Hex): string => path.join(folder, `${id}.json`);

/** Writes a claim's report, whole or not at all: <claim id>.json. */
export const writeReport = (folder: string, id: Hex, { bytes }: VerdictReport): void =>
  writeAtomic(nodeFiles, fileOf(folder, id), bytes, 0o644);

/** What the report of a decision says for the registry; undefined where the file is gone or another than was decided on. */
export function readReport(
  folder: string,
  { id, report }: Decision,
): Omit<AttestationContent, "uri"> | undefined {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(fileOf(folder, id)));
  } catch {
    return undefined;
  }
  if (hex32(sha256(bytes)) !== report) return undefined;
  // Written by this program: its digest is in the book.
  const said = JSON.parse(Buffer.from(bytes).toString("utf8")) as {
    verdict: AttestedVerdict;
    proofDigest: Hex;
    verifierBuild: Hex;
    protocol: string;
    coverage: Coverage;
  };
  return {
    claimId: id,
    ...attestable({
      verdict: said.verdict === "invalid" ? { ok: false } : { ok: true },
      coverage: said.coverage,
    }),
    proofDigest: said.proofDigest,
    verifierBuild: said.verifierBuild,
    protocolVersion: Number(said.protocol.split("/")[1]),
    reportDigest: report,
  };
}
