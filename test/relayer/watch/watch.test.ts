import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Hex } from "viem";
import { hex32, sha256 } from "../../../src/artifact/index.ts";
import {
  attest,
  type Attestation,
  getAttestations,
  retractClaim,
} from "../../../src/registry/index.ts";
import { temporaryFolder } from "../../dataset/files.ts";
import { runVerb, startVerb, type VerbResult } from "../../e2e/verbs.ts";
import { saying, startRegistry, type TestChain } from "../../registry/chain.ts";
import { claim, forge, proveTiny, publish, type Publisher } from "./publisher.ts";

describe("trainproof watch", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const outputs: string[] = [];
  let chain: TestChain;
  let publisher: Publisher;
  let honest = "";
  const claims: Record<string, Hex> = {};
  let states = 0;
  const freshState = () => path.join(folder.path, `state-${states++}`);
  const local = (name: string) => path.join(folder.path, name);

  before(async () => {
    chain = await startRegistry();
    honest = await proveTiny(local("owner"));
    fs.cpSync(honest, local("honest"), { recursive: true });
    forge(honest, local("forged"));
    publisher = await publish(folder.path);
    const register = async (name: string, account: number, files: string, uri: string) =>
      (claims[name] = await claim(await chain.clients(account), files, uri));
    const at = (name: string) => `${publisher.origin}/${name}/manifest.json`;
    await register("honest", 1, honest, at("honest"));
    await register("forged", 1, local("forged"), at("forged"));
    await register("again", 2, honest, at("honest"));
    await register("local", 3, honest, path.join(honest, "manifest.json"));
    await register("taken back", 4, honest, at("honest"));
    await retractClaim(await chain.clients(4), { claimId: claims["taken back"]!, reason: "test" });
    await register("silent", 5, honest, at("silent"));
    publisher.interfere((request) => request.url!.startsWith("/silent/"));
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL"); // one that a failed test left
    await publisher.stop();
    await chain.chain.stop();
  });
  after(() => {
    const text = outputs.join("\n");
    for (const { privateKey } of chain.chain.accounts)
      assert.ok(!text.includes(privateKey.slice(2)));
  });

  const args = (state: string, ...more: string[]) => [
    ...["watch", "--state", state, "--interval", "0.2", "--confirmations", "1", "--port", "0"],
    ...["--allow", "127.0.0.0/8", "--report-base", "https://verifier.example/reports/", ...more],
  ];
  const env = (account: number) => ({
    TRAINPROOF_RPC_URL: chain.chain.rpcUrl,
    TRAINPROOF_REGISTRY: chain.address,
    TRAINPROOF_PRIVATE_KEY: chain.chain.accounts[account]!.privateKey,
  });
  const watch = async (account: number, state: string, ...more: string[]): Promise<VerbResult> => {
    const result = await runVerb(args(state, "--once", ...more), { env: env(account) });
    outputs.push(result.stdout, result.stderr);
    return result;
  };
  const children: ChildProcess[] = [];
  const start = (...parameters: Parameters<typeof startVerb>) => {
    const started = startVerb(...parameters);
    children.push(started.child);
    return started;
  };
  const address = (account: number) => chain.chain.accounts[account]!.address;
  const given = async (account: number): Promise<Map<Hex, Attestation>> => {
    const list = await getAttestations(await chain.clients(), { attester: address(account) });
    assert.equal(new Set(list.map(({ claimId }) => claimId)).size, list.length);
    return new Map(list.map((attestation) => [attestation.claimId, attestation]));
  };
  const nonce = async (account: number) =>
    (await chain.clients()).reader.getTransactionCount({ address: address(account) });
  /** What each account's claims get, except that of the silent server, which takes a minute. */
  const others = () => ["--claimants", [1, 2, 3, 4].map(address).join(",")];

  it("attests what the proofs deserve, and nothing about what it cannot read", async () => {
    const state = freshState();
    const { code, stderr } = await watch(6, state, "--claimants", [1, 2, 3, 4].map(address).join());
    assert.equal(code, 0, stderr);
    const verdicts = await given(6);
    assert.deepEqual(
      Object.entries(claims).map(([name, id]) => [name, verdicts.get(id)?.verdict]),
      [
        ["honest", "valid"],
        ["forged", "invalid"],
        ["again", "valid"],
        ["local", undefined],
        ["taken back", undefined],
        ["silent", undefined],
      ],
    );
    for (const [id, { reportDigest, uri }] of verdicts) {
      const report = new Uint8Array(fs.readFileSync(path.join(state, "reports", `${id}.json`)));
      assert.equal(hex32(sha256(report)), reportDigest);
      assert.equal(uri, `https://verifier.example/reports/${id}.json`);
    }
    assert.match(stderr, /not an http: or https: address/);
    assert.match(stderr, /its claimant took it back/);
    // Started again, it has nothing to do.
    const before = await nonce(6);
    assert.equal((await watch(6, state, ...others())).code, 0);
    assert.equal(await nonce(6), before);
  });

  it("without a key leaves no state folder", async () => {
    const state = freshState();
    const keyless: Record<string, string> = { ...env(6) };
    delete keyless["TRAINPROOF_PRIVATE_KEY"];
    const { code, stderr } = await runVerb(args(state, "--once"), { env: keyless });
    assert.equal(code, 2, stderr);
    assert.match(stderr, /TRAINPROOF_PRIVATE_KEY/);
    assert.equal(fs.existsSync(state), false);
  });

  it("with a lost state gives no second verdict", async () => {
    const before = await nonce(6);
    const { code, stderr } = await watch(6, freshState(), ...others());
    assert.equal(code, 0, stderr);
    assert.match(stderr, /this account has given its verdict/);
    assert.equal(await nonce(6), before);
  });

  for (const [moment, pattern, account] of [
    ["while it verifies", /"msg":"verifying"/, 7],
    ["when it has decided", /"msg":"verified: valid"/, 8],
    ["when it has signed", /"msg":"signed"/, 9],
    ["when it has sent", /"msg":"sent"/, 10],
  ] as const)
    it(`killed ${moment}, it forgets nothing and sends nothing twice`, async () => {
      const state = freshState();
      const { child, ended } = start(args(state, ...others()), { env: env(account) });
      let seen = "";
      child.stderr!.on("data", (text: string) => {
        seen += text;
        if (pattern.test(seen)) child.kill("SIGKILL");
      });
      const { stderr, code } = await ended;
      outputs.push(stderr);
      assert.equal(code, null, stderr);
      const again = await watch(account, state, ...others());
      assert.equal(again.code, 0, again.stderr);
      const verdicts = await given(account);
      assert.deepEqual(
        [...verdicts.keys()].sort(),
        ["honest", "forged", "again"].map((name) => claims[name]).sort(),
      );
      assert.equal(await nonce(account), 3);
    });

  it("verifies again what it decided when the report is gone before it was sent", async () => {
    const [account, state] = [11, freshState()];
    const { child, ended } = start(args(state, "--claimants", address(2)), {
      env: env(account),
    });
    let seen = "";
    child.stderr!.on("data", (text: string) => {
      seen += text;
      if (/"msg":"verified: valid"/.test(seen)) child.kill("SIGKILL");
    });
    await ended;
    const reports = path.join(state, "reports");
    for (const name of fs.readdirSync(reports)) fs.writeFileSync(path.join(reports, name), "{}");
    const { code, stderr } = await watch(account, state, "--claimants", address(2));
    assert.equal(code, 0, stderr);
    assert.match(stderr, /its report is gone, or was changed/);
    const verdict = (await given(account)).get(claims["again"]!)!;
    const report = fs.readFileSync(path.join(reports, `${claims["again"]!}.json`));
    assert.equal(hex32(sha256(new Uint8Array(report))), verdict.reportDigest);
  });

  it("a claimant whose server never answers keeps nobody waiting, and no stop", async () => {
    const [account, state] = [12, freshState()];
    const { child, ended } = start(args(state, "--workers", "2", "--from-block", "0"), {
      env: env(account),
    });
    let log = "";
    child.stderr!.on("data", (text: string) => (log += text));
    const until = async (done: () => boolean | Promise<boolean>) => {
      for (let i = 0; i < 300 && !(await done()); i++) {
        assert.equal(child.exitCode, null, log);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.ok(await done(), log);
    };
    await until(async () => (await given(account)).size === 3);
    await until(() => publisher.asked.some((url) => url.startsWith("/silent/")));

    const port = /"port":(\d+)/.exec(log)![1]!;
    // A verdict is on chain a moment before its claim is done with.
    await until(async () => {
      const health = await (await fetch(`http://127.0.0.1:${port}/health`)).json();
      const { atWork } = health as { atWork: string[] };
      return atWork.length === 1 && atWork[0] === claims["silent"];
    });
    let metrics = "";
    await until(async () => {
      metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return /trainproof_watch_claims\{state="settled"\} 3/.test(metrics);
    });
    assert.match(metrics, /trainproof_watch_verifications_total\{outcome="invalid"\} 1/);

    const second = await watch(account, state);
    assert.equal(second.code, 2, second.stderr);
    assert.match(second.stderr, /another process uses it/);

    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    outputs.push(stderr);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /"msg":"stopping"/);
  });

  it("gives no more verdicts a day than it may", async () => {
    const [account, state] = [13, freshState()];
    const { child, ended } = start(args(state, "--per-day", "1", ...others()), {
      env: env(account),
    });
    let log = "";
    child.stderr!.on("data", (text: string) => (log += text));
    for (let i = 0; i < 300 && (await given(account)).size < 1; i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    child.kill("SIGTERM");
    outputs.push((await ended).stderr);
    assert.equal((await given(account)).size, 1, log);
    assert.equal(log.match(/"msg":"verifying"/g)?.length, 1);
  });

  it("does not fight over a verdict that the account gave by hand", async () => {
    const account = 14;
    const byHand = saying(claims["again"]!, "invalid", {
      proofDigest: hex32(
        sha256(new Uint8Array(fs.readFileSync(path.join(honest, "manifest.json")))),
      ) as Hex,
    });
    await attest(await chain.clients(account), byHand);
    const { code, stderr } = await watch(account, freshState(), "--claimants", address(2));
    assert.equal(code, 0, stderr);
    assert.equal(await nonce(account), 1);
    assert.equal((await given(account)).get(claims["again"]!)?.verdict, "invalid");
  });
});
