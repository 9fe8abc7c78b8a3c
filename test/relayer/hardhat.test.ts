import assert from "node:assert/strict";
import path from "node:path";
import { createTestClient, http, parseGwei, publicActions } from "viem";
import { temporaryFolder } from "../dataset/files.ts";
import { startRegistry, type TestChain } from "../registry/chain.ts";
import { onChain, testSender, type TestSender } from "./sending.ts";

/** Hardhat's node says things in other words than Anvil, and keeps other transactions in its pool. */
describe("a sender on Hardhat's node", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let chain: TestChain;
  let test: TestSender;
  let [journals, account] = [0, 1];
  const connect = (rpcUrl: string) =>
    createTestClient({ mode: "hardhat", transport: http(rpcUrl) }).extend(publicActions);
  let node: ReturnType<typeof connect>;

  before(async () => {
    chain = await startRegistry();
    node = connect(chain.chain.rpcUrl);
    await node.setAutomine(false);
  });
  after(() => chain.chain.stop());
  beforeEach(async () => {
    const file = path.join(folder.path, `${journals++}.sqlite`);
    test = await testSender(await chain.clients(account++), file);
  });
  afterEach(() => test.journal.close());
  const finish = async (one = test): Promise<void> => {
    for (let i = 0; (await one.turn()).open > 0; i++) {
      assert.ok(i < 12, JSON.stringify(one.lines.slice(-5)));
      await node.mine({ blocks: 1 });
    }
  };
  const once = async () => assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });

  it("sends again what the node dropped", async () => {
    const intent = test.claim("dropped");
    await test.turn();
    const [hash] = test.hashes(intent);
    await node.dropTransaction({ hash: hash! });
    await finish();
    assert.deepEqual(test.hashes(intent), [hash]);
    await once();
  });

  it("understands that the node has a transaction already", async () => {
    const intent = test.claim("known");
    await test.turn();
    const [attempt] = test.journal.attempts(intent);
    const other = await testSender(test.clients, path.join(folder.path, "lost-answer.sqlite"));
    const same = other.claim("known");
    other.journal.sign(same, { ...attempt!, signedBlock: 0 }); // signed by it, too, and not sent yet
    await other.turn();
    assert.deepEqual(
      other.lines.flatMap(({ outcome }) => (outcome ? [outcome] : [])),
      ["known"],
    );
    await finish();
    await finish(other);
    await once();
    other.journal.close();
  });

  it("replaces what is below the block's base fee, once it is stuck", async () => {
    const intent = test.claim("stuck");
    await test.turn();
    for (let i = 0; i < 3; i++) {
      assert.equal(test.hashes(intent).length, 1);
      await node.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei("60") });
      await node.mine({ blocks: 1 });
      await test.turn();
    }
    const [first, second] = test.journal.attempts(intent);
    assert.ok(first && second && second.maxFeePerGas > parseGwei("60"));
    await finish();
    assert.equal(test.now(intent).mined?.hash, second.hash);
    await once();
  });

  it("repairs a reorganisation, made of a snapshot", async () => {
    const intent = test.claim("reorganised");
    await test.turn();
    const snapshot = await node.snapshot();
    await node.mine({ blocks: 1 });
    await test.turn();
    assert.equal(test.now(intent).state, "mined");
    await node.revert({ id: snapshot });
    const [hash] = test.hashes(intent);
    await node.dropTransaction({ hash: hash! }).catch(() => undefined);
    await test.turn();
    assert.equal(test.now(intent).state, "sent");
    await finish();
    assert.deepEqual(test.hashes(intent), [hash]);
    await once();
  });

  it("waits for funds", async () => {
    const { address } = test.clients.wallet!.account;
    await node.setBalance({ address, value: 1n });
    test.claim("poor");
    assert.deepEqual([...(await test.turn()).obstacles], ["insufficientFunds"]);
    await node.setBalance({ address, value: 10n ** 18n });
    await finish();
    await once();
  });

  it("waits with a later nonce until the node takes it", async () => {
    const intents = [test.claim("first"), test.claim("second")];
    await test.turn();
    const [hash] = test.hashes(intents[0]!);
    await node.dropTransaction({ hash: hash! });
    await finish();
    assert.ok(intents.every((intent) => test.hashes(intent).length === 1));
    assert.deepEqual(await onChain(test.clients), { claims: 2, nonce: 2 });
  });
});
