import assert from "node:assert/strict";
import type { Hex } from "viem";
import {
  announcePlan,
  attest,
  challengeBond,
  createRegistryClients,
  drawSeed,
  findBonds,
  findBondsPage,
  findPlans,
  findPlansPage,
  getAttestations,
  getAttestationsPage,
  postBond,
  registerClaim,
  type RegistryClients,
  revokeAttestation,
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
import { type RefusingProxy, startRefusingProxy } from "./refusingProxy.ts";

interface Page<T> {
  items: T[];
  next?: string | undefined;
}
type ReadPage = (limit: number, after?: string) => Promise<Page<unknown>>;

describe("pages of plans, verdicts and bonds", function () {
  this.timeout(120_000);
  let test: TestChain;
  let proxy: RefusingProxy;
  let clients: RegistryClients;
  const many = 7;

  before(async () => {
    test = await startRegistry();
    const [owner, verifier, challenger] = await Promise.all([1, 2, 3].map((i) => test.clients(i)));
    for (let i = 0; i < many; i++) {
      const changed = { ...content, modelCommitment: digest(`model ${i}`) };
      const { claimId } = await registerClaim(owner!, { content: changed, uri });
      const plan = await announcePlan(owner!, { planDigest: digest(`plan ${i}`) });
      await attest(verifier!, saying(claimId, "valid"));
      const { timestamp } = await owner!.reader.getBlock();
      const bond = await postBond(owner!, {
        claimId,
        amount: 10n,
        challengeUntil: Number(timestamp) + 900_000,
        resolveWithin: 90_000,
        resolvers: [test.chain.accounts[4]!.address],
        threshold: 1,
      });
      await test.chain.mine(93);
      if (i === 1) {
        await drawSeed(owner!, plan);
        await revokeAttestation(verifier!, { claimId, reason: "a fault" });
        await challengeBond(challenger!, { bondId: bond.bondId, reason: "wrong" });
      }
    }
  });
  beforeEach(async () => {
    proxy = await startRefusingProxy(test.chain.rpcUrl, { blocks: 100n });
    clients = await createRegistryClients({
      rpcUrl: proxy.rpcUrl,
      address: test.address,
      disputes: test.disputes,
    });
  });
  afterEach(() => proxy.stop());
  after(() => test.chain.stop());

  const account = (i: number): Hex => test.chain.accounts[i]!.address;
  const cursor = (after: string | undefined) => (after === undefined ? {} : { after });
  const kinds: [string, ReadPage, () => Promise<unknown[]>][] = [
    [
      "plans",
      async (limit, after) => {
        const { plans, next } = await findPlansPage(clients, { limit, ...cursor(after) });
        return { items: plans, next };
      },
      () => findPlans(clients),
    ],
    [
      "verdicts",
      async (limit, after) => {
        const page = await getAttestationsPage(clients, { limit, ...cursor(after) });
        return { items: page.attestations, next: page.next };
      },
      () => getAttestations(clients, {}),
    ],
    [
      "bonds",
      async (limit, after) => {
        const { bonds, next } = await findBondsPage(clients, { limit, ...cursor(after) });
        return { items: bonds, next };
      },
      () => findBonds(clients),
    ],
  ];

  for (const [what, readPage, readAll] of kinds) {
    it(`of ${what} are together what there is, with what became of it since`, async () => {
      const pages: unknown[][] = [];
      let after: string | undefined;
      do {
        const { items, next } = await readPage(3, after);
        pages.push(items);
        after = next;
      } while (after !== undefined);
      assert.deepEqual(
        pages.map(({ length }) => length),
        [3, 3, 1],
      );
      const all = await readAll();
      assert.deepEqual(pages.flat(), all);
      assert.equal(new Set(all.map((item) => Object.keys(item as object).join())).size, 2);
    });

    it(`of ${what} read no further than they are filled`, async () => {
      await readPage(2);
      const passes = proxy.answered.filter(([from]) => from === 0n);
      assert.equal(passes.length, 1, "one pass from the first block on");
      const first = proxy.answered.findIndex(([, to]) => to > 350n);
      // Only what became of these two is looked for further on: seeds are in storage.
      if (what === "plans") assert.equal(first, -1);
      else assert.ok(first > 3);
    });

    it(`of ${what} end with one that says so, and have none after it`, async () => {
      assert.equal((await readPage(many)).next, undefined);
      assert.deepEqual(await readPage(5, "900000-0"), { items: [], next: undefined });
    });

    it(`of ${what} have from 1 to 1000 lines, and cursors that are places`, async () => {
      for (const limit of [0, 1001, 1.5])
        await assert.rejects(readPage(limit), isRegistryError("usage", /outside 1 … 1000/));
      for (const after of ["", digest("plan"), "1-2-3"])
        await assert.rejects(readPage(1, after), isRegistryError("usage", /no cursor/));
    });
  }

  it("are of one account, claim, or digest where a filter says so", async () => {
    const limit = 10;
    const planDigest = digest("plan 3");
    const { plans } = await findPlansPage(clients, { claimant: account(1), planDigest, limit });
    assert.deepEqual(plans, (await findPlans(clients)).slice(3, 4));
    assert.deepEqual(await findPlansPage(clients, { claimant: account(2), limit }), { plans: [] });
    const all = await getAttestations(clients, {});
    const { claimId } = all[1]!;
    const given = await getAttestationsPage(clients, { claimId, attester: account(2), limit });
    assert.deepEqual(given, { attestations: all.slice(1, 2) });
    const bonds = await findBonds(clients);
    assert.deepEqual(await findBondsPage(clients, { claimId, limit }), {
      bonds: bonds.slice(1, 2),
    });
    assert.deepEqual(await findBondsPage(clients, { poster: account(2), limit }), { bonds: [] });
  });
});
