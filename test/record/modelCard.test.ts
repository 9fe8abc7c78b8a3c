import assert from "node:assert/strict";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import type { Json, PublicConfig } from "../../src/artifact/index.ts";
import { modelCard, type ModelCardParameters } from "../../src/record/index.ts";
import type { Attestation } from "../../src/registry/index.ts";
import { content, digest, saying } from "../registry/chain.ts";

const address = `0x${"ab".repeat(20)}` as const;
const claimId = digest("claim");
const place = { blockNumber: 17n, transactionHash: digest("transaction") };

const attestation = (changes: Partial<Attestation> = {}): Attestation => ({
  ...saying(claimId, "valid"),
  attester: address,
  ...place,
  ...changes,
});

const parameters: ModelCardParameters = {
  chainId: 1,
  registry: address,
  version: "0.1.0",
  claim: {
    ...content,
    claimId,
    claimant: address,
    uri: "https://example.org/manifest.json",
    registeredAt: 1_800_000_000,
    ...place,
  },
  attestations: [attestation()],
  origin: "seed",
};

const config = {
  name: "mnist",
  widths: [784, 128, 10],
  batch: 64,
  eta: "64",
  steps: 256,
  segmentSteps: 4,
  samples: 60_000,
  labels: "oneHot",
} as PublicConfig;

/** Errors of CycloneDX's official JSON schema, version 1.6, with nothing that it does not know. */
async function schemaErrors(bom: Json): Promise<unknown> {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  return validator.validate(JSON.stringify(bom));
}

interface Bom {
  metadata: {
    component: {
      name: string;
      hashes: Json;
      externalReferences: { type: string; comment: string }[];
      properties: { name: string; value: string }[];
      modelCard: Json;
    };
  };
}

describe("a claim's model card", function () {
  this.timeout(60_000);
  const { claim } = parameters;

  const cases: [string, ModelCardParameters][] = [
    ["a claim without files", parameters],
    ["a claim with its configuration", { ...parameters, config }],
    [
      "a claim that says everything, retracted",
      {
        ...parameters,
        config,
        claim: {
          ...claim,
          startKind: "parent",
          planDigest: digest("plan"),
          weightsDigest: digest("weights"),
          signingDigest: digest("signing"),
          retraction: { reason: "wrong data", ...place },
        },
      },
    ],
    ["nobody's verdict", { ...parameters, attestations: [] }],
    [
      "verdicts without an address, and addresses that are none",
      {
        ...parameters,
        claim: { ...claim, uri: "" },
        attestations: [
          attestation({ uri: "" }),
          attestation({ uri: "not a URL" }),
          attestation({ uri: "file:///tmp/report.json" }),
        ],
      },
    ],
  ];
  for (const [what, card] of cases) {
    it(`with ${what} is valid CycloneDX 1.6`, async () => {
      assert.equal(await schemaErrors(modelCard(card)), null);
    });
  }

  it("is judged by a schema that refuses", async () => {
    const bom = modelCard(parameters) as Record<string, Json>;
    const broken: Json[] = [
      { ...bom, serialNumber: claimId },
      { ...bom, bogus: 1 },
      { ...bom, metadata: { component: { type: "model", name: "x" } } },
      { ...bom, metadata: { timestamp: "yesterday" } },
    ];
    for (const value of broken) assert.notEqual(await schemaErrors(value), null);
  });

  it("says what the claim and the registry say", () => {
    const card = { ...parameters, config, claim: { ...claim, weightsDigest: digest("weights") } };
    const bom = modelCard(card) as unknown as Bom;
    const { name, hashes, externalReferences, properties, modelCard: its } = bom.metadata.component;
    assert.equal(name, "mnist");
    assert.deepEqual(hashes, [{ alg: "SHA-256", content: digest("weights").slice(2) }]);
    assert.deepEqual(
      externalReferences.map(({ type, comment }) => [type, comment]),
      [
        ["evidence", "public manifest of the proofs"],
        ["attestation", `valid, by ${address}`],
      ],
    );
    const facts = new Map(properties.map(({ name: key, value }) => [key, value]));
    assert.equal(facts.get("trainproof:claimId"), claimId);
    assert.equal(facts.get("trainproof:steps"), "256");
    assert.equal(facts.get("trainproof:proofDigest"), content.proofDigest);
    assert.match(JSON.stringify(its), /784-128-10/);
    assert.match(JSON.stringify(its), /says nothing of the model's accuracy/);
  });

  it("says that a model was continued from undisclosed weights, itself or an ancestor", () => {
    const start = digest("undisclosed weights");
    const undisclosed = { ...claim, startKind: "undisclosed", start } as const;
    const child = { ...claim, startKind: "parent", start: digest("parent") } as const;
    for (const [what, key] of [
      [undisclosed, "undisclosedWeights"],
      [child, "parentClaim"],
    ] as const) {
      const card = { ...parameters, claim: what, origin: "undisclosed" } as const;
      const { properties, modelCard: its } = (modelCard(card) as unknown as Bom).metadata.component;
      const facts = new Map(properties.map(({ name, value }) => [name, value]));
      assert.equal(facts.get("trainproof:origin"), "continued from undisclosed weights");
      assert.equal(facts.get(`trainproof:${key}`), what.start);
      assert.match(JSON.stringify(its), /was continued from undisclosed weights/);
    }
    assert.doesNotMatch(JSON.stringify(modelCard(parameters)), /undisclosed/);
    const long = modelCard({ ...parameters, claim: child, origin: "unknown" });
    assert.match(JSON.stringify(long), /too many ancestors/);
  });

  it("never calls a verdict on a sample valid without saying of how many segments", () => {
    const sample = { size: 8, seed: digest("sample") };
    const attestations = [attestation({ verdict: "sampled", sample })];
    const comment = (card: ModelCardParameters) =>
      (modelCard(card) as unknown as Bom).metadata.component.externalReferences.at(-1)!.comment;
    assert.equal(
      comment({ ...parameters, attestations, config }),
      `valid in a sample of 8 of 64 segments: one false segment would be found with probability 8/64, by ${address}`,
    );
    assert.match(
      comment({ ...parameters, attestations }),
      /^valid in a sample of 8 of the run's segments: with n in all/,
    );
    const more = [attestation({ verdict: "sampled", sample: { ...sample, size: 65 } })];
    assert.match(
      comment({ ...parameters, attestations: more, config }),
      /^sampled: it names a sample of 65 segments, and the run has 64/,
    );
  });

  it("leaves revoked verdicts out", () => {
    const revocation = { reason: "a fault", ...place };
    const card = { ...parameters, attestations: [attestation({ revocation })] };
    assert.doesNotMatch(JSON.stringify(modelCard(card)), /valid, by/);
  });

  it("has one serial number for each claim, whoever makes it", () => {
    const serial = (card: ModelCardParameters) =>
      (modelCard(card) as unknown as { serialNumber: string }).serialNumber;
    assert.equal(serial(parameters), serial({ ...parameters, attestations: [] }));
    const other = { ...parameters, claim: { ...claim, claimId: digest("another") } };
    assert.notEqual(serial(parameters), serial(other));
  });
});
