import assert from "node:assert/strict";
import path from "node:path";
import type { Hex } from "viem";
import { getAttestations } from "../../../src/registry/index.ts";
import { temporaryFolder } from "../../dataset/files.ts";
import { startRegistry, type TestChain } from "../../registry/chain.ts";
import { claim, forge, proveTiny, publish, type Publisher } from "../../relayer/watch/publisher.ts";
import { verb } from "./processes.ts";
import { logged } from "./site.ts";
import { VerifierSite } from "./verifying.ts";

describe("a watcher with a queue", () => {
  const folder = temporaryFolder();
  const local = (name: string) => path.join(folder.path, name);
  let chain: TestChain;
  let publisher: Publisher;
  let site: VerifierSite;
  let [honest, forged]: Hex[] = [];
  let states = 0;

  before(async () => {
    chain = await startRegistry();
    const proven = await proveTiny(local("owner"));
    const wrong = forge(proven, local("forged"));
    publisher = await publish(folder.path);
    const owner = await chain.clients(1);
    const at = (name: string) => `${publisher.origin}/${name}/manifest.json`;
    honest = await claim(owner, proven, at("owner/run/public"));
    forged = await claim(owner, wrong, at("forged"));
  });
  beforeEach(async () => {
    site = await new VerifierSite(local(`site${states}`)).begin();
  });
  afterEach(() => site.end());
  after(async () => {
    await publisher.stop();
    await chain.chain.stop();
  });

  const watch = (account: number, ...more: string[]) => {
    const where = ["--queue", site.redis.url, "--store", site.store, "--key-file", site.key];
    const often = ["--interval", "0.2", "--confirmations", "1", "--port", "0"];
    const args = [
      "watch",
      "--state",
      local(`state${states++}`),
      ...often,
      "--allow",
      "127.0.0.0/8",
    ];
    const env = {
      TRAINPROOF_RPC_URL: chain.chain.rpcUrl,
      TRAINPROOF_REGISTRY: chain.address,
      TRAINPROOF_PRIVATE_KEY: chain.chain.accounts[account]!.privateKey,
    };
    return site.with(verb([...args, ...where, ...more], env));
  };
  const given = async (account: number) => {
    const { address } = chain.chain.accounts[account]!;
    const list = await getAttestations(await chain.clients(), { attester: address });
    return new Map(list.map(({ claimId, verdict }) => [claimId, verdict]));
  };

  it("attests what its workers found, and leaves nothing in the store", async () => {
    const workers = [site.worker("one"), site.worker("two")];
    const { code, stderr } = await watch(5, "--once").ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      await given(5),
      new Map([
        [honest, "valid"],
        [forged, "invalid"],
      ]),
    );
    const verified = workers.flatMap((worker) => logged(worker, "verified"));
    assert.ok(verified.length >= 3, `${verified.length}`);
    assert.deepEqual(site.stored(), []);
  });

  it("takes its jobs back when it is stopped, or when a claim's time is over, and gives no verdict", async () => {
    const watcher = watch(6);
    const deadline = Date.now() + 60_000; // nobody takes them
    while (site.stored().length < 2) {
      assert.ok(Date.now() < deadline, watcher.output);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal((await watcher.kill("SIGTERM")).code, 0);
    assert.deepEqual(site.stored(), []);
    assert.equal((await given(6)).size, 0);
  });
});
