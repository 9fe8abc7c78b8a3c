import { EnvelopeError } from "./dsse.ts";

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const STATEMENT_PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** A file that a statement is about, by its digests. */
export interface InTotoSubject {
  name?: string;
  uri?: string;
  /** Algorithm to lower-case hexadecimal digits. */
  digest: Record<string, string>;
}

/** An in-toto Statement v1 (in-toto/attestation, spec/v1/statement.md). */
export interface InTotoStatement {
  _type: typeof STATEMENT_TYPE;
  subject: readonly InTotoSubject[];
  predicateType: string;
  predicate?: Record<string, unknown>;
}

/** Bytes of the digests that in-toto's DigestSet names. */
const digestBytes: Record<string, number> = { sha256: 32, sha384: 48, sha512: 64, sha1: 20 };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads an in-toto Statement v1. Fields that it does not know are passed over, as the specification's parsing rules demand.
 *
 * @throws EnvelopeError naming the rule that is broken.
 */
export function parseStatement(payload: Uint8Array): InTotoStatement {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch (cause) {
    throw new EnvelopeError("the payload is no JSON", { cause });
  }
  if (!isObject(value)) throw new EnvelopeError("a statement is a JSON object");
  const { _type, subject, predicateType, predicate } = value;
  if (_type !== STATEMENT_TYPE) throw new EnvelopeError(`_type is not ${STATEMENT_TYPE}`);
  if (!Array.isArray(subject) || subject.length === 0) {
    throw new EnvelopeError("subject is not a list of one file at least");
  }
  if (typeof predicateType !== "string" || !/^[a-z][a-z0-9+.-]*:\S+$/i.test(predicateType)) {
    throw new EnvelopeError("predicateType is no URI");
  }
  if (predicate !== undefined && !isObject(predicate)) {
    throw new EnvelopeError("predicate is no object");
  }
  const subjects = subject.map(subjectOf);
  return {
    _type: STATEMENT_TYPE,
    subject: subjects,
    predicateType,
    ...(predicate && { predicate }),
  };
}

function subjectOf(value: unknown, index: number): InTotoSubject {
  const { digest, name, uri } = isObject(value) ? value : {};
  if (!isObject(digest) || Object.keys(digest).length === 0) {
    throw new EnvelopeError(`subject ${index} has no digest`);
  }
  for (const [algorithm, hex] of Object.entries(digest)) {
    const bytes = digestBytes[algorithm];
    const fits = typeof hex === "string" && (bytes === undefined || hex.length === 2 * bytes);
    if (!fits || (bytes !== undefined && !/^[0-9a-f]+$/.test(hex))) {
      throw new EnvelopeError(`the ${algorithm} digest of subject ${index} is malformed`);
    }
  }
  for (const [field, text] of Object.entries({ name, uri })) {
    if (text !== undefined && typeof text !== "string") {
      throw new EnvelopeError(`${field} of subject ${index} is no string`);
    }
  }
  return {
    ...(typeof name === "string" && { name }),
    ...(typeof uri === "string" && { uri }),
    digest: digest as Record<string, string>,
  };
}
