import assert from "node:assert/strict";
import type { Hex } from "viem";
import { checkedReader } from "../../src/indexer/index.ts";
import {
  announcePlan,
  attest,
  type Bond,
  chainReader,
  challengeBond,
  computePlanId,
  postBond,
  registerClaim,
  type RegistryReader,
  resolveBond,
  retractClaim,
} from "../../src/registry/index.ts";
import {
  content,
  digest,
  isRegistryError,
  saying,
  startRegistry,
  type TestChain,
  uri,
} from "../registry/chain.ts";

describe("an indexer's answers, checked with a node", function () {
  this.timeout(120_000);
  let test: TestChain;
  let honest: RegistryReader;
  let claimId: Hex;
  let retracted: Hex;
  let planId: Hex;
  let claimant: Hex;
  let attester: Hex;

  before(async () => {
    test = await startRegistry();
    const owner = await test.clients(1);
    claimant = test.chain.accounts[1]!.address;
    attester = test.chain.accounts[2]!.address;
    ({ claimId } = await registerClaim(owner, { content, uri }));
    const other = { ...content, proofDigest: digest("other proof") };
    ({ claimId: retracted } = await registerClaim(owner, { content: other, uri }));
    await retractClaim(owner, { claimId: retracted, reason: "wrong" });
    await attest(await test.clients(2), saying(claimId, "valid"));
    const planDigest = digest("plan");
    await announcePlan(owner, { planDigest });
    const { timestamp } = await owner.reader.getBlock();
    const resolvers = [4, 5, 6].map((i) => test.chain.accounts[i]!.address);
    const bond = await postBond(owner, {
      ...{ claimId, amount: 9n, resolveWithin: 90_000, threshold: 2, resolvers },
      challengeUntil: Number(timestamp) + 90_000,
    });
    const { bondId } = bond;
    await challengeBond(await test.clients(3), { bondId, reason: "wrong" });
    await resolveBond(await test.clients(4), { bondId, upheld: true, reason: "right" });
    const { chainId } = owner;
    planId = computePlanId({ chainId, registry: test.address, claimant, planDigest });
    honest = chainReader(await test.clients());
  });
  after(() => test.chain.stop());

  /** An indexer that gives the node's answers, but for some methods. */
  const lying = async (lies: Partial<RegistryReader>) =>
    checkedReader({ ...honest, ...lies }, await test.clients());

  it("are given as they are where they are true", async () => {
    const reader = await lying({});
    assert.deepEqual(await reader.findClaims(), await honest.findClaims());
    assert.deepEqual(await reader.getAttestations({}), await honest.getAttestations({}));
    assert.deepEqual(await reader.getLineage({ claimId }), await honest.getLineage({ claimId }));
    assert.deepEqual(await reader.getPlan({ planId }), await honest.getPlan({ planId }));
    assert.deepEqual(await reader.findPlans(), await honest.findPlans());
    const status = { claimId, verifiers: [attester], threshold: 1 };
    assert.deepEqual(await reader.getStatus(status), await honest.getStatus(status));
    assert.deepEqual(await reader.findBonds!(), await honest.findBonds!());
    const page = { limit: 5 };
    assert.deepEqual(await reader.findBondsPage!(page), await honest.findBondsPage!(page));
    assert.deepEqual(await reader.findPlansPage(page), await honest.findPlansPage(page));
    assert.deepEqual(
      await reader.getAttestationsPage(page),
      await honest.getAttestationsPage(page),
    );
  });

  const claims: [string, (reader: RegistryReader) => Promise<unknown>][] = [
    ["findClaims", (reader) => reader.findClaims()],
    ["findClaimsPage", (reader) => reader.findClaimsPage({ limit: 5 })],
    ["getClaim", (reader) => reader.getClaim({ claimId: retracted })],
    ["getLineage", (reader) => reader.getLineage({ claimId: retracted })],
  ];
  for (const [method, ask] of claims) {
    it(`${method} does not hide a retraction`, async () => {
      const unretracted = <T extends object>(claim: T) => ({ ...claim, retraction: undefined });
      const reader = await lying({
        findClaims: async () => (await honest.findClaims()).map(unretracted),
        findClaimsPage: async (page) => ({
          claims: (await honest.findClaimsPage(page)).claims.map(unretracted),
        }),
        getClaim: async (id) => unretracted(await honest.getClaim(id)),
        getLineage: async (id) => {
          const line = await honest.getLineage(id);
          return { ...line, claims: line.claims.map(unretracted) };
        },
      });
      await assert.rejects(
        ask(reader),
        isRegistryError("indexer", /retraction of claim .* says false, the chain says true/),
      );
    });
  }

  const claimLies: [string, object, RegExp][] = [
    ["a claim that nobody registered", { claimId: digest("none") }, /says registered, the chain/],
    ["another block", { blockNumber: 1n }, /block of claim/],
    ["another time", { registeredAt: 1 }, /time of claim/],
    ["another claimant", { claimant: `0x${"11".repeat(20)}` }, /claimant of claim/],
    ["a retraction that was not", { retraction: { reason: "" } }, /retraction of claim/],
  ];
  for (const [what, change, message] of claimLies) {
    it(`are refused with ${what}`, async () => {
      const reader = await lying({
        getClaim: async (id) => ({ ...(await honest.getClaim(id)), ...change }),
      });
      await assert.rejects(reader.getClaim({ claimId }), isRegistryError("indexer", message));
    });
  }

  const verdictLies: [string, object, RegExp][] = [
    ["the other verdict", { verdict: "invalid" }, /verdict of .* says invalid, the chain says/],
    ["a verdict of somebody else", { attester: `0x${"11".repeat(20)}` }, /chain says unknown/],
    ["another verifier build", { verifierBuild: digest("mine") }, /content of/],
    ["another report", { reportDigest: digest("mine") }, /content of/],
    ["a verdict on a sample", { verdict: "sampled" }, /says sampled, the chain says valid/],
    ["a sample", { sample: { size: 1, seed: digest("mine") } }, /content of/],
    ["another protocol", { protocolVersion: 2 }, /content of/],
    ["a revocation that was not", { revocation: { reason: "" } }, /revocation of/],
    ["a verdict from another block", { blockNumber: 1n }, /block of/],
  ];
  for (const [what, change, message] of verdictLies) {
    it(`are refused with ${what}`, async () => {
      const reader = await lying({
        getAttestations: async (filter) =>
          (await honest.getAttestations(filter)).map((given) => ({ ...given, ...change })),
      });
      await assert.rejects(
        reader.getAttestations({ claimId }),
        isRegistryError("indexer", message),
      );
    });
  }

  const planLies: [string, object, RegExp][] = [
    ["a seed that was not drawn", { seed: digest("seed") }, /seed of plan/],
    ["another number", { number: 2 }, /number of plan/],
    ["another seed block", { seedBlock: 2 }, /seed block of plan/],
    ["fewer plans than there are", { announcedByClaimant: 0 }, /number of plans of/],
    ["a plan that nobody announced", { planId: digest("none") }, /says announced, the chain/],
  ];
  for (const [what, change, message] of planLies) {
    it(`are refused with ${what}`, async () => {
      const reader = await lying({
        getPlan: async (id) => ({ ...(await honest.getPlan(id)), ...change }),
      });
      await assert.rejects(reader.getPlan({ planId }), isRegistryError("indexer", message));
    });
  }

  const stranger = `0x${"11".repeat(20)}` as const;
  const bondLies: [string, (bond: Bond) => object, RegExp][] = [
    ["a bond that nobody posted", () => ({ bondId: digest("none") }), /says posted, the chain/],
    ["another poster", () => ({ poster: stranger }), /poster of bond/],
    ["another block", () => ({ blockNumber: 1n }), /block of bond/],
    ["another stage", () => ({ stage: "refuted" }), /stage of bond .* says refuted/],
    ["no challenge", () => ({ challenge: undefined }), /challenger of bond/],
    [
      "more time to decide",
      ({ challenge }) => ({ challenge: { ...challenge, resolveUntil: 2_000_000_000 } }),
      /last second for the resolvers of bond/,
    ],
    ["no votes", () => ({ votes: [] }), /votes to uphold of bond .* says 0, the chain says/],
    [
      "a vote for the other side",
      ({ votes }) => ({ votes: votes.map((vote) => ({ ...vote, upheld: false })) }),
      /votes to uphold of bond/,
    ],
    ["a vote twice", ({ votes }) => ({ votes: [...votes, ...votes] }), /votes to uphold of bond/],
    [
      "a vote of no resolver",
      ({ votes }) => ({
        votes: [...votes, { ...votes[0], resolver: stranger, upheld: false }],
      }),
      /votes to refute of bond/,
    ],
  ];
  for (const [what, change, message] of bondLies) {
    it(`are refused with ${what}, in pages, too`, async () => {
      const lie = (bond: Bond) => ({ ...bond, ...change(bond) });
      const reader = await lying({
        findBonds: async (filter) => (await honest.findBonds!(filter)).map(lie),
        findBondsPage: async (page) => ({
          bonds: (await honest.findBondsPage!(page)).bonds.map(lie),
        }),
      });
      await assert.rejects(reader.findBonds!(), isRegistryError("indexer", message));
      await assert.rejects(
        reader.findBondsPage!({ limit: 5 }),
        isRegistryError("indexer", message),
      );
    });
  }

  it("are refused with pages of plans and verdicts that are none", async () => {
    const reader = await lying({
      findPlansPage: async (page) => ({
        plans: (await honest.findPlansPage(page)).plans.map((plan) => ({ ...plan, number: 3 })),
      }),
      getAttestationsPage: async (page) => ({
        attestations: (await honest.getAttestationsPage(page)).attestations.map((given) => ({
          ...given,
          verdict: "invalid",
        })),
      }),
    });
    const page = { limit: 5 };
    await assert.rejects(reader.findPlansPage(page), isRegistryError("indexer", /number of plan/));
    await assert.rejects(
      reader.getAttestationsPage(page),
      isRegistryError("indexer", /verdict of .* says invalid/),
    );
  });

  it("are refused with a status that leaves a verdict out", async () => {
    const reader = await lying({
      getStatus: async (asked) => ({ ...(await honest.getStatus(asked)), valid: 0 }),
    });
    await assert.rejects(
      reader.getStatus({ claimId, verifiers: [attester], threshold: 1 }),
      isRegistryError("indexer", /valid verdicts of the status/),
    );
  });

  it("are refused with plans left out of the count", async () => {
    const reader = await lying({ countPlans: () => Promise.resolve(0) });
    await assert.rejects(
      reader.countPlans({ claimant }),
      isRegistryError("indexer", /says 0, the chain says 1/),
    );
  });

  it("are refused with another time of a block", async () => {
    const reader = await lying({ getBlockTimes: () => Promise.resolve(new Map([[1n, 5]])) });
    await assert.rejects(
      reader.getBlockTimes({ blockNumbers: [1n] }),
      isRegistryError("indexer", /time of block 1/),
    );
  });

  it("are refused where the node is on another chain", async () => {
    await assert.rejects(lying({ chainId: 1 }), isRegistryError("indexer", /chain id/));
  });
});
