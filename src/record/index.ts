/**
 * Records of claims and verdicts in formats that others read: in-toto Statements in DSSE envelopes, CycloneDX model cards.
 *
 *     const envelope = await signVerdict(account, report.bytes, claim.uri);
 *     const { signer, verdict, claimId } = await verifyVerdict(envelope);
 *     const card = modelCard({ chainId, registry, claim, attestations, config });
 */
export {
  type Envelope,
  EnvelopeError,
  type EnvelopeSigner,
  MAX_ENVELOPE_BYTES,
  openEnvelope,
  preAuthenticationEncoding,
  signEnvelope,
} from "./dsse.ts";
export { modelCard, type ModelCardParameters } from "./modelCard.ts";
export {
  parseStatement,
  type InTotoStatement,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
  type InTotoSubject,
} from "./statement.ts";
export {
  type SignedVerdict,
  signVerdict,
  VERDICT_PREDICATE_TYPE,
  verdictStatement,
  verifyVerdict,
} from "./verdictEnvelope.ts";
