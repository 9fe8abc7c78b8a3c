import assert from "node:assert/strict";
import { type Hex, zeroAddress } from "viem";
import { createIndexerReader } from "../../src/indexer/index.ts";
import {
  computeBondId,
  computeClaimId,
  computePlanId,
  findOrigin,
  type RegistryReader,
} from "../../src/registry/index.ts";
import { content, digest, isRegistryError } from "../registry/chain.ts";
import { type Answers, type FakeIndexer, startFakeIndexer } from "./fakeIndexer.ts";

const registry: Hex = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
const claimant: Hex = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const chainId = 31337;
const claimId = computeClaimId({ chainId, registry, claimant, content });
const disputes: Hex = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512";
const terms = {
  claimId,
  amount: 10n ** 18n,
  challengeUntil: 1_800_000_000,
  resolveWithin: 90_000,
  threshold: 1,
  resolvers: [claimant],
};
const bondId = computeBondId({ chainId, disputes, terms });
const bondRow = {
  bondId,
  position: "4000000",
  claimId,
  attester: null,
  poster: claimant,
  amount: String(terms.amount),
  challengeUntil: String(terms.challengeUntil),
  resolveWithin: String(terms.resolveWithin),
  threshold: "1",
  resolvers: terms.resolvers,
  stage: "posted",
  blockNumber: "4",
  transactionHash: digest("transaction"),
  challenger: null,
  resolveUntil: null,
  challengeReason: null,
  challengeReasonBytes: null,
  challengeTransactionHash: null,
};
const voteRow = {
  bondId,
  resolver: claimant,
  position: "5000000",
  upheld: true,
  reason: "ab",
  reasonBytes: "0x610062",
  transactionHash: digest("transaction"),
};
const planDigest = digest("plan");
const planId = computePlanId({ chainId, registry, claimant, planDigest });

const { steps, ...digests } = content;
const claimRow = {
  claimId,
  position: "2000003",
  claimant,
  ...digests,
  steps: String(steps),
  planDigest: null,
  weightsDigest: null,
  signingDigest: null,
  uri: "",
  uriBytes: null,
  registeredAt: "1700000000",
  blockNumber: "2",
  transactionHash: digest("transaction"),
  retractionReason: null,
  retractionReasonBytes: null,
  retractionBlockNumber: null,
  retractionTransactionHash: null,
};
const attestationRow = {
  claimId,
  attester: claimant,
  position: "3000000",
  reportDigest: digest("report"),
  verdict: "valid",
  proofDigest: content.proofDigest,
  verifierBuild: digest("build"),
  protocolVersion: "1",
  sampleSize: null,
  sampleSeed: null,
  uri: "",
  uriBytes: null,
  blockNumber: "3",
  transactionHash: digest("transaction"),
  revocationReason: null,
  revocationReasonBytes: null,
  revocationBlockNumber: null,
  revocationTransactionHash: null,
};
const planRow = {
  planId,
  position: "1000000",
  claimant,
  planDigest,
  number: "1",
  seedBlock: "5",
  blockNumber: "1",
  transactionHash: digest("transaction"),
  seed: null,
};

/** Rows with some fields changed; nothing beyond the first request. */
const honest: Answers = {
  deployments: { items: [{ address: registry, chainId: String(chainId), disputes }] },
  head: 8,
  rows: (table, { where }) => {
    if (table === "blocks") return [];
    if (where["position_gt"] !== "-1") return [];
    const claims = { claims: [claimRow], attestations: [attestationRow], plans: [planRow] };
    const bonds = { bonds: [bondRow], bondVotes: [voteRow] };
    return { ...claims, ...bonds }[table] ?? [];
  },
};

