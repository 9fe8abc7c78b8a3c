import type { Address, Hex } from "viem";
import { canonicalBytes, type Json, parseCanonicalJson } from "../artifact/canonicalJson.ts";
import { hex32, sha256 } from "../artifact/digest.ts";
import type { AttestedVerdict, SegmentSample } from "../registry/attestation.ts";
import {
  type Envelope,
  EnvelopeError,
  type EnvelopeSigner,
  openEnvelope,
  signEnvelope,
} from "./dsse.ts";
import {
  parseStatement,
  type InTotoStatement,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
} from "./statement.ts";

/** The predicate is a verdict report, docs/FILES.md. The URI is the package's; it need not resolve. */
export const VERDICT_PREDICATE_TYPE = "pkg:npm/trainproof#verdict/v3";

const REPORT_FORMAT = "trainproof-report/3";

/** A verdict that an account has signed. */
export interface SignedVerdict {
  signer: Address;
  statement: InTotoStatement;
  /** What the registry's verdict should name: SHA-256 of the report's canonical JSON. */
  reportDigest: Hex;
  chainId: number;
  registry: Address;
  claimId: Hex;
  proofDigest: Hex;
  verdict: AttestedVerdict;
  /** Whose proofs it is on, as the report says; of a sample, how many. */
  sample?: SegmentSample;
  /** Commitment to the undisclosed weights that the run continues, if it does. */
  undisclosedStart?: Hex;
}

type Report = Record<
  | "format"
  | "chainId"
  | "claimId"
  | "proofDigest"
  | "registry"
  | "verdict"
  | "coverage"
  | "undisclosedStart",
  unknown
>;

/**
 * The statement of a verdict report: its subject is the run's public manifest, which covers all that was verified. Exported weights
 * that the claim names are no subject: nobody has verified them.
 *
 * @param report - the bytes of report.json.
 * @param uri - where the manifest can be found, as the claimant says.
 */
export function verdictStatement(report: Uint8Array, uri?: string): InTotoStatement {
  const predicate = parseCanonicalJson(report) as Record<string, Json>;
  const { proofDigest } = predicate;
  if (typeof proofDigest !== "string") throw new EnvelopeError("it is no verdict report");
  const subject = {
    name: "manifest.json",
    ...(uri && { uri }),
    digest: { sha256: proofDigest.slice(2) },
  };
  return {
    _type: STATEMENT_TYPE,
    subject: [subject],
    predicateType: VERDICT_PREDICATE_TYPE,
    predicate,
  };
}

/**
 * A verdict report as an in-toto Statement in a DSSE envelope, signed with the verifier's account.
 *
 * @example
 * const envelope = await signVerdict(privateKeyToAccount(key), report.bytes, claim.uri);
 * writeFileSync("verdict.dsse.json", JSON.stringify(envelope));
 */
export async function signVerdict(
  signer: EnvelopeSigner,
  report: Uint8Array,
  uri?: string,
): Promise<Envelope> {
  const statement = canonicalBytes(verdictStatement(report, uri) as unknown as Json);
  return signEnvelope(signer, STATEMENT_PAYLOAD_TYPE, statement);
}

/**
 * Verifies a signed verdict: signature, in-toto's rules, and that report and subject agree. What it says is the signer's word; whether
 * the signer gave it on chain, too, the registry knows (reportDigest).
 *
 * @throws EnvelopeError
 *
 * @example
 * const { signer, claimId, verdict } = await verifyVerdict(JSON.parse(readFileSync("verdict.dsse.json", "utf8")));
 */
export async function verifyVerdict(envelope: unknown): Promise<SignedVerdict> {
  const { payload, signers } = await openEnvelope(envelope, STATEMENT_PAYLOAD_TYPE);
  const [signer] = signers;
  if (signer === undefined || signers.length !== 1) {
    throw new EnvelopeError(`a verdict is one verifier's; ${signers.length} have signed`);
  }
  const statement = parseStatement(payload);
  if (statement.predicateType !== VERDICT_PREDICATE_TYPE) {
    throw new EnvelopeError(`the statement is ${statement.predicateType}, no verdict`);
  }
  const report = statement.predicate as Report | undefined;
  if (report?.format !== REPORT_FORMAT) throw new EnvelopeError("the predicate is no report");
  const { chainId, verdict } = report;
  const [claimId, proofDigest] = [hexOf(report.claimId, 32), hexOf(report.proofDigest, 32)];
  const registry = hexOf(report.registry, 20);
  const undisclosedStart =
    report.undisclosedStart === undefined ? undefined : hexOf(report.undisclosedStart, 32);
  if (typeof chainId !== "number" || !isVerdict(verdict)) {
    throw new EnvelopeError("the report has no chain, or no verdict");
  }
  const sample = sampleOf(report.coverage);
  if ((verdict === "valid" && sample) || (verdict === "sampled" && !sample)) {
    throw new EnvelopeError(
      `the report says ${verdict}, but its coverage ${sample ? "a sample" : "all segments"}: valid is of all, sampled of some`,
    );
  }
  const [subject] = statement.subject;
  if (statement.subject.length !== 1 || subject?.digest["sha256"] !== proofDigest.slice(2)) {
    throw new EnvelopeError("the statement's subject is not the manifest that the report names");
  }
  const reportDigest = digestOf(report as Json);
  return {
    signer,
    statement,
    reportDigest,
    chainId,
    registry,
    claimId,
    proofDigest,
    verdict,
    ...(sample && { sample }),
    ...(undisclosedStart !== undefined && { undisclosedStart }),
  };
}

const isVerdict = (verdict: unknown): verdict is AttestedVerdict =>
  verdict === "valid" || verdict === "invalid" || verdict === "sampled";

/** The sample of a report's coverage; undefined for all segments. */
function sampleOf(coverage: unknown): SegmentSample | undefined {
  const { kind, checked, segments, seed } = (coverage ?? {}) as Record<string, unknown>;
  const count = (value: unknown) => typeof value === "number" && Number.isInteger(value);
  if (kind === "all" && count(segments)) return undefined;
  if (kind === "sample" && count(segments) && count(checked) && (checked as number) >= 1)
    return { size: checked as number, seed: hexOf(seed, 32) };
  throw new EnvelopeError("the report does not say whose proofs were verified: all, or a sample's");
}

function hexOf(value: unknown, bytes: number): Hex {
  if (typeof value === "string" && new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`).test(value)) {
    return value as Hex;
  }
  throw new EnvelopeError(`the report has a field that is not 0x and ${2 * bytes} digits`);
}

function digestOf(report: Json): Hex {
  try {
    return hex32(sha256(canonicalBytes(report))) as Hex;
  } catch (cause) {
    throw new EnvelopeError("the report has no canonical form", { cause });
  }
}
