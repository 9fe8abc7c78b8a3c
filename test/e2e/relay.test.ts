import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { sha256 } from "../../src/artifact/index.ts";
import { findClaims, getAttestations, getPlan } from "../../src/registry/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { startRegistry, type TestChain } from "../registry/chain.ts";
import { startRelay, until } from "../relayer/relaying.ts";
import { runVerb, writeTiny } from "./verbs.ts";

describe("the relay, from a plan to a verdict", function () {
  this.timeout(240_000);
  const folder = temporaryFolder();
  const runs = path.join(folder.path, "runs");
  let test: TestChain;
  before(async () => {
    test = await startRegistry();
    writeTiny(folder.path);
    fs.mkdirSync(runs);
  });
  after(() => test.chain.stop());

  const offline = async (args: string[]) => {
    const { code, stdout, stderr } = await runVerb([...args, "--json"], { cwd: folder.path });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  it("announces, draws, claims by the plan and attests, each once, and again nothing", async () => {
    const env = {
      TRAINPROOF_RPC_URL: test.chain.rpcUrl,
      TRAINPROOF_REGISTRY: test.address,
      TRAINPROOF_PRIVATE_KEY: test.chain.accounts[1]!.privateKey,
    };
    const announced = path.join(runs, "announced");
    assert.equal(
      (await offline(["announce", "plan.json", "--out", announced, "--no-send"]))["sent"],
      false,
    );
    const run = path.join(runs, "mine");

    const args = ["--attest", "--uri", "https://example.org/{run}/manifest.json"];
    const relay = startRelay(runs, env, args);
    const miner = setInterval(() => void test.chain.mine(1), 150);
    try {
      await until("the seed is drawn", () => fs.existsSync(path.join(announced, "seed.json")));
      await offline(["prove", "plan.json", "--run", run, "--announced", announced]);
      await until("it is claimed", () =>
        relay.lines.some(({ msg, kind }) => msg === "confirmed" && kind === "register"),
      );
      await until("it is attested", () =>
        relay.lines.some(({ msg, kind }) => msg === "confirmed" && kind === "attest"),
      );

      // A folder that cannot be relayed holds up nothing.
      const copy = path.join(runs, "torn");
      fs.cpSync(run, path.join(runs, ".torn"), { recursive: true });
      const manifest = path.join(runs, ".torn/public/manifest.json");
      fs.writeFileSync(manifest, fs.readFileSync(manifest, "utf8") + " ");
      fs.renameSync(path.join(runs, ".torn"), copy);
      await until("the torn copy is refused", () =>
        relay.lines.some(
          ({ msg, folder: at }) => msg === "this folder cannot be relayed" && at === copy,
        ),
      );
    } finally {
      clearInterval(miner);
      relay.child.kill("SIGTERM");
    }
    assert.equal((await relay.ended).code, 0);

    const clients = await test.clients();
    const { address } = test.chain.accounts[1]!;
    const [claim, ...others] = await findClaims(clients, { claimant: address });
    assert.ok(claim?.planDigest);
    assert.deepEqual([others, claim.uri], [[], "https://example.org/mine/manifest.json"]);
    const [given, ...more] = await getAttestations(clients, { claimId: claim.claimId });
    assert.deepEqual([given?.verdict, given?.attester, more], ["valid", address, []]);
    const report = new Uint8Array(fs.readFileSync(new URL(given!.uri)));
    assert.equal(`0x${Buffer.from(sha256(report)).toString("hex")}`, given!.reportDigest);
    assert.equal(fs.readdirSync(path.join(runs, "reports")).length, 1);
    const seed = JSON.parse(fs.readFileSync(path.join(announced, "seed.json"), "utf8")) as {
      planId: `0x${string}`;
      seed: string;
    };
    assert.equal((await getPlan(clients, { planId: seed.planId })).seed, seed.seed);
    const nonce = await clients.reader.getTransactionCount({ address });
    assert.equal(nonce, 4); // announce, draw, register, attest

    // A new journal, as after the loss of the old one: the chain has everything.
    fs.rmSync(path.join(runs, "torn"), { recursive: true });
    const journal = path.join(folder.path, "new.sqlite");
    const again = startRelay(runs, env, [...args, "--once", "--journal", journal]);
    const { code, stdout, stderr } = await again.ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual((JSON.parse(stdout) as Record<string, unknown>)["intents"], [
      { kind: "register", state: "confirmed", count: 1 },
    ]);
    assert.equal(await clients.reader.getTransactionCount({ address }), nonce);
  });
});
