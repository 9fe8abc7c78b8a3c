import assert from "node:assert/strict";
import path from "node:path";
import { parseGwei, parseEther } from "viem";
import { attest, attestCall, computeClaimId, registerClaim } from "../../src/registry/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { content, digest, saying, uri } from "../registry/chain.ts";
import { type Anvil, startAnvil } from "./anvil.ts";
import { onChain, testSender, type TestSender } from "./sending.ts";

describe("a sender on a real node", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let anvil: Anvil;
  let test: TestSender;
  let journals = 0;

  beforeEach(async () => {
    anvil = await startAnvil();
    await anvil.node.setAutomine(false);
    test = await testSender(
      await anvil.clients(1),
      path.join(folder.path, `journal-${journals++}.sqlite`),
    );
  });
  afterEach(async () => {
    test.journal.close();
    await anvil.stop();
  });
  const mine = (blocks = 1) => anvil.node.mine({ blocks });
  /** Turns and blocks until nothing is open. */
  const finish = async (one = test): Promise<void> => {
    for (let i = 0; (await one.turn()).open > 0; i++) {
      assert.ok(i < 12, JSON.stringify(one.lines.slice(-5)));
      await mine();
    }
  };
  const said = (words: RegExp, one = test) =>
    one.lines.filter(({ msg }) => words.test(String(msg)));
  /** A transaction of the sender's account that the sender knows nothing of. */
  const foreign = (nonce: number) =>
    anvil.node.sendTransaction({
      account: test.clients.wallet!.account.address,
      chain: null,
      to: anvil.registry,
      data: `0x`,
      value: 0n,
      gas: 80_000n,
      nonce,
      maxFeePerGas: parseGwei("50"),
      maxPriorityFeePerGas: parseGwei("2"),
    });
  /** Blocks in which the sender's transactions find no room: another's transfer pays more, and both do not fit. */
  const full = async (blocks: number) => {
    await anvil.node.setBlockGasLimit({ gasLimit: 85_000n });
    for (let i = 0; i < blocks; i++) {
      const to = anvil.registry;
      const [account] = await anvil.node.getAddresses();
      const price = { maxFeePerGas: parseGwei("90"), maxPriorityFeePerGas: parseGwei("9") };
      await anvil.node.sendTransaction({
        account: account!,
        chain: null,
        to,
        gas: 80_000n,
        ...price,
      });
      await mine();
    }
  };
  /** Blocks whose base fee is above what the sender offered. */
  const expensive = async (blocks: number) => {
    for (let i = 0; i < blocks; i++) {
      await anvil.node.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei("40") });
      await mine();
    }
  };

  it("takes an intent to its end, one transaction, N confirmations", async () => {
    const intent = test.claim("simple");
    const states = [];
    for (let i = 0; i < 4; i++) {
      await test.turn();
      states.push(test.now(intent).state);
      await mine();
    }
    assert.deepEqual(states, ["sent", "mined", "confirmed", "confirmed"]);
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
    assert.equal(test.hashes(intent).length, 1);
  });

  it("raises both fees of a stuck transaction by 10 % or more, and follows the replacement", async () => {
    const intent = test.claim("stuck");
    await test.turn();
    await full(2);
    await test.turn();
    assert.equal(test.hashes(intent).length, 1, "replaced too early");
    await full(1);
    await test.turn();
    const [first, second] = test.journal.attempts(intent);
    assert.ok(first && second && first.nonce === second.nonce);
    assert.ok(second.maxFeePerGas * 10n >= first.maxFeePerGas * 11n);
    assert.ok(second.maxPriorityFeePerGas * 10n >= first.maxPriorityFeePerGas * 11n);
    await finish();
    assert.equal(test.now(intent).mined?.hash, second.hash);
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
  });

  it("replaces a transaction at once that is below the block's base fee", async () => {
    const intent = test.claim("too cheap");
    await test.turn();
    await expensive(1);
    await test.turn();
    const [first, second] = test.journal.attempts(intent);
    assert.ok(first && second && second.maxFeePerGas > parseGwei("40"));
    assert.equal(said(/the node wants higher fees/).length, 1);
    await finish();
    assert.equal(test.now(intent).mined?.hash, second.hash);
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
  });

  it("does not replace while no block comes, whatever the time", async () => {
    const hasty = await testSender(test.clients, path.join(folder.path, "hasty.sqlite"), {
      stuckSeconds: 0.001,
    });
    const intent = hasty.claim("no block");
    for (let i = 0; i < 3; i++) await hasty.turn();
    assert.equal(hasty.hashes(intent).length, 1);
    await full(1);
    await hasty.turn();
    assert.equal(hasty.hashes(intent).length, 2);
    hasty.journal.close();
  });

  it("never offers more than the limit, and says what it waits for", async () => {
    const limit = { maxFeePerGas: parseGwei("5") };
    const poor = await testSender(test.clients, path.join(folder.path, "limit.sqlite"), limit);
    const intent = poor.claim("limit");
    await poor.turn();
    await expensive(4);
    const { obstacles } = await poor.turn();
    assert.deepEqual([...obstacles], ["feeCap"]);
    assert.ok(poor.journal.attempts(intent).every((a) => a.maxFeePerGas <= limit.maxFeePerGas));
    const other = poor.claim("not signed at this price");
    await poor.turn();
    assert.equal(poor.now(other).state, "intended");
    await anvil.node.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei("1") });
    await mine();
    await finish(poor);
    assert.deepEqual(await onChain(test.clients), { claims: 2, nonce: 2 });
    poor.journal.close();
  });

  it("sends a transaction again that the node dropped, the same one", async () => {
    const intent = test.claim("dropped");
    await test.turn();
    const [hash] = test.hashes(intent);
    await anvil.node.dropTransaction({ hash: hash! });
    await mine();
    assert.deepEqual(await onChain(test.clients), { claims: 0, nonce: 0 });
    await finish();
    assert.deepEqual(test.hashes(intent), [hash]);
    assert.equal(said(/no longer in the node's pool/).length, 1);
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
  });

  it("sends it again when a reorganisation drops a mined transaction", async () => {
    const intents = [test.claim("reorg 1"), test.claim("reorg 2")];
    await test.turn();
    await mine();
    await test.turn();
    assert.deepEqual(
      intents.map((intent) => test.now(intent).state),
      ["mined", "mined"],
    );
    await anvil.reorg(1);
    assert.deepEqual(await onChain(test.clients), { claims: 0, nonce: 0 });
    await test.turn();
    assert.deepEqual(
      intents.map((intent) => test.now(intent).state),
      ["sent", "sent"],
    );
    assert.equal(said(/a reorganisation dropped it/).length, 2);
    await finish();
    assert.ok(intents.every((intent) => test.hashes(intent).length === 1));
    assert.deepEqual(await onChain(test.clients), { claims: 2, nonce: 2 });
  });

  it("does not confirm before N blocks, although the chain was longer before a reorganisation", async () => {
    const intent = test.claim("moved");
    await test.turn();
    const before = await anvil.node.snapshot();
    await mine();
    await test.turn();
    const { mined } = test.now(intent);
    await anvil.node.revert({ id: before });
    await anvil.node.setNextBlockTimestamp({ timestamp: 4_000_000_000n });
    await test.turn();
    await mine();
    await test.turn();
    assert.equal(test.now(intent).state, "mined");
    assert.notEqual(test.now(intent).mined?.blockHash, mined?.blockHash);
    await mine();
    await test.turn();
    assert.equal(test.now(intent).state, "confirmed");
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
  });

  it("signs anew, with another nonce, once a foreign transaction is final in its place", async () => {
    const intent = test.claim("robbed");
    await test.turn();
    const before = await anvil.node.snapshot();
    await mine();
    await test.turn();
    assert.equal(test.now(intent).state, "mined");
    await anvil.node.revert({ id: before });
    await anvil.node.request({ method: "anvil_dropAllTransactions" as never });
    await foreign(0);
    await mine();
    await test.turn();
    // One block is no end: the nonce may become free again.
    assert.deepEqual([test.now(intent).state, test.now(intent).nonce], ["sent", 0]);
    await finish();
    assert.deepEqual(
      test.journal.attempts(intent).map(({ nonce }) => nonce),
      [0, 1],
    );
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 2 });
  });

  it("fills a nonce that a foreign transaction left free", async () => {
    const hash = await foreign(0);
    const intent = test.claim("behind a gap");
    await test.turn();
    assert.equal(test.now(intent).nonce, 1);
    await anvil.node.dropTransaction({ hash });
    await test.turn();
    assert.equal(said(/filling it/).length, 0, "it may come back");
    await finish();
    assert.equal(said(/filling it/).length, 1);
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 2 });
  });

  it("neither fills a nonce that a foreign transaction waits with, nor replaces what waits behind it", async () => {
    await foreign(0);
    const intent = test.claim("behind another");
    await test.turn();
    assert.equal(test.now(intent).nonce, 1);
    await full(4);
    await test.turn();
    assert.deepEqual([said(/filling it/).length, test.hashes(intent).length], [0, 1]);
    await anvil.node.setBlockGasLimit({ gasLimit: 30_000_000n });
    await mine();
    await finish();
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 2 });
  });

  it("fails a verdict that the account's own earlier one rules out, unsent", async () => {
    await anvil.node.setAutomine(true);
    const registered = await registerClaim(test.clients, { content, uri });
    await attest(test.clients, saying(registered.claimId, "invalid"));
    const { actor } = test.sender.context;
    const data = (await attestCall(test.clients, saying(registered.claimId, "valid"))).data;
    const subject = registered.claimId;
    const intent = { ...actor, kind: "attest", subject, to: anvil.registry, data } as const;
    test.journal.intend({ ...intent, verdict: "valid" });
    await test.turn();
    const failed = test.journal.find(intent);
    assert.equal(failed?.state, "failed");
    assert.match(failed.reason!, /has given the verdict invalid before/);
    assert.equal((await onChain(test.clients)).nonce, 2);
  });

  it("sends nothing for what the chain has already, and waits until that is final", async () => {
    await anvil.node.setAutomine(true);
    await registerClaim(test.clients, {
      content: { ...content, modelCommitment: digest("by hand") },
      uri,
    });
    await anvil.node.setAutomine(false);
    const intent = test.claim("by hand");
    for (let i = 0; i < 3; i++) {
      await test.turn();
      assert.equal(test.now(intent).state, "found");
    }
    await mine();
    await finish();
    assert.deepEqual([test.now(intent).state, test.hashes(intent).length], ["confirmed", 0]);
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
  });

  it("sends it after all when a reorganisation takes back what was found", async () => {
    await anvil.node.setAutomine(true);
    await registerClaim(test.clients, {
      content: { ...content, modelCommitment: digest("taken back") },
      uri,
    });
    await anvil.node.setAutomine(false);
    const intent = test.claim("taken back");
    await test.turn();
    assert.equal(test.now(intent).state, "found");
    await anvil.reorg(1);
    await finish();
    assert.equal(said(/took back what was found/).length, 1);
    assert.deepEqual([test.now(intent).state, test.hashes(intent).length], ["confirmed", 1]);
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
  });

  it("waits for funds, and then sends what it had signed", async () => {
    const { address } = test.clients.wallet!.account;
    await anvil.node.setBalance({ address, value: 1000n });
    const intent = test.claim("poor");
    const { obstacles } = await test.turn();
    assert.deepEqual([...obstacles], ["insufficientFunds"]);
    assert.equal(test.now(intent).state, "signed");
    await test.turn();
    assert.equal(said(/fund the account/).length, 2);
    await anvil.node.setBalance({ address, value: parseEther("1") });
    await finish();
    assert.equal(test.hashes(intent).length, 1);
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
  });

  it("fails what the registry refuses for N blocks, unsent, with its reason", async () => {
    const intent = test.claim("refused", { steps: 0n });
    await test.turn();
    assert.equal(test.now(intent).state, "intended");
    await finish();
    const { state, reason } = test.now(intent);
    assert.equal(state, "failed");
    assert.match(reason!, /0 steps are outside/);
    assert.deepEqual(await onChain(test.clients), { claims: 0, nonce: 0 });
  });

  it("takes another's success for its own when its transaction is reverted", async () => {
    const other = await testSender(test.clients, path.join(folder.path, "other.sqlite"));
    other.claim("twice");
    await other.turn();
    // Even where one revert is enough to fail.
    const strict = await testSender(test.clients, path.join(folder.path, "strict.sqlite"), {
      reverts: 1,
    });
    const intent = strict.claim("twice");
    await strict.turn();
    assert.equal(strict.now(intent).nonce, 1);
    await finish(strict);
    await finish(other);
    assert.equal(strict.now(intent).state, "confirmed");
    assert.equal(said(/^reverted/, strict).length, 1);
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 2 });
    for (const { journal } of [other, strict]) journal.close();
  });

  it("fails after three reverted transactions, not before", async () => {
    const intent = test.claim("reverting");
    for (let i = 0; i < 3; i++) {
      await test.turn();
      assert.equal(test.now(intent).state, "sent");
      // No code, no registration: with a contract that always reverts in its place.
      const code = await anvil.node.getCode({ address: anvil.registry });
      await anvil.node.setCode({ address: anvil.registry, bytecode: "0x5f5ffd" });
      await mine();
      await anvil.node.setCode({ address: anvil.registry, bytecode: code! });
      await mine();
      await test.turn();
      await test.turn();
    }
    assert.deepEqual([test.now(intent).state, test.now(intent).reverts], ["failed", 2]);
    assert.deepEqual(await onChain(test.clients), { claims: 0, nonce: 3 });
  });

  it("finds at the next start what a deep reorganisation took back", async () => {
    const intent = test.claim("deep");
    await finish();
    await mine(3);
    await anvil.reorg(Number(await anvil.node.getBlockNumber({ cacheTime: 0 })) - 1); // all but the registry
    assert.deepEqual(await onChain(test.clients), { claims: 0, nonce: 0 });
    const file = path.join(folder.path, `journal-${journals - 1}.sqlite`);
    const next = await testSender(test.clients, file);
    await next.turn();
    assert.equal(next.now(intent).state, "confirmed");
    await next.sender.audit();
    assert.equal(next.now(intent).state, "sent");
    await finish(next);
    assert.equal(next.now(intent).state, "confirmed");
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
    next.journal.close();
  });

  it("finds while it runs what a reorganisation deeper than the confirmations took back, and sends the same transaction", async () => {
    const intents = ["deep 1", "deep 2"].map((name) => test.claim(name));
    await finish();
    await mine(3);
    await test.turn();
    await anvil.reorg(Number(await anvil.node.getBlockNumber({ cacheTime: 0 })) - 1);
    assert.deepEqual(await onChain(test.clients), { claims: 0, nonce: 0 });
    await test.turn();
    assert.equal(said(/deeper than the confirmations/).length, 1);
    for (const intent of intents) assert.equal(test.now(intent).state, "sent");
    await mine();
    await finish();
    for (const intent of intents) {
      assert.equal(test.now(intent).state, "confirmed");
      assert.equal(test.hashes(intent).length, 1);
    }
    assert.deepEqual(await onChain(test.clients), { claims: 2, nonce: 2 });
    await mine();
    await test.turn();
    assert.equal(said(/deeper than the confirmations/).length, 1);
  });

  it("looks nothing up where a reorganisation changed no final block", async () => {
    test.claim("shallow");
    await finish();
    await mine(3);
    await test.turn();
    await anvil.reorg(1);
    await mine();
    await test.turn();
    assert.equal(said(/deeper than the confirmations/).length, 0);
  });

  it("looks again once a chain that was cut short is as long as before", async () => {
    const id = await anvil.node.snapshot();
    const intent = test.claim("cut");
    await finish();
    await mine(3);
    await test.turn();
    await anvil.node.revert({ id });
    await test.turn();
    assert.equal(test.now(intent).state, "confirmed"); // the node may only be behind
    await mine(8);
    await test.turn();
    assert.equal(test.now(intent).state, "sent");
    await mine();
    await finish();
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
    assert.equal(test.hashes(intent).length, 1);
  });

  it("tries again what has failed when it is told to, and not before", async () => {
    const other = await anvil.clients(2);
    const parent = { ...content, modelCommitment: digest("late parent") };
    const { chainId } = other;
    const claimant = other.wallet!.account.address;
    const start = computeClaimId({
      ...{ chainId, registry: anvil.registry, claimant },
      content: parent,
    });
    const intent = test.claim("early child", { startKind: "parent", start });
    await finish();
    assert.equal(test.now(intent).state, "failed");
    await anvil.node.setAutomine(true);
    assert.equal((await registerClaim(other, { content: parent, uri })).claimId, start);
    await anvil.node.setAutomine(false);
    await finish();
    assert.equal(test.now(intent).state, "failed");
    assert.equal(test.sender.retryFailed(), 1);
    await finish();
    assert.equal(test.now(intent).state, "confirmed");
    assert.equal(test.sender.retryFailed(), 0);
    assert.deepEqual(await onChain(test.clients), { claims: 1, nonce: 1 });
  });

  it("lets fail again what the registry still refuses", async () => {
    const intent = test.claim("hopeless", { steps: 0n });
    await finish();
    assert.equal(test.sender.retryFailed(), 1);
    assert.equal(test.now(intent).state, "intended");
    await finish();
    assert.equal(test.now(intent).state, "failed");
    assert.deepEqual(await onChain(test.clients), { claims: 0, nonce: 0 });
  });

  it("keeps no more than a window of transactions waiting", async () => {
    for (let i = 0; i < 7; i++) test.claim(`window ${i}`);
    await test.turn();
    const { address } = test.clients.wallet!.account;
    assert.equal(await anvil.node.getTransactionCount({ address, blockTag: "pending" }), 4);
    await finish();
    assert.deepEqual(await onChain(test.clients), { claims: 7, nonce: 7 });
  });

  it("two at a time on one journal send each transaction once", async () => {
    const file = path.join(folder.path, "shared.sqlite");
    const both = [
      await testSender(test.clients, file),
      await testSender(test.clients, file),
    ] as const;
    const intents = Array.from({ length: 6 }, (_, i) => both[i % 2]!.claim(`shared ${i}`));
    for (let i = 0; i < 12; i++) {
      await Promise.all(both.map((one) => one.turn()));
      await mine();
    }
    assert.ok(intents.every((intent) => both[0].now(intent).state === "confirmed"));
    assert.ok(intents.every((intent) => both[0].hashes(intent).length === 1));
    assert.deepEqual(await onChain(test.clients), { claims: 6, nonce: 6 });
    for (const { journal } of both) journal.close();
  });
});
