import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fromHex, planSeeds, toHex } from "../../src/protocol/index.ts";
import {
  announcePlan,
  attest,
  attestBatch,
  attestBySignature,
  challengeBond,
  drawSeed,
  postBond,
  registerClaim,
  resolveBond,
  retractClaim,
  revokeAttestation,
  signAttestation,
  withdrawOwed,
} from "../../src/registry/index.ts";
import { content, digest, saying, startRegistry, type TestChain, uri } from "./chain.ts";

const file = path.resolve(import.meta.dirname, "../../contracts/gas-snapshot.json");

/** What a call may cost, calldata and the transaction's 21000 included. */
const limits = {
  announce: 95_000,
  drawSeed: 60_000,
  register: 60_000,
  registerPlanned: 60_000,
  registerChild: 60_000,
  registerPlannedChild: 60_000,
  // Everything that a claim can say: a plan, a parent and two files.
  registerEverything: 60_000,
  // The fullest claim on undisclosed weights: no plan can announce them.
  registerUndisclosed: 60_000,
  attest: 60_000,
  attestSampled: 60_000,
  attestBySig: 75_000,
  attestBatch10: 400_000,
  revoke: 35_000,
  retract: 35_000,
  postBond: 85_000,
  challengeBond: 75_000,
  resolveBond: 60_000,
  settleBond: 150_000,
  withdrawOwed: 40_000,
};
type Snapshot = Record<keyof typeof limits, number>;

/** A seed, which no run repeats, has zero bytes more or less, at 12 gas each. */
const noise = 120;

describe("gas", function () {
  this.timeout(120_000);
  let test: TestChain;
  before(async () => {
    test = await startRegistry();
  });
  after(() => test.chain.stop());

  it("is what contracts/gas-snapshot.json says (UPDATE_GAS_SNAPSHOT=1 writes it), within the limits", async () => {
    const [owner, verifier, signer] = [
      await test.clients(1),
      await test.clients(2),
      await test.clients(3),
    ];
    const used: Partial<Record<keyof typeof limits, bigint | undefined>> = {};
    const planDigest = digest("plan");
    const announced = await announcePlan(owner, { planDigest });
    used.announce = announced.gasUsed;
    await test.chain.mine(5);
    const { seed, gasUsed } = await drawSeed(verifier, announced);
    used.drawSeed = gasUsed;

    const first = await registerClaim(owner, { content, uri });
    used.register = first.gasUsed;
    const files = { weightsDigest: digest("weights"), signingDigest: digest("manifest") };
    const start = `0x${toHex(planSeeds(fromHex(seed)).weights)}` as const;
    const planned = { ...content, ...files, planDigest, start };
    used.registerPlanned = (await registerClaim(owner, { content: planned, uri })).gasUsed;
    const child = { ...content, startKind: "parent" as const, start: first.claimId };
    used.registerChild = (await registerClaim(owner, { content: child, uri })).gasUsed;

    const plannedChild = { ...child, planDigest };
    used.registerPlannedChild = (
      await registerClaim(owner, { content: plannedChild, uri })
    ).gasUsed;
    const everything = { ...plannedChild, ...files };
    used.registerEverything = (await registerClaim(owner, { content: everything, uri })).gasUsed;

    const undisclosed = {
      ...content,
      ...files,
      startKind: "undisclosed" as const,
      start: digest("undisclosed weights"),
    };
    used.registerUndisclosed = (await registerClaim(owner, { content: undisclosed, uri })).gasUsed;

    const { claimId } = first;
    const sample = { size: 0xffff_ffff, seed: digest("sample") };
    const sampler = await test.clients(7);
    used.attestSampled = (await attest(sampler, saying(claimId, "sampled", { sample }))).gasUsed;
    used.attest = (await attest(verifier, saying(claimId, "valid"))).gasUsed;
    const deadline = 4_000_000_000n;
    const signed = await signAttestation(signer, { ...saying(claimId, "valid"), deadline });
    used.attestBySig = (await attestBySignature(owner, signed)).gasUsed;
    const reason = "the verifier's build had a fault; see our notice";
    used.revoke = (await revokeAttestation(verifier, { claimId, reason })).gasUsed;

    const ten = [];
    for (let i = 0; i < 10; i++) {
      const changed = { ...content, modelCommitment: digest(`model ${i}`) };
      ten.push(saying((await registerClaim(owner, { content: changed, uri })).claimId, "valid"));
    }
    used.attestBatch10 = (await attestBatch(verifier, { attestations: ten })).gasUsed;

    const terms = {
      claimId,
      amount: 10n ** 18n,
      challengeUntil: Number((await owner.reader.getBlock()).timestamp) + 100_000,
      resolveWithin: 100_000,
      resolvers: [4, 5, 6].map((index) => test.chain.accounts[index]!.address),
      threshold: 2,
    };
    const { bondId, gasUsed: postGas } = await postBond(owner, terms);
    used.postBond = postGas;
    used.challengeBond = (await challengeBond(verifier, { bondId, reason })).gasUsed;
    const ruling = { bondId, upheld: true, reason };
    used.resolveBond = (await resolveBond(await test.clients(4), ruling)).gasUsed;
    used.settleBond = (await resolveBond(await test.clients(5), ruling)).gasUsed;
    used.withdrawOwed = (await withdrawOwed(owner)).gasUsed;
    used.retract = (await retractClaim(owner, { claimId, reason })).gasUsed;

    const actual = Object.fromEntries(
      Object.keys(limits).map((name) => [name, Number(used[name as keyof typeof limits])]),
    ) as Snapshot;
    if (process.env["UPDATE_GAS_SNAPSHOT"]) {
      writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
    }
    const snapshot = JSON.parse(readFileSync(file, "utf8")) as Snapshot;
    assert.deepEqual(Object.keys(snapshot), Object.keys(limits));
    for (const [name, limit] of Object.entries(limits) as [keyof Snapshot, number][]) {
      assert.ok(actual[name] <= limit, `${name}: ${actual[name]} gas, the limit is ${limit}`);
      const difference = Math.abs(actual[name] - snapshot[name]);
      assert.ok(
        difference <= noise,
        `${name}: ${actual[name]} gas, the snapshot says ${snapshot[name]}`,
      );
    }
  });
});
