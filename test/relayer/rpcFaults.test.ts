import assert from "node:assert/strict";
import path from "node:path";
import { createPublicClient, http } from "viem";
import { createRegistryClients, RegistryError } from "../../src/registry/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { isRegistryError } from "../registry/chain.ts";
import { type Anvil, keys, startAnvil } from "./anvil.ts";
import { type Fault, type FaultyProxy, startFaultyProxy } from "./faultyProxy.ts";
import { onChain, testSender, type TestSender } from "./sending.ts";

describe("a sender behind a node that fails", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let anvil: Anvil;
  let proxy: FaultyProxy;
  let test: TestSender;
  let journals = 0;

  const connect = async (urls: string) => {
    const clients = await createRegistryClients({
      rpcUrl: urls,
      address: anvil.registry,
      privateKey: keys[1],
      timeout: 1500,
    });
    return testSender(clients, path.join(folder.path, `${journals++}.sqlite`));
  };
  beforeEach(async () => {
    anvil = await startAnvil();
    await anvil.node.setAutomine(false);
    proxy = await startFaultyProxy(anvil.rpcUrl);
    test = await connect(proxy.url);
  });
  afterEach(async () => {
    test.journal.close();
    await proxy.close();
    await anvil.stop();
  });
  const on = (method: string, fault: Fault, times = Infinity) => {
    let left = times;
    proxy.decide = (call) => (call.method === method && left-- > 0 ? fault : "forward");
  };
  const finish = async (one = test): Promise<void> => {
    for (let i = 0; (await one.turn()).open > 0; i++) {
      assert.ok(i < 12, JSON.stringify(one.lines.slice(-5)));
      await anvil.node.mine({ blocks: 1 });
    }
  };
  const once = async () =>
    assert.deepEqual(await onChain(await anvil.clients(1)), { claims: 1, nonce: 1 });
  const outcomes = () => test.lines.flatMap(({ outcome }) => (outcome ? [outcome] : []));

  for (const [fault, what] of [
    ["swallow", "the answer is lost after the node has it"],
    ["mute", "no answer comes after the node has it"],
    ["fail", "the node does not get it"],
    ["hang", "the node hangs"],
  ] as const) {
    it(`keeps a transaction signed, and sends it again, when ${what}`, async () => {
      on("eth_sendRawTransaction", fault, 1);
      const intent = test.claim(fault);
      const { obstacles } = await test.turn();
      const heard = fault === "swallow" || fault === "mute";
      assert.deepEqual([...obstacles], ["unreachable"]);
      assert.equal(test.now(intent).state, "signed");
      await test.turn();
      assert.equal(test.now(intent).state, "sent");
      assert.deepEqual(outcomes(), ["unreachable", heard ? "known" : "accepted"]);
      await finish();
      assert.equal(test.hashes(intent).length, 1);
      await once();
    });
  }

  const refusals: [string, string, string][] = [
    ["already known", "known", "sent"],
    ["nonce too low", "nonceTooLow", "signed"],
    ["replacement transaction underpriced", "replacementUnderpriced", "signed"],
    ["insufficient funds for gas * price + value", "insufficientFunds", "signed"],
    ["the moon is in the wrong phase", "refused", "signed"],
  ];
  for (const [message, outcome, state] of refusals) {
    it(`recovers from a node that says "${message}" and has nothing`, async () => {
      on("eth_sendRawTransaction", { error: { code: -32000, message } }, 1);
      const intent = test.claim(message);
      await test.turn();
      assert.deepEqual([outcomes(), test.now(intent).state], [[outcome], state]);
      await anvil.node.mine({ blocks: 1 });
      await finish();
      assert.equal(test.hashes(intent).length, 1);
      await once();
    });
  }

  it("follows the first transaction when its replacement comes too late", async () => {
    const intent = test.claim("too late");
    await test.turn();
    const message = "replacement transaction underpriced";
    on("eth_sendRawTransaction", { error: { code: -32000, message } });
    await anvil.node.setBlockGasLimit({ gasLimit: 30_000n });
    await anvil.node.mine({ blocks: 3 });
    await test.turn();
    const hashes = test.hashes(intent);
    assert.equal(hashes.length, 2);
    await anvil.node.setBlockGasLimit({ gasLimit: 30_000_000n });
    await anvil.node.mine({ blocks: 2 });
    await finish();
    assert.equal(test.now(intent).mined?.hash, hashes[0]);
    await once();
  });

  it("sends nothing twice when a node hides receipts", async () => {
    const intent = test.claim("hidden");
    await test.turn();
    on("eth_getTransactionReceipt", { result: null });
    await finish();
    assert.equal(test.now(intent).state, "confirmed");
    assert.equal(test.hashes(intent).length, 1);
    await once();
  });

  it("does not confirm by a receipt of a block that is no longer the chain's", async () => {
    const intent = test.claim("stale");
    await test.turn();
    const before = await anvil.node.snapshot();
    await anvil.node.mine({ blocks: 1 });
    await test.turn();
    const [hash] = test.hashes(intent);
    const stale: unknown = await createPublicClient({ transport: http(anvil.rpcUrl) }).request({
      method: "eth_getTransactionReceipt",
      params: [hash!],
    });
    await anvil.node.revert({ id: before });
    await anvil.node.setNextBlockTimestamp({ timestamp: 4_000_000_000n });
    await test.turn(); // sends it again
    on("eth_getTransactionReceipt", { result: stale });
    await anvil.node.mine({ blocks: 4 });
    for (let i = 0; i < 3; i++) await test.turn();
    assert.equal(test.now(intent).state, "mined");
    proxy.decide = () => "forward";
    await finish();
    await once();
  });

  it("loses nothing while no node answers, and names no address's path", async () => {
    const intent = test.claim("silence");
    proxy.decide = () => "fail";
    await assert.rejects(test.turn(), (error: unknown) => {
      assert.ok(error instanceof RegistryError);
      assert.equal(error.kind, "unreachable");
      assert.match(error.message, /no Ethereum node answers at http:\/\/127/);
      return true;
    });
    assert.equal(test.now(intent).state, "intended");
    proxy.decide = () => "forward";
    await finish();
    await once();
  });

  it("takes the next of several endpoints when one fails", async () => {
    const two = await connect(`${proxy.url}, ${anvil.rpcUrl}`);
    for (const fault of ["fail", "swallow"] as const) {
      const intent = two.claim(`fallback ${fault}`);
      proxy.decide = () => fault;
      await finish(two);
      assert.equal(two.hashes(intent).length, 1);
    }
    assert.deepEqual(await onChain(await anvil.clients(1)), { claims: 2, nonce: 2 });
    two.journal.close();
  });

  it("connects when one of several endpoints is down, and refuses those of two chains", async () => {
    proxy.decide = () => "fail";
    (await connect(`${proxy.url},${anvil.rpcUrl}`)).journal.close();
    proxy.decide = ({ method }) =>
      method === "eth_chainId" ? { result: "0x1" } : ("forward" as const);
    await assert.rejects(
      connect(`${anvil.rpcUrl},${proxy.url}`),
      isRegistryError("wrongChain", /is on chain 31337, .* is on chain 1; name nodes of one chain/),
    );
    await assert.rejects(connect(`${anvil.rpcUrl},ftp://x`), isRegistryError("usage", /http/));
  });
});
