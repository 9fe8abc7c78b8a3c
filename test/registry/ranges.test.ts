import assert from "node:assert/strict";
import type { Hex } from "viem";
import {
  createRegistryClients,
  findClaims,
  findClaimsPage,
  getAttestations,
  registerClaim,
  type RegistryClients,
  retractClaim,
} from "../../src/registry/index.ts";
import { content, digest, isRegistryError, startRegistry, type TestChain, uri } from "./chain.ts";
import { type RefusingProxy, startRefusingProxy } from "./refusingProxy.ts";

describe("reading events from a node that refuses", function () {
  this.timeout(120_000);
  let test: TestChain;
  let proxy: RefusingProxy;
  const claims: Hex[] = [];

  /** New clients have learned nothing of the node. */
  const connect = (fromBlock?: bigint): Promise<RegistryClients> =>
    createRegistryClients({
      rpcUrl: proxy.rpcUrl,
      address: test.address,
      ...(fromBlock !== undefined && { fromBlock }),
    });
  const idsOf = (found: { claimId: Hex }[]) => found.map(({ claimId }) => claimId);

  before(async () => {
    test = await startRegistry();
    const owner = await test.clients(1);
    for (let i = 0; i < 7; i++) {
      const changed = { ...content, modelCommitment: digest(`model ${i}`) };
      claims.push((await registerClaim(owner, { content: changed, uri })).claimId);
      await test.chain.mine(97);
    }
    await retractClaim(owner, { claimId: claims[2]!, reason: "wrong" });
  });
  beforeEach(async () => {
    proxy = await startRefusingProxy(test.chain.rpcUrl, { blocks: 1_000_000n });
  });
  afterEach(() => proxy.stop());
  after(() => test.chain.stop());

  it("asks once where nothing is refused", async () => {
    assert.deepEqual(idsOf(await findClaims(await connect())), claims);
    assert.deepEqual([proxy.answered.length, proxy.refused.length], [2, 0]);
  });

  for (const blocks of [300n, 50n, 7n]) {
    it(`finds every claim, in order, where ${blocks} blocks are the limit`, async () => {
      proxy.refusals.blocks = blocks;
      const clients = await connect();
      const found = await findClaims(clients);
      assert.deepEqual(idsOf(found), claims);
      assert.equal(found[2]!.retraction?.reason, "wrong");
      // Each block is asked for once for each of the two events, without a gap.
      const head = await clients.reader.getBlockNumber();
      const asked = proxy.answered.reduce((sum, [from, to]) => sum + (to - from + 1n), 0n);
      assert.equal(asked, 2n * (head + 1n));
      // Refusals teach: as many as halvings, and none for the second event or the second query.
      const halvings = proxy.refused.length;
      assert.ok(halvings <= 8, `${halvings} refusals`);
      await getAttestations(clients, { claimId: claims[0]! });
      assert.equal(proxy.refused.length, halvings);
    });
  }

  it("reads block by block where the node gives no more", async () => {
    proxy.refusals.blocks = 1n;
    const clients = await connect(585n);
    assert.deepEqual(idsOf(await findClaims(clients)), claims.slice(-1));
  });

  it("looks at no block before the first that it is told", async () => {
    const found = await findClaims(await connect(290n));
    assert.deepEqual(idsOf(found), claims.slice(-4));
    assert.ok(proxy.answered.every(([from]) => from >= 290n));
  });

  it("waits for a node that wants less haste", async () => {
    proxy.refusals.busy = 4;
    assert.deepEqual(idsOf(await findClaims(await connect())), claims);
    assert.equal(proxy.refused.length, 0);
  });

  it("gives up at a node that refuses even one block, and says so", async () => {
    proxy.refusals.blocks = 0n;
    const clients = await connect(680n);
    await assert.rejects(findClaims(clients), isRegistryError("other", /./));
  });

  it("does not ask a node that is gone again and again", async () => {
    const clients = await connect();
    await proxy.stop();
    await assert.rejects(findClaims(clients), isRegistryError("unreachable", /no Ethereum node/));
  });

  it("gives pages that together are everything, and reads no further than a page needs", async () => {
    proxy.refusals.blocks = 100n;
    const clients = await connect();
    const pages: Hex[][] = [];
    let after: string | undefined;
    do {
      const page = await findClaimsPage(clients, {
        limit: 3,
        ...(after !== undefined && { after }),
      });
      if (pages.length === 0) {
        const registrations = proxy.answered.filter(([from]) => from === 0n);
        assert.equal(registrations.length, 1, "one pass from the first block on");
        assert.equal(page.claims[2]!.retraction?.reason, "wrong");
      }
      pages.push(idsOf(page.claims));
      after = page.next;
    } while (after !== undefined);
    assert.deepEqual(pages, [claims.slice(0, 3), claims.slice(3, 6), claims.slice(6)]);
  });

  it("pages what a filter leaves, and has an empty page after the last claim", async () => {
    const clients = await connect();
    const filter = { modelCommitment: digest("model 3"), limit: 1 };
    assert.deepEqual(await findClaimsPage(clients, filter), {
      claims: (await findClaims(clients)).slice(3, 4),
    });
    const { claims: none, next } = await findClaimsPage(clients, { limit: 2, after: "900000-0" });
    assert.deepEqual([none, next], [[], undefined]);
  });

  it("refuses a page of no claims, of too many, and a cursor that is none", async () => {
    const clients = await connect();
    for (const limit of [0, -1, 1.5, 1001, NaN]) {
      const refused = isRegistryError("usage", /outside 1 … 1000/);
      await assert.rejects(findClaimsPage(clients, { limit }), refused);
    }
    for (const after of ["", "12", "a-b", "1-2-3", "-1-2"]) {
      const refused = isRegistryError("usage", /no cursor/);
      await assert.rejects(findClaimsPage(clients, { limit: 1, after }), refused);
    }
  });
});
