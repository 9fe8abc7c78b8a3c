import assert from "node:assert/strict";
import fs from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { readPublicRun } from "../../src/artifact/index.ts";
import { claimContent } from "../../src/relayer/index.ts";
import {
  createRegistryClients,
  deployRegistry,
  type LocalChain,
  registerClaim,
  startLocalChain,
} from "../../src/registry/index.ts";
import { flipProof, republish } from "../artifact/republish.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { runVerb, startVerb, type VerbResult, writeTiny } from "./verbs.ts";

type Json = Record<string, unknown>;

describe("the whole path, verb by verb", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const owner = path.join(folder.path, "owner");
  const others = path.join(folder.path, "others");
  const outputs: string[] = [];
  let chain: LocalChain;
  let env: Record<string, string> = {};
  let claimId = "";

  const account = (index: number) => chain.accounts[index]!;
  const keyOf = (index: number) => ({ TRAINPROOF_PRIVATE_KEY: account(index).privateKey });
  /** A verb that must end with a code; its --json object if it prints one. */
  const run = async (
    code: number,
    args: string[],
    options: { cwd?: string; key?: number; env?: Record<string, string> } = {},
  ): Promise<VerbResult & { json: Json }> => {
    const key = options.key === undefined ? {} : keyOf(options.key);
    const result = await runVerb([...args, "--json"], {
      cwd: options.cwd ?? owner,
      env: { ...env, ...key, ...options.env },
    });
    outputs.push(result.stdout, result.stderr);
    assert.equal(result.code, code, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
    const json = result.stdout === "" ? {} : (JSON.parse(result.stdout) as Json);
    return { ...result, json };
  };
  const clients = (index: number) =>
    createRegistryClients({
      rpcUrl: chain.rpcUrl,
      address: env["TRAINPROOF_REGISTRY"]!,
      privateKey: account(index).privateKey,
    });
  const verdicts = async (id = claimId) => {
    const { json } = await run(0, ["query", id], { cwd: others });
    return (json["attestations"] as { verdict: string; attester: string }[]).map(
      ({ verdict, attester }) => [attester.toLowerCase(), verdict],
    );
  };

  before(async () => {
    writeTiny(owner);
    fs.mkdirSync(others);
    chain = await startLocalChain();
    const { address } = await deployRegistry(
      await createRegistryClients({ rpcUrl: chain.rpcUrl, privateKey: account(0).privateKey }),
    );
    env = { TRAINPROOF_RPC_URL: chain.rpcUrl, TRAINPROOF_REGISTRY: address };
  });
  after(() => chain.stop());

  it("proves in two segments and verifies the folder", async () => {
    const { json } = await run(0, ["prove", "plan.json", "--run", "run"]);
    assert.deepEqual(
      (json["segments"] as { steps: number }[]).map(({ steps }) => steps),
      [8, 4],
    );
    const verified = (await run(0, ["verify", "run"])).json;
    assert.equal(verified["ok"], true);
    assert.equal(verified["steps"], 12);
    assert.equal(verified["proofDigest"], json["proofDigest"]);
  });

  it("registers, once", async () => {
    const first = (await run(0, ["register", "run"], { key: 1 })).json;
    claimId = String(first["claimId"]);
    assert.equal(first["alreadyRegistered"], false);
    const second = (await run(0, ["register", "run"], { key: 1 })).json;
    assert.equal(second["alreadyRegistered"], true);
    assert.equal(second["claimId"], claimId);
  });

  it("is attested by somebody else, once, and the registry says so", async () => {
    const first = (await run(0, ["attest", claimId], { key: 2, cwd: others })).json;
    assert.equal(first["verdict"], "valid");
    assert.equal(first["alreadyAttested"], false);
    const second = (await run(0, ["attest", claimId], { key: 2, cwd: others })).json;
    assert.equal(second["verdict"], "valid");
    assert.equal(second["alreadyAttested"], true);
    assert.deepEqual(await verdicts(), [[account(2).address.toLowerCase(), "valid"]]);
    const verified = (await run(0, ["verify", claimId], { cwd: others })).json;
    assert.equal(verified["ok"], true);
  });

  describe("with files that were tampered with", () => {
    const copy = (name: string) => {
      const to = path.join(folder.path, name);
      fs.cpSync(path.join(owner, "run/public"), to, { recursive: true });
      return to;
    };
    it("a flipped byte has another digest than the manifest", async () => {
      const to = copy("flipped");
      flipProof(to, "000001");
      const { stderr, stdout } = await run(3, ["verify", to], { cwd: others });
      assert.match(stderr + stdout, /000001\/proof\.bin.*SHA-256/);
    });

    it("a flipped byte under a fitting manifest makes the proof invalid", async () => {
      const to = copy("forged");
      flipProof(to, "000001");
      republish(to);
      const { json } = await run(3, ["verify", to], { cwd: others });
      assert.equal(json["ok"], false);
      assert.equal(json["segment"], 1);
      assert.match(String(json["check"]), /^V/);
      assert.notEqual(json["reason"], "");
    });

    it("files that are not the claimed ones are no reason for a verdict", async () => {
      const before = await verdicts();
      for (const name of ["flipped", "forged"]) {
        const args = ["attest", claimId, "--files", path.join(folder.path, name)];
        const { json } = await run(3, args, { key: 3, cwd: others });
        assert.equal(json["verdict"], undefined);
        assert.match(String(json["error"]), /SHA-256|not the one that was claimed/);
      }
      assert.deepEqual(await verdicts(), before);
    });

    it("a claim on a forged proof is attested as invalid", async () => {
      const forged = path.join(folder.path, "forged");
      const { json } = await run(0, ["register", forged], { key: 3 });
      const id = String(json["claimId"]);
      const attested = await run(3, ["attest", id], { key: 4, cwd: others });
      assert.equal(attested.json["verdict"], "invalid");
      assert.match(String(attested.json["check"]), /^V/);
      assert.deepEqual(await verdicts(id), [[account(4).address.toLowerCase(), "invalid"]]);
    });
  });

  it("says what is missing: claim, node, key", async () => {
    const unknown = `0x${"ab".repeat(32)}`;
    assert.match((await run(4, ["verify", unknown])).stderr, /no claim/);
    assert.match((await run(4, ["query", unknown])).stderr, /no claim/);
    assert.match((await run(4, ["attest", unknown], { key: 2 })).stderr, /no claim/);
    assert.match((await run(2, ["register", "run"])).stderr, /TRAINPROOF_PRIVATE_KEY/);
    assert.match((await run(2, ["attest", claimId])).stderr, /TRAINPROOF_PRIVATE_KEY/);
    const badKey = { TRAINPROOF_PRIVATE_KEY: `0x${"5e".repeat(31)}` };
    assert.match((await run(2, ["register", "run"], { env: badKey })).stderr, /not a private key/);
    assert.ok(!outputs.join("").includes("5e".repeat(31)));
    // A port that was free a moment ago.
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const silent = { TRAINPROOF_RPC_URL: `http://127.0.0.1:${port}` };
    await run(5, ["query", claimId], { env: silent });
  });

  describe("a run that continues another", () => {
    let child = "";

    it("proves, and verifies from the chain", async () => {
      writeTiny(path.join(owner, "more"), {
        name: "more",
        start: { parent: { folder: "../run", claimId } },
      });
      await run(0, ["prove", "more/plan.json", "--run", "child"]);
      assert.ok((await run(0, ["verify", "child"])).json["continues"]);
      child = String((await run(0, ["register", "child"], { key: 1 })).json["claimId"]);
      assert.equal((await run(0, ["verify", child], { cwd: others })).json["ok"], true);
      await run(0, ["attest", child], { key: 2, cwd: others });
    });

    it("is rejected when its claim names another parent", async () => {
      const published = await readPublicRun(path.join(owner, "child"));
      const content = claimContent(published);
      const { claimId: wrong } = await registerClaim(await clients(1), {
        content: { ...content, start: child as `0x${string}` },
        uri: published.source,
      });
      const files = path.join(owner, "child");
      const { json } = await run(3, ["verify", wrong, "--files", files], { cwd: others });
      assert.equal(json["ok"], false);
      assert.equal(json["check"], "C3");
    });
  });

  it("from undisclosed weights to a claim that says so, and not to one of a seed", async () => {
    await run(0, ["export", "run", "--to", "safetensors", "--out", "model.safetensors"]);
    writeTiny(path.join(owner, "tuned"), {
      name: "tuned",
      start: { weights: { file: "../model.safetensors" } },
    });
    await run(0, ["prove", "tuned/plan.json", "--run", "tuned-run"]);
    const published = await readPublicRun(path.join(owner, "tuned-run"));
    const { start } = published.config;
    const commitment = "undisclosed" in start ? start.undisclosed.modelCommitment : undefined;
    const registered = (await run(0, ["register", "tuned-run"], { key: 1 })).json;
    const tuned = String(registered["claimId"]);
    await run(0, ["attest", tuned], { key: 2, cwd: others });
    const { json } = await run(0, ["verify", tuned], { cwd: others });
    assert.deepEqual([json["ok"], json["undisclosedStart"]], [true, commitment]);
    const claimed = (await run(0, ["query", tuned], { cwd: others })).json;
    assert.equal(JSON.stringify(claimed).includes('"startKind":"undisclosed"'), true);
    const content = { ...claimContent(published), startKind: "seed" as const };
    const { claimId: wrong } = await registerClaim(await clients(3), {
      content,
      uri: published.source,
    });
    assert.equal((await run(3, ["verify", wrong], { cwd: others })).json["check"], "C3");
  });

  it("killed after a segment, prove goes on and the run verifies", async () => {
    writeTiny(path.join(owner, "long"), { name: "long", steps: 96 });
    const args = ["prove", "long/plan.json", "--run", "resumed"];
    const { child, ended } = startVerb(args, { cwd: owner });
    const first = path.join(owner, "resumed/public/segments/000000");
    while (!fs.existsSync(first) && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.kill("SIGKILL");
    const killed = await ended;
    outputs.push(killed.stdout, killed.stderr);
    assert.equal(killed.code, null);
    assert.ok(!fs.existsSync(path.join(owner, "resumed/public/manifest.json")));
    const { stderr, json } = await run(0, args);
    assert.match(stderr, /going on after [1-9]\d* of 12 segments/);
    assert.ok((json["segments"] as unknown[]).length < 12);
    assert.equal((await run(0, ["verify", "resumed"])).json["steps"], 96);
  });

  it("interrupted, prove keeps what is finished, says how to go on, and does", async () => {
    writeTiny(path.join(owner, "stopped"), { name: "stopped", steps: 96 });
    const args = ["prove", "stopped/plan.json", "--run", "new/folder/stopped"];
    const { child, ended } = startVerb([...args, "--json"], { cwd: owner });
    const first = path.join(owner, "new/folder/stopped/public/segments/000000");
    while (!fs.existsSync(first) && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    outputs.push(stdout, stderr);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /interrupted; what is finished is kept: the same command goes on with it/);
    assert.equal((JSON.parse(stdout) as Json)["code"], "CANCELLED");
    const kept = fs.readdirSync(path.dirname(first)).length;
    assert.ok(kept >= 1 && kept < 12, `${kept}`);
    assert.equal((await runVerb(["verify", "new/folder/stopped"], { cwd: owner })).code, 4);
    const { json } = await run(0, args);
    assert.equal((json["segments"] as unknown[]).length, 12 - kept);
    assert.equal((await run(0, ["verify", "new/folder/stopped"])).json["steps"], 96);
  });

  describe("and afterwards", () => {
    it("no output ever shows a key", () => {
      const text = outputs.join("").toLowerCase();
      assert.ok(text.length > 1000);
      for (const { privateKey } of chain.accounts) assert.ok(!text.includes(privateKey.slice(2)));
    });
  });
});
