import assert from "node:assert/strict";
import { privateKeyToAccount } from "viem/accounts";
import { canonicalBytes, hex32, type Json, sha256 } from "../../src/artifact/index.ts";
import {
  type Envelope,
  EnvelopeError,
  openEnvelope,
  parseStatement,
  preAuthenticationEncoding,
  signEnvelope,
  signVerdict,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
  verdictStatement,
  verifyVerdict,
} from "../../src/record/index.ts";
import { digest } from "../registry/chain.ts";

const verifier = privateKeyToAccount(digest("a verifier"));
const stranger = privateKeyToAccount(digest("a stranger"));

const report = {
  format: "trainproof-report/3",
  protocol: "trainproof/1",
  verifierVersion: "0.1.0",
  verifierBuild: digest("build"),
  chainId: 31337,
  registry: `0x${"ab".repeat(20)}`,
  claimId: digest("claim"),
  proofDigest: digest("proof"),
  verdict: "valid",
  coverage: { kind: "all", segments: 6 },
  segments: 6,
  steps: 384,
  milliseconds: 1234,
};
const sample = { kind: "sample", checked: 2, segments: 6, seed: digest("seed"), block: 12 };
const reportBytes = canonicalBytes(report);
const uri = "https://example.org/manifest.json";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const text = (encoded: Uint8Array) => Buffer.from(encoded).toString("utf8");

/** Signed as it should be, whatever it says. */
const signed = (statement: unknown) =>
  signEnvelope(verifier, STATEMENT_PAYLOAD_TYPE, bytes(statement));

const refuses = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof EnvelopeError, String(error));
  assert.match(error.message, message);
  return true;
};

