import assert from "node:assert/strict";
import { concat, type Hex, keccak256, stringToHex } from "viem";
import { fromHex, planSeeds, toHex } from "../../src/protocol/index.ts";
import {
  announcePlan,
  attest,
  attestBatch,
  attestBySignature,
  chainReader,
  checkSamples,
  type ClaimContent,
  countPlans,
  drawSeed,
  findClaims,
  findOrigin,
  findOrigins,
  findPlans,
  getAttestations,
  getClaim,
  getLineage,
  getPlan,
  getSampleSeed,
  getStatus,
  registerClaim,
  type RegistryClients,
  RegistryError,
  retractClaim,
  revokeAttestation,
  revokeBySignature,
  signAttestation,
  signRevocation,
  statusOf,
} from "../../src/registry/index.ts";
import {
  content,
  digest,
  isRegistryError,
  saying,
  startRegistry,
  type TestChain,
  uri,
} from "./chain.ts";

const deadline = 4_000_000_000n;

describe("the registry's actions", function () {
  this.timeout(120_000);
  let test: TestChain;
  let owner: RegistryClients;
  let verifier: RegistryClients;
  let other: RegistryClients;
  let reader: RegistryClients;
  const account = (index: number) => test.chain.accounts[index]!.address;
  /** A fresh claim of the owner. */
  const claim = async (name: string, changes: Partial<ClaimContent> = {}): Promise<Hex> => {
    const changed = { ...content, modelCommitment: digest(name), ...changes };
    return (await registerClaim(owner, { content: changed, uri })).claimId;
  };

  before(async () => {
    test = await startRegistry();
    [owner, verifier, other, reader] = await Promise.all([
      test.clients(1),
      test.clients(2),
      test.clients(3),
      test.clients(),
    ]);
  });
  after(() => test.chain.stop());

  it("announce a plan once, draw its seed once, and count the plans of an account", async () => {
    const planDigest = digest("plan");
    const first = await announcePlan(owner, { planDigest });
    assert.equal(first.alreadyAnnounced, false);
    const { planId, seedBlock } = first;
    assert.deepEqual(await announcePlan(owner, { planDigest }), {
      planId,
      alreadyAnnounced: true,
      number: 1,
      seedBlock,
    });
    assert.equal((await getPlan(reader, { planId })).state, "waiting");
    await assert.rejects(
      drawSeed(verifier, { planId, signal: AbortSignal.abort(new Error("no time")) }),
      /no time/,
    );
    await test.chain.mine(5);
    assert.equal((await getPlan(reader, { planId })).state, "ready");
    // Anyone draws, even without the claimant's help.
    const { seed, alreadyDrawn } = await drawSeed(verifier, { planId });
    assert.equal(alreadyDrawn, false);
    assert.deepEqual(await drawSeed(reader, { planId }), { seed, alreadyDrawn: true });

    const second = await announcePlan(owner, { planDigest: digest("another plan") });
    assert.equal(second.number, 2);
    assert.equal(await countPlans(reader, { claimant: account(1) }), 2);
    const plans = await findPlans(reader, { claimant: account(1) });
    assert.deepEqual(
      plans.map(({ number, state, seed: drawn }) => [number, state, drawn]),
      [
        [1, "drawn", seed],
        [2, "waiting", undefined],
      ],
    );
    assert.deepEqual(await findPlans(reader, { claimant: account(2) }), []);
    await assert.rejects(
      getPlan(reader, { planId: digest("x") }),
      isRegistryError("notFound", /no plan/),
    );
  });

  it("give a late draw, and say when it is too late", async () => {
    const { planId } = await announcePlan(other, { planDigest: digest("forgotten") });
    await test.chain.mine(9000);
    assert.equal((await getPlan(reader, { planId })).state, "missed");
    await assert.rejects(drawSeed(verifier, { planId }), (error: unknown) => {
      assert.ok(error instanceof RegistryError);
      assert.equal(error.contractError?.name, "SeedMissed");
      assert.equal(error.contractError.args[0], planId);
      return isRegistryError("reverted", /announce another plan/)(error);
    });
  });

  it("register a claim from undisclosed weights, and say so of all that descends from it", async () => {
    const start = digest("undisclosed weights");
    const hidden = { startKind: "undisclosed", start } as const;
    const root = await claim("from undisclosed weights", hidden);
    assert.equal((await getClaim(reader, { claimId: root })).startKind, "undisclosed");
    const child = await claim("its child", { startKind: "parent", start: root });
    const grandchild = await claim("its grandchild", { startKind: "parent", start: child });
    const open = await claim("from a seed");
    const openChild = await claim("a seed's child", { startKind: "parent", start: open });

    const line = await getLineage(reader, { claimId: grandchild });
    assert.deepEqual([line.claims.length, line.rooted, line.undisclosed], [3, false, true]);
    const cut = await getLineage(reader, { claimId: grandchild, limit: 2 });
    assert.deepEqual([cut.rooted, cut.undisclosed], [false, false]);
    const other = await getLineage(reader, { claimId: openChild });
    assert.deepEqual([other.rooted, other.undisclosed], [true, false]);

    const all = await findClaims(reader, { claimant: account(1) });
    const registry = chainReader(reader);
    const asked: Hex[] = [];
    const counting = {
      getClaim: (parameters: { claimId: Hex }) => {
        asked.push(parameters.claimId);
        return registry.getClaim(parameters);
      },
    };
    const origins = await findOrigins(counting, all);
    assert.deepEqual(
      [root, child, grandchild, open, openChild].map((claimId) => origins.get(claimId)),
      ["undisclosed", "undisclosed", "undisclosed", "seed", "seed"],
    );
    assert.deepEqual(asked, [], "what is in the list is not asked for");
    const alone = all.filter(({ claimId }) => claimId === grandchild);
    assert.equal(await findOrigin(counting, alone[0]!), "undisclosed");
    assert.deepEqual(asked, [child, root]);
    const short = await findOrigins(registry, alone, { limit: 1 });
    assert.equal(short.get(grandchild), "unknown", "a line that was not followed to its end");

    await assert.rejects(
      claim("nothing at all", { startKind: "undisclosed", start: `0x${"00".repeat(32)}` }),
      isRegistryError("reverted", /the digest start is zero/),
    );
    await assert.rejects(
      claim("planned", { ...hidden, planDigest: digest("plan") }),
      isRegistryError("reverted", /undisclosed weights, which no plan can announce/),
    );
  });

  it("keep a verdict on a sample apart, and say whether the sample was drawn", async () => {
    const claimId = await claim("sampled");
    const attester = account(2);
    assert.equal(await getSampleSeed(reader, { claimId, attester }), undefined, "too early");
    const guess = { size: 10, seed: digest("a seed of my own") };
    await attest(other, saying(claimId, "sampled", { sample: guess }));
    const [early] = await getAttestations(reader, { claimId });
    assert.deepEqual(await checkSamples(reader, { attestations: [early!] }), ["unknown"]);
    await test.chain.mine(4);

    const { blockNumber } = await getClaim(reader, { claimId });
    const { hash } = await reader.reader.getBlock({ blockNumber: blockNumber + 4n });
    // PROTOCOL §23, written out once more.
    const words = concat([stringToHex("trainproof/1/sample"), hash, claimId, attester]);
    const seed = await getSampleSeed(reader, { claimId, attester });
    assert.equal(seed, keccak256(words));
    const sample = { size: 100, seed: keccak256(words) };
    const said = saying(claimId, "sampled", { sample });
    await attest(verifier, said);
    assert.deepEqual(await attest(verifier, said), { alreadyAttested: true });
    await assert.rejects(
      attest(verifier, saying(claimId, "valid")),
      isRegistryError("reverted", /has given another verdict/),
    );

    const given = await getAttestations(reader, { claimId });
    assert.deepEqual(
      given.map(({ verdict, sample: of }) => [verdict, of]),
      [
        ["sampled", guess],
        ["sampled", sample],
      ],
    );
    // Beside them a seed that is somebody else's, and a verdict on all segments.
    const more = [
      { claimId, attester: account(1), sample },
      { claimId, attester },
    ];
    assert.deepEqual(await checkSamples(reader, { attestations: [...given, ...more] }), [
      "other",
      "drawn",
      "other",
      undefined,
    ]);

    const status = { claimId, verifiers: [account(2), account(3)], threshold: 1 };
    const counted = await getStatus(reader, status);
    assert.deepEqual(
      [counted.outcome, counted.sampled, counted.valid, counted.invalid],
      ["open", 2, 0, 0],
    );
    assert.deepEqual(statusOf({}, given, status), counted);
    await attest(owner, saying(claimId, "invalid", { sample }));
    const [, , found] = await getAttestations(reader, { claimId });
    assert.deepEqual([found?.verdict, found?.sample], ["invalid", sample]);
    await assert.rejects(
      checkSamples(reader, { attestations: [{ ...given[0]!, claimId: digest("none") }] }),
      isRegistryError("notFound", /has no claim/),
    );
  });

  it("refuse a sample that does not fit its verdict, signed or not", async () => {
    const claimId = await claim("sampled otherwise");
    const sample = { size: 3, seed: digest("sample") };
    const zero = `0x${"00".repeat(32)}` as const;
    for (const wrong of [
      saying(claimId, "sampled"),
      saying(claimId, "valid", { sample }),
      saying(claimId, "sampled", { sample: { ...sample, size: 0 } }),
      saying(claimId, "invalid", { sample: { ...sample, seed: zero } }),
    ]) {
      const refused = isRegistryError("reverted", /does not fit the verdict/);
      await assert.rejects(attest(verifier, wrong), refused);
    }
    const said = saying(claimId, "sampled", { sample });
    const signed = await signAttestation(verifier, { ...said, deadline });
    // Who relays it cannot make it a verdict on all segments.
    const forged = { ...signed.input, verdict: 2, sampleSize: 0, sampleSeed: zero };
    await assert.rejects(
      attestBySignature(other, { ...signed, input: forged }),
      isRegistryError("reverted", /signature is not/),
    );
    await attestBySignature(other, signed);
    const [given] = await getAttestations(reader, { claimId });
    assert.deepEqual([given?.attester, given?.verdict], [account(2), "sampled"]);
    assert.deepEqual(given?.sample, sample);
  });

  it("register a claim with everything it can say", async () => {
    const planDigest = digest("plan");
    const [plan] = await findPlans(reader, { claimant: account(1) });
    const start = `0x${toHex(planSeeds(fromHex(plan!.seed!)).weights)}` as const;
    const full = {
      ...content,
      start,
      planDigest,
      weightsDigest: digest("weights"),
      signingDigest: digest("manifest"),
    };
    await assert.rejects(
      registerClaim(owner, { content: { ...full, start: digest("mine") }, uri }),
      isRegistryError("reverted", /the plan's is 0x/),
    );
    await assert.rejects(
      registerClaim(verifier, { content: full, uri }),
      isRegistryError("reverted", /not announced by this account/),
    );
    const { claimId } = await registerClaim(owner, { content: full, uri });
    const { registeredAt, blockNumber, transactionHash, ...rest } = await getClaim(reader, {
      claimId,
    });
    assert.deepEqual(rest, { claimId, claimant: account(1), uri, ...full });
    assert.ok(registeredAt > 0 && blockNumber > 0n && transactionHash.length === 66);
    assert.deepEqual(
      (await findClaims(reader, { planDigest })).map((found) => found.claimId),
      [claimId],
    );
  });

  it("retract a claim, with its reason, and keep it readable", async () => {
    const claimId = await claim("retracted");
    await assert.rejects(
      retractClaim(verifier, { claimId, reason: "not mine" }),
      isRegistryError("reverted", /is 0x.*'s/),
    );
    await retractClaim(owner, { claimId, reason: "the data had duplicates" });
    assert.equal(
      (await getClaim(reader, { claimId })).retraction?.reason,
      "the data had duplicates",
    );
    await assert.rejects(
      retractClaim(owner, { claimId, reason: "again" }),
      isRegistryError("reverted", /retracted before/),
    );
    const status = await getStatus(reader, { claimId, verifiers: [account(2)], threshold: 1 });
    assert.equal(status.outcome, "retracted");
  });

  it("walk a lineage, and find children and data", async () => {
    const dataRoot = digest("lineage data");
    const root = await claim("root", { dataRoot });
    const middle = await claim("middle", { dataRoot, startKind: "parent", start: root });
    const leaf = await claim("leaf", { dataRoot, startKind: "parent", start: middle });
    const line = await getLineage(reader, { claimId: leaf });
    assert.deepEqual(
      line.claims.map(({ claimId }) => claimId),
      [leaf, middle, root],
    );
    assert.deepEqual([line.rooted, line.retracted], [true, false]);
    assert.equal((await getLineage(reader, { claimId: leaf, limit: 2 })).rooted, false);
    const ids = (claims: { claimId: Hex }[]) => claims.map(({ claimId }) => claimId);
    assert.deepEqual(ids(await findClaims(reader, { parent: root })), [middle]);
    assert.deepEqual(ids(await findClaims(reader, { dataRoot })), [root, middle, leaf]);
    await retractClaim(owner, { claimId: root, reason: "wrong" });
    assert.equal((await getLineage(reader, { claimId: leaf })).retracted, true);
  });

  it("attest by a signature that somebody else sends, once", async () => {
    const claimId = await claim("signed");
    const signed = await signAttestation(verifier, { ...saying(claimId, "valid"), deadline });
    await assert.rejects(
      attestBySignature(other, { ...signed, attester: account(4) }),
      isRegistryError("reverted", /signature is not/),
    );
    await assert.rejects(
      attestBySignature(other, { ...signed, input: { ...signed.input, verdict: 1 } }),
      isRegistryError("reverted", /signature is not/),
    );
    assert.equal((await attestBySignature(other, signed)).alreadyAttested, false);
    assert.deepEqual(await attestBySignature(other, signed), { alreadyAttested: true });
    const [given] = await getAttestations(reader, { claimId });
    const { blockNumber, transactionHash, ...rest } = given!;
    assert.deepEqual(rest, { ...saying(claimId, "valid"), attester: account(2) });
    assert.ok(blockNumber > 0n && transactionHash.length === 66);
    const late = await signAttestation(owner, { ...saying(claimId, "valid"), deadline: 1n });
    await assert.rejects(attestBySignature(other, late), isRegistryError("reverted", /until 1 /));

    const reason = "my build had a fault";
    await revokeBySignature(other, await signRevocation(verifier, { claimId, reason, deadline }));
    const [revoked] = await getAttestations(reader, { claimId });
    assert.equal(revoked?.revocation?.reason, reason);
  });

  it("refuse a verdict on another proof than the claim's", async () => {
    const claimId = await claim("bound");
    const wrong = saying(claimId, "valid", { proofDigest: digest("another proof") });
    await assert.rejects(
      attest(verifier, wrong),
      isRegistryError("reverted", /not the one of claim/),
    );
  });

  it("attest in a batch, all or none, without repeating what was said", async () => {
    const ids = [await claim("batch 1"), await claim("batch 2"), await claim("batch 3")];
    await attest(verifier, saying(ids[0]!, "valid"));
    const attestations = ids.map((claimId) => saying(claimId, "valid"));
    const result = await attestBatch(verifier, { attestations });
    assert.deepEqual(result.alreadyAttested, [ids[0]]);
    assert.deepEqual(result.attested, ids.slice(1));
    const again = await attestBatch(verifier, { attestations });
    assert.equal(again.transactionHash, undefined);
    await attest(other, saying(ids[2]!, "valid"));
    await assert.rejects(
      attestBatch(other, { attestations: ids.map((claimId) => saying(claimId, "invalid")) }),
      isRegistryError("reverted", /another verdict/),
    );
    assert.deepEqual(await getAttestations(reader, { claimId: ids[1]!, attester: account(3) }), []);
  });

  it("count a reader's own verifiers, and forget revoked verdicts for good", async () => {
    const claimId = await claim("quorum");
    const verifiers = [account(3), account(2), account(2)];
    const outcome = async (threshold: number) =>
      (await getStatus(reader, { claimId, verifiers, threshold })).outcome;
    assert.equal(await outcome(1), "open");
    await attest(verifier, saying(claimId, "valid"));
    assert.deepEqual([await outcome(1), await outcome(2)], ["valid", "open"]);
    await attest(other, saying(claimId, "invalid"));
    assert.deepEqual([await outcome(1), await outcome(2)], ["conflict", "open"]);
    await revokeAttestation(verifier, { claimId, reason: "a fault" });
    assert.equal(await outcome(1), "invalid");
    await assert.rejects(
      attest(verifier, saying(claimId, "valid")),
      isRegistryError("reverted", /another cannot follow/),
    );
    await assert.rejects(
      revokeAttestation(verifier, { claimId, reason: "again" }),
      isRegistryError("reverted", /before/),
    );
    await assert.rejects(outcome(3), isRegistryError("reverted", /outside 1 … 2/));
  });
});