describe("an indexer's answers", () => {
  let fake: FakeIndexer;
  let reader: RegistryReader;
  before(async () => {
    fake = await startFakeIndexer(honest);
  });
  after(() => fake.stop());
  beforeEach(async () => {
    fake.answers = honest;
    reader = await createIndexerReader({ url: fake.url, registry, disputes });
  });

  const giving = (rows: unknown[]): Answers => ({ ...honest, rows: () => rows });

  it("are claims, verdicts and plans", async () => {
    const claim = await reader.getClaim({ claimId });
    assert.equal(claim.claimant.toLowerCase(), claimant);
    assert.equal(claim.registeredAt, 1700000000);
    assert.equal((await reader.getAttestations({ claimId }))[0]?.verdict, "valid");
    assert.equal((await reader.findPlans())[0]?.state, "ready");
  });

  it("are verdicts on samples", async () => {
    const sampleSeed = digest("sample");
    const sampled = { verdict: "sampled", sampleSize: "4294967295", sampleSeed };
    fake.answers = giving([{ ...attestationRow, ...sampled }]);
    const page = await reader.getAttestationsPage({ limit: 1 });
    assert.equal(page.attestations[0]?.verdict, "sampled");
    assert.deepEqual(page.attestations[0]?.sample, { size: 2 ** 32 - 1, seed: sampleSeed });
    assert.ok(!("checkSamples" in reader), "how it was drawn only a node can say");
  });

  const lyingSamples: [string, Record<string, unknown>, RegExp][] = [
    ["a sample without a seed", { sampleSize: "1" }, /half a sample/],
    ["a seed without a size", { sampleSeed: digest("sample") }, /half a sample/],
    ["a size that is none", { sampleSize: "4294967296" }, /sampleSize is no uint32/],
    ["a verdict that is none", { verdict: "perhaps" }, /verdict/],
    ["a version that is none", { protocolVersion: "4294967296" }, /protocolVersion is no uint32/],
  ];
  for (const [what, change, message] of lyingSamples) {
    it(`are refused with verdicts of ${what}`, async () => {
      fake.answers = giving([{ ...attestationRow, ...change }]);
      await assert.rejects(
        reader.getAttestations({ claimId }),
        isRegistryError("indexer", message),
      );
    });
  }

  it("are no claim where undisclosed weights are passed off as a seed", async () => {
    const hidden = { ...content, startKind: "undisclosed" as const };
    const id = computeClaimId({ chainId, registry, claimant, content: hidden });
    fake.answers = giving([{ ...claimRow, claimId: id, startKind: "undisclosed" }]);
    const claim = await reader.getClaim({ claimId: id });
    assert.equal(claim.startKind, "undisclosed");
    assert.equal(await findOrigin(reader, claim), "undisclosed");
    const line = await reader.getLineage({ claimId: id });
    assert.deepEqual([line.rooted, line.undisclosed], [false, true]);
    for (const startKind of ["seed", "parent"]) {
      fake.answers = giving([{ ...claimRow, claimId: id, startKind }]);
      await assert.rejects(
        reader.getClaim({ claimId: id }),
        isRegistryError("indexer", /a content that is not this claim's/),
      );
    }
  });

  it("are bonds with their votes", async () => {
    const [bond] = await reader.findBonds!();
    assert.deepEqual([bond?.bondId, bond?.amount, bond?.stage], [bondId, terms.amount, "posted"]);
    assert.equal(bond?.votes[0]?.reason, "a\0b");
    assert.deepEqual(await reader.findBondsPage!({ limit: 1 }), { bonds: [bond] });
  });

  const lyingBonds: [string, Record<string, unknown>, RegExp][] = [
    ["another amount", { amount: "2" }, /terms that are not this bond's/],
    ["other resolvers", { resolvers: [registry] }, /terms that are not this bond's/],
    ["a verdict that is not bonded", { attester: claimant }, /terms that are not this bond's/],
    ["a longer window", { challengeUntil: "1800000001" }, /terms that are not this bond's/],
    ["no resolvers", { resolvers: [] }, /resolvers/],
    ["more resolvers than there can be", { resolvers: Array(17).fill(claimant) }, /resolvers/],
    ["half a challenge", { challenger: claimant }, /half a challenge/],
    ["a stage that is none", { stage: "none" }, /stage/],
    ["an amount that is none", { amount: "-1" }, /amount is no amount/],
  ];
  for (const [what, change, message] of lyingBonds) {
    it(`are refused with bonds of ${what}`, async () => {
      fake.answers = giving([{ ...bondRow, ...change }]);
      await assert.rejects(reader.findBonds!(), isRegistryError("indexer", message));
    });
  }

  it("have no bonds where no disputes are named, and are refused where others are", async () => {
    const plain = await createIndexerReader({ url: fake.url, registry });
    assert.ok(!("findBonds" in plain) && !("findBondsPage" in plain));
    await assert.rejects(
      createIndexerReader({ url: fake.url, registry, disputes: claimant }),
      isRegistryError("indexer", /indexes the disputes 0xe7f1.*, not 0x7099/),
    );
    const [deployment] = (honest.deployments as { items: object[] }).items;
    fake.answers = { ...honest, deployments: { items: [{ ...deployment, disputes: null }] } };
    await assert.rejects(
      createIndexerReader({ url: fake.url, registry, disputes }),
      isRegistryError("indexer", /indexes no disputes.*TRAINPROOF_DISPUTES/),
    );
  });

  it("are of the known registry on the indexer's chain where none is named", async () => {
    const known = { [chainId]: { registry, disputes, deployedIn: 0n } };
    const found = await createIndexerReader({ url: fake.url, known });
    assert.equal(found.address, registry);
    assert.equal((await found.findBonds!())[0]?.bondId, bondId);
    await assert.rejects(
      createIndexerReader({ url: fake.url, known: { 1: known[chainId] } }),
      isRegistryError("usage", /none is known on chain 31337; give --registry/),
    );
    const other = { [chainId]: { registry: disputes, disputes, deployedIn: 0n } };
    await assert.rejects(
      createIndexerReader({ url: fake.url, known: other }),
      isRegistryError("indexer", /indexes the registry/),
    );
  });

  it("give a text that Postgres cannot hold from its bytes", async () => {
    fake.answers = giving([{ ...claimRow, uri: "ab", uriBytes: "0x610062" }]);
    assert.equal((await reader.getClaim({ claimId })).uri, "a\0b");
  });

  const lies: [string, Record<string, unknown>, RegExp][] = [
    ["another model", { modelCommitment: digest("other") }, /content that is not this claim's/],
    ["another claimant", { claimant: zeroAddress }, /content that is not this claim's/],
    ["a plan it does not name", { planDigest }, /content that is not this claim's/],
    ["more steps", { steps: "257" }, /content that is not this claim's/],
    ["half a retraction", { retractionReason: "why" }, /half a retraction/],
    ["a URI longer than any", { uri: "x".repeat(2049) }, /uri/],
    ["a number that is none", { blockNumber: "-1" }, /blockNumber is no uint64/],
    ["a digest that is none", { dataRoot: "0x12" }, /dataRoot is no 32 bytes/],
    ["no claimant", { claimant: null }, /claimant/],
  ];
  for (const [what, change, message] of lies) {
    it(`are refused with ${what}`, async () => {
      fake.answers = giving([{ ...claimRow, ...change }]);
      await assert.rejects(reader.findClaims(), isRegistryError("indexer", message));
    });
  }

  it("are refused with a plan whose digest is not its own", async () => {
    fake.answers = giving([{ ...planRow, planDigest: digest("other") }]);
    await assert.rejects(reader.findPlans(), isRegistryError("indexer", /not this plan's/));
  });

  it("are refused with half a revocation", async () => {
    fake.answers = giving([{ ...attestationRow, revocationBlockNumber: "4" }]);
    await assert.rejects(
      reader.getAttestations({ claimId }),
      isRegistryError("indexer", /half a revocation/),
    );
  });

  it("are refused out of order", async () => {
    fake.answers = giving([claimRow, { ...claimRow, position: "2000002" }]);
    await assert.rejects(reader.findClaims(), isRegistryError("indexer", /does not order/));
  });

  it("are refused with more rows than were asked for", async () => {
    const rows = Array.from({ length: 3 }, (_, i) => ({ ...claimRow, position: String(i + 1) }));
    fake.answers = giving(rows);
    await assert.rejects(reader.findClaimsPage({ limit: 1 }), isRegistryError("indexer", /page/));
  });

  it("are refused where they repeat for ever", async () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({ ...claimRow, position: String(i + 1) }));
    fake.answers = giving(rows);
    const before = fake.requests;
    await assert.rejects(reader.findClaims(), isRegistryError("indexer", /does not order/));
    assert.equal(fake.requests - before, 2);
  });

  it("are refused without the time of a block", async () => {
    await assert.rejects(
      reader.getBlockTimes({ blockNumbers: [2n] }),
      isRegistryError("indexer", /does not say when block 2/),
    );
  });

  const raws: [string, NonNullable<Answers["raw"]>, RegExp][] = [
    ["with HTTP errors", (response) => response.writeHead(500).end(), /HTTP status 500/],
    ["that are no JSON", (response) => response.end("<html>"), /with JSON/],
    ["that are no GraphQL", (response) => response.end("[]"), /should not/],
    [
      "with GraphQL errors",
      (response) => response.end('{"errors":[{"message":"no such field"}]}'),
      /refused: no such field/,
    ],
    [
      "without end",
      (response) => {
        const chunk = Buffer.alloc(1 << 20, " ");
        const more = () => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on("drain", more);
        more();
      },
      /more than 16777216 bytes/,
    ],
  ];
  for (const [what, raw, message] of raws) {
    it(`are refused ${what}`, async () => {
      fake.answers = { ...honest, raw };
      await assert.rejects(reader.findClaims(), isRegistryError("indexer", message));
    });
  }

  it("do not lead elsewhere", async () => {
    fake.answers = {
      ...honest,
      raw: (response) => response.writeHead(307, { location: "http://127.0.0.1:9/" }).end(),
    };
    await assert.rejects(
      reader.findClaims(),
      isRegistryError("unreachable", /no indexer answers at http:\/\/127/),
    );
  });

  const others: [string, Partial<Answers>, { chainId?: number }, RegExp][] = [
    [
      "another registry",
      { deployments: { items: [{ address: claimant, chainId: "31337", disputes: null }] } },
      {},
      /indexes the registry 0x7099.*, not 0x5fbd/,
    ],
    ["nothing yet", { deployments: { items: [] } }, {}, /has not begun/],
    ["another chain", {}, { chainId: 1 }, /indexes chain 31337, not 1/],
  ];
  for (const [what, change, more, message] of others) {
    it(`are refused from an indexer of ${what}`, async () => {
      fake.answers = { ...honest, ...change };
      await assert.rejects(
        createIndexerReader({ url: fake.url, registry, ...more }),
        isRegistryError("indexer", message),
      );
    });
  }

  it("need a URL and an address", async () => {
    await assert.rejects(
      createIndexerReader({ url: "ftp://127.0.0.1", registry }),
      isRegistryError("usage", /http\(s\) URL/),
    );
    await assert.rejects(
      createIndexerReader({ url: fake.url, registry: "0x12" }),
      isRegistryError("usage", /0x and 40 digits/),
    );
  });
});