describe("a signed verdict", () => {
  let envelope: Envelope;
  before(async () => {
    envelope = await signVerdict(verifier, reportBytes, uri);
  });

  it("encodes what is signed as DSSE's own example", () => {
    const encoded = preAuthenticationEncoding(
      "http://example.com/HelloWorld",
      new TextEncoder().encode("hello world"),
    );
    assert.equal(text(encoded), "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    // Lengths are of bytes, not of characters.
    assert.equal(text(preAuthenticationEncoding("é", bytes("é"))), 'DSSEv1 2 é 4 "é"');
  });

  it("is an in-toto statement on the manifest, with the report as predicate", () => {
    assert.equal(envelope.payloadType, "application/vnd.in-toto+json");
    const statement = JSON.parse(Buffer.from(envelope.payload, "base64").toString("utf8")) as Json;
    assert.deepEqual(statement, {
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "manifest.json", uri, digest: { sha256: report.proofDigest.slice(2) } }],
      predicateType: "pkg:npm/trainproof#verdict/v3",
      predicate: report,
    });
    assert.deepEqual(envelope.signatures.length, 1);
    assert.equal(Buffer.from(envelope.signatures[0]!.sig, "base64").length, 65);
  });

  it("verifies, and names the digest that the chain has of the report", async () => {
    // As a file: what JSON keeps is enough.
    const { signer, reportDigest, verdict, claimId, chainId } = await verifyVerdict(
      JSON.parse(JSON.stringify(envelope)),
    );
    assert.deepEqual(
      [signer, reportDigest, verdict, claimId, chainId],
      [verifier.address, hex32(sha256(reportBytes)), "valid", report.claimId, 31337],
    );
  });

  it("verifies in the URL-safe alphabet, which DSSE allows", async () => {
    const urlSafe = (base64: string) => base64.replaceAll("+", "-").replaceAll("/", "_");
    const [signature] = envelope.signatures;
    const other = {
      ...envelope,
      payload: urlSafe(envelope.payload),
      signatures: [{ ...signature!, sig: urlSafe(signature!.sig) }],
    };
    assert.equal((await verifyVerdict(other)).signer, verifier.address);
  });

  it("is broken by any changed byte of the payload", async () => {
    const payload = Buffer.from(envelope.payload, "base64");
    for (let i = 0; i < payload.length; i += 17) {
      const changed = Buffer.from(payload);
      changed[i] = changed[i]! ^ 1;
      const other = { ...envelope, payload: changed.toString("base64") };
      await assert.rejects(verifyVerdict(other), refuses(/not 0x.*'s on this payload/));
    }
  });

  it("is nobody else's, and no other type's", async () => {
    const [signature] = envelope.signatures;
    const renamed = { ...envelope, signatures: [{ ...signature!, keyid: stranger.address }] };
    await assert.rejects(verifyVerdict(renamed), refuses(/is not 0x.*'s on this payload/));
    const other = { ...envelope, payloadType: "application/vnd.other+json" };
    await assert.rejects(verifyVerdict(other), refuses(/holds application\/vnd.other/));
    // Opened as what it says it is, its signature does not hold either.
    await assert.rejects(openEnvelope(other, other.payloadType), refuses(/is not 0x/));
    const two = { ...envelope, signatures: [signature!, signature!] };
    await assert.rejects(verifyVerdict(two), refuses(/one verifier's; 2 have signed/));
  });

  const malformed: [string, unknown, RegExp][] = [
    ["nothing", undefined, /no DSSE envelope/],
    ["a list", [], /no DSSE envelope/],
    ["no payload", { payloadType: "x", signatures: [] }, /payload/],
    ["no signatures", { payload: "", payloadType: "x", signatures: [] }, /1 to 64/],
    ["no list of signatures", { payload: "", payloadType: "x", signatures: {} }, /1 to 64/],
    [
      "too many signatures",
      { payload: "", payloadType: "x", signatures: Array(65).fill({ keyid: "", sig: "" }) },
      /1 to 64/,
    ],
    ["no keyid", { payload: "", payloadType: "x", signatures: [{ sig: "" }] }, /keyid/],
    ["a null signature", { payload: "", payloadType: "x", signatures: [null] }, /keyid/],
  ];
  for (const [what, value, message] of malformed) {
    it(`is not ${what}`, async () => {
      await assert.rejects(verifyVerdict(value), refuses(message));
    });
  }

  it("has strict base64 and signatures of 65 bytes", async () => {
    const [signature] = envelope.signatures;
    const spaced = { ...envelope, payload: `${envelope.payload} ` };
    await assert.rejects(verifyVerdict(spaced), refuses(/payload is not base64/));
    for (const sig of ["", "AAAA", "!!!!", signature!.sig.slice(0, 84)]) {
      const other = { ...envelope, signatures: [{ ...signature!, sig }] };
      await assert.rejects(verifyVerdict(other), refuses(/65 of r|not base64/));
    }
  });
});

describe("a signed verdict on a run from undisclosed weights", () => {
  it("names their commitment, which must be one", async () => {
    const undisclosedStart = digest("undisclosed weights");
    const own = await signVerdict(verifier, canonicalBytes({ ...report, undisclosedStart }), uri);
    assert.equal((await verifyVerdict(own)).undisclosedStart, undisclosedStart);
    const other = await signVerdict(verifier, reportBytes, uri);
    assert.ok(!("undisclosedStart" in (await verifyVerdict(other))));
    for (const wrong of [true, "yes", undisclosedStart.slice(0, -2)]) {
      const bytes = canonicalBytes({ ...report, undisclosedStart: wrong });
      await assert.rejects(
        verifyVerdict(await signVerdict(verifier, bytes, uri)),
        refuses(/not 0x and 64 digits/),
      );
    }
  });
});

describe("an in-toto statement (v1)", () => {
  const subject = { name: "f", digest: { sha256: "ab".repeat(32) } };
  const good = { _type: STATEMENT_TYPE, subject: [subject], predicateType: "https://x.example/v1" };

  it("may lack a predicate and have fields that nobody knows", () => {
    const known = parseStatement(bytes({ ...good, extension: 1 }));
    assert.deepEqual(known, good);
    const other = { ...subject, digest: { gitCommit: "abc", ...subject.digest } };
    assert.equal(parseStatement(bytes({ ...good, subject: [other] })).subject.length, 1);
  });

  const bad: [string, unknown, RegExp][] = [
    ["no object", [], /JSON object/],
    ["the former version", { ...good, _type: "https://in-toto.io/Statement/v0.1" }, /_type/],
    ["no type", { ...good, _type: undefined }, /_type/],
    ["no subject", { ...good, subject: [] }, /one file at least/],
    ["one subject without a list", { ...good, subject }, /one file at least/],
    [
      "a subject without a digest",
      { ...good, subject: [{ name: "f" }] },
      /subject 0 has no digest/,
    ],
    ["an empty digest", { ...good, subject: [{ digest: {} }] }, /subject 0 has no digest/],
    ["a null subject", { ...good, subject: [subject, null] }, /subject 1 has no digest/],
    [
      "a short digest",
      { ...good, subject: [{ digest: { sha256: "ab" } }] },
      /sha256 digest of subject 0 is malformed/,
    ],
    [
      "a digest in capitals",
      { ...good, subject: [{ digest: { sha256: "AB".repeat(32) } }] },
      /malformed/,
    ],
    ["a digest that is no text", { ...good, subject: [{ digest: { sha256: 1 } }] }, /malformed/],
    ["a name that is no text", { ...good, subject: [{ ...subject, name: 1 }] }, /name of subject/],
    ["a predicate type that is no URI", { ...good, predicateType: "verdict" }, /no URI/],
    ["no predicate type", { ...good, predicateType: undefined }, /no URI/],
    ["a predicate that is no object", { ...good, predicate: "valid" }, /no object/],
  ];
  for (const [what, value, message] of bad) {
    it(`is not ${what}`, () => {
      assert.throws(() => parseStatement(bytes(value)), refuses(message));
    });
  }

  it("is JSON in UTF-8", () => {
    assert.throws(() => parseStatement(new Uint8Array([0xff])), refuses(/no JSON/));
    assert.throws(() => parseStatement(new TextEncoder().encode("{")), refuses(/no JSON/));
  });
});

describe("a signed verdict on a sample", () => {
  it("says how many segments, and what drew them", async () => {
    const said = { ...report, verdict: "sampled", coverage: sample };
    const { verdict, sample: found } = await verifyVerdict(
      await signed(verdictStatement(canonicalBytes(said))),
    );
    assert.equal(verdict, "sampled");
    assert.deepEqual(found, { size: 2, seed: digest("seed") });
  });

  it("may be invalid", async () => {
    const said = { ...report, verdict: "invalid", check: "V5", reason: "…", coverage: sample };
    const { verdict } = await verifyVerdict(await signed(verdictStatement(canonicalBytes(said))));
    assert.equal(verdict, "invalid");
  });
});

describe("a statement that is signed but no verdict", () => {
  const statement = verdictStatement(reportBytes);
  const cases: [string, unknown, RegExp][] = [
    ["another predicate", { ...statement, predicateType: "https://slsa.dev/v1" }, /no verdict/],
    ["no report", { ...statement, predicate: { format: "x" } }, /no report/],
    ["no predicate", { ...statement, predicate: undefined }, /no report/],
    [
      "another subject than the report's proof",
      { ...statement, subject: [{ digest: { sha256: "ab".repeat(32) } }] },
      /subject is not the manifest/,
    ],
    [
      "a second subject",
      { ...statement, subject: [...statement.subject, ...statement.subject] },
      /subject is not the manifest/,
    ],
    [
      "a verdict that is none",
      { ...statement, predicate: { ...report, verdict: "maybe" } },
      /no verdict/,
    ],
    [
      "valid for a sample",
      { ...statement, predicate: { ...report, coverage: sample } },
      /says valid, but its coverage a sample/,
    ],
    [
      "sampled for all segments",
      { ...statement, predicate: { ...report, verdict: "sampled" } },
      /says sampled, but its coverage all segments/,
    ],
    [
      "no coverage",
      { ...statement, predicate: { ...report, coverage: undefined } },
      /whose proofs were verified/,
    ],
    [
      "a sample of no segment",
      {
        ...statement,
        predicate: { ...report, verdict: "sampled", coverage: { ...sample, checked: 0 } },
      },
      /whose proofs were verified/,
    ],
    [
      "a sample without a seed",
      {
        ...statement,
        predicate: { ...report, verdict: "sampled", coverage: { ...sample, seed: "0x" } },
      },
      /0x and 64 digits/,
    ],
    [
      "a claim id that is none",
      { ...statement, predicate: { ...report, claimId: "0x12" } },
      /0x and 64 digits/,
    ],
    [
      "numbers without a canonical form",
      { ...statement, predicate: { ...report, milliseconds: 0.5 } },
      /no canonical form/,
    ],
  ];
  for (const [what, value, message] of cases) {
    it(`has ${what}`, async () => {
      await assert.rejects(verifyVerdict(await signed(value)), refuses(message));
    });
  }

  it("cannot be made of what is no report", () => {
    assert.throws(() => verdictStatement(canonicalBytes({ format: "x" })), refuses(/no verdict/));
  });
});
