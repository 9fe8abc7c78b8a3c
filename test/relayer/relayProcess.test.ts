import assert from "node:assert/strict";
import fs from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { readPublicRun } from "../../src/artifact/index.ts";
import { computeClaimId, registerClaim } from "../../src/registry/index.ts";
import { claimContent } from "../../src/relayer/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { type Anvil, keys, startAnvil } from "./anvil.ts";
import { type Fault, type FaultyProxy, startFaultyProxy } from "./faultyProxy.ts";
import { journalOf, startRelay, until, writeRuns } from "./relaying.ts";
import { content, digest } from "../registry/chain.ts";
import { onChain, testSender } from "./sending.ts";

describe("the relay's process", function () {
  this.timeout(180_000); // some are several processes one after the other
  const folder = temporaryFolder();
  const key = keys[1];
  let anvil: Anvil;
  let proxy: FaultyProxy;
  let runs = "";
  let [tests, direct, faulty]: [number, Record<string, string>, Record<string, string>] = [
    0,
    {},
    {},
  ];

  beforeEach(async () => {
    anvil = await startAnvil();
    await anvil.node.setAutomine(false);
    proxy = await startFaultyProxy(anvil.rpcUrl);
    runs = path.join(folder.path, `runs-${tests++}`);
    const shared = { TRAINPROOF_REGISTRY: anvil.registry, TRAINPROOF_PRIVATE_KEY: key };
    direct = { ...shared, TRAINPROOF_RPC_URL: anvil.rpcUrl };
    faulty = { ...shared, TRAINPROOF_RPC_URL: proxy.url };
  });
  afterEach(async () => {
    await proxy.close();
    await anvil.stop();
  });
  const journal = () =>
    journalOf(runs, {
      chainId: 31337,
      registry: anvil.registry,
      actor: privateKeyToAccount(key).address,
    });
  /** Blocks while something goes on. */
  const mining = async <T>(work: Promise<T>): Promise<T> => {
    let over = false;
    const done = work.finally(() => (over = true));
    while (!over) {
      await anvil.node.mine({ blocks: 1 });
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    return done;
  };
  /** Runs it to the end; each claim must be on chain exactly once then, by one transaction. */
  const endsWith = async (claims: number, signed = claims): Promise<void> => {
    const { code, stderr } = await mining(startRelay(runs, direct, ["--once"]).ended);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await onChain(await anvil.clients(1)), { claims, nonce: claims });
    const { states, attempts } = await journal();
    assert.deepEqual([states, attempts], [Array(claims).fill("confirmed"), signed]);
  };

  const holds: [string, string, Fault, string[]][] = [
    ["before an intent is written", "eth_call", "hang", []],
    ["with its intent written", "eth_estimateGas", "hang", ["intended"]],
    ["with its transaction signed, and not sent", "eth_sendRawTransaction", "hang", ["signed"]],
    ["with it sent, and no answer yet", "eth_sendRawTransaction", "mute", ["signed"]],
  ];
  for (const [when, method, fault, states] of holds) {
    it(`killed ${when}, sends it once after all`, async () => {
      writeRuns(runs, 1);
      let reached = false;
      proxy.decide = (call) => {
        if (call.method !== method) return "forward";
        reached = true;
        return fault;
      };
      const relay = startRelay(runs, faulty);
      await until(method, () => reached);
      if (fault === "mute")
        await until("the node has it", () => (proxy.forwarded.get(method) ?? 0) > 0);
      await relay.kill();
      assert.deepEqual((await journal()).states, states);
      await endsWith(1);
    });
  }

  const reaches: [string, number][] = [
    ["sent", 0],
    ["mined", 1],
    ["confirmed", 2],
  ];
  for (const [state, blocks] of reaches) {
    it(`killed with its transaction ${state}, sends it no second time`, async () => {
      writeRuns(runs, 1);
      const relay = startRelay(runs, direct);
      const is = (wanted: string) => async () => (await journal()).states[0] === wanted;
      await until("it is sent", is("sent"));
      await anvil.node.mine({ blocks });
      await until(`it is ${state}`, is(state));
      await relay.kill();
      assert.deepEqual((await journal()).states, [state]);
      await endsWith(1);
    });
  }

  it("killed with the chain having it already, sends nothing", async () => {
    writeRuns(runs, 1);
    await anvil.node.setAutomine(true);
    const content = claimContent(await readPublicRun(path.join(runs, "run-0")));
    await registerClaim(await anvil.clients(1), { content, uri: "https://example.org" });
    await anvil.node.setAutomine(false);
    const relay = startRelay(runs, direct);
    await until("it is found", async () => (await journal()).states[0] === "found");
    await relay.kill();
    await endsWith(1, 0);
  });

  it("killed again and again, whenever it happens, sends each claim once", async () => {
    writeRuns(runs, 4);
    for (let i = 0; i < 5; i++) {
      const relay = startRelay(runs, direct);
      // From its first line on, when it is about to work.
      await until("its first line", () => relay.lines.length > 0);
      await mining(new Promise((resolve) => setTimeout(resolve, 30 * i)));
      await relay.kill();
    }
    await endsWith(4);
  });

  it("killed while a reorganisation goes on, repairs it at the next start", async () => {
    writeRuns(runs, 2);
    const relay = startRelay(runs, direct);
    await until("both are sent", async () =>
      (await journal()).states.every((state) => state === "sent"),
    );
    await anvil.node.mine({ blocks: 1 });
    await until("both are mined", async () =>
      (await journal()).states.every((state) => state === "mined"),
    );
    await relay.kill();
    await anvil.reorg(1);
    assert.deepEqual(await onChain(await anvil.clients(1)), { claims: 0, nonce: 0 });
    await endsWith(2);
  });

  it("two of them on one folder and journal send each transaction once", async () => {
    writeRuns(runs, 5);
    const both = [startRelay(runs, direct, ["--once"]), startRelay(runs, direct, ["--once"])];
    const results = await mining(Promise.all(both.map(({ ended }) => ended)));
    for (const { code, stderr } of results) assert.equal(code, 0, stderr);
    assert.deepEqual(await onChain(await anvil.clients(1)), { claims: 5, nonce: 5 });
    const { states, attempts } = await journal();
    assert.deepEqual([states, attempts], [Array(5).fill("confirmed"), 5]);
  });

  it("leaves alone what has failed, until --retry-failed", async () => {
    fs.mkdirSync(runs);
    const clients = await anvil.clients(1);
    const parent = { ...content, modelCommitment: digest("parent") };
    const other = await anvil.clients(2);
    const start = computeClaimId({
      ...{ chainId: 31337, registry: anvil.registry, content: parent },
      claimant: other.wallet!.account.address,
    });
    const sender = await testSender(clients, path.join(runs, "relay.sqlite"));
    sender.claim("child", { startKind: "parent", start });
    sender.journal.close();
    const relay = async (args: string[]) =>
      (await mining(startRelay(runs, direct, ["--once", ...args]).ended)).code;
    assert.equal(await relay(["--retry-failed"]), 5);
    await anvil.node.setAutomine(true);
    await registerClaim(other, { content: parent, uri: "" });
    await anvil.node.setAutomine(false);
    assert.equal(await relay([]), 5);
    assert.equal(await relay(["--retry-failed"]), 0);
    assert.deepEqual(await onChain(clients), { claims: 1, nonce: 1 });
  });

  it("stops on SIGTERM with exit code 0, also while the node hangs, and loses nothing", async () => {
    writeRuns(runs, 1);
    proxy.decide = ({ method }) => (method === "eth_sendRawTransaction" ? "hang" : "forward");
    const relay = startRelay(runs, faulty);
    await until("it is signed", async () => (await journal()).states[0] === "signed");
    relay.child.kill("SIGTERM");
    const { code, stdout } = await relay.ended;
    assert.equal(code, 0);
    const { intents } = JSON.parse(stdout) as { intents: unknown };
    assert.deepEqual(intents, [{ kind: "register", state: "signed", count: 1 }]);
    await endsWith(1);
  });

  it("claims a run that is finished while it watches, and shows metrics and health on loopback only", async () => {
    fs.mkdirSync(runs);
    const relay = startRelay(runs, direct);
    await until("its address", () => relay.lines.some(({ url }) => url !== undefined));
    const url = relay.lines.find(({ url }) => url !== undefined)?.["url"] as string;
    writeRuns(runs, 1);
    await mining(until("it is confirmed", async () => (await journal()).states[0] === "confirmed"));
    const get = async (where: string) => {
      const response = await fetch(url + where);
      return { status: response.status, text: await response.text() };
    };
    await until("it is counted", async () =>
      (await get("/metrics")).text.includes(
        'trainproof_relayer_intents{kind="register",state="confirmed"} 1',
      ),
    );
    const health = await get("/health");
    const { ok, problems, open } = JSON.parse(health.text) as Record<string, unknown>;
    assert.deepEqual([health.status, ok, problems, open], [200, true, [], 0]);
    assert.equal((await get("/else")).status, 404);
    const { port } = new URL(url);
    const status = await new Promise((resolve) =>
      request({ port, path: "/metrics", headers: { host: "evil.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end(),
    );
    assert.equal(status, 421);
    // 127.0.0.2 is this machine, too: a server on every address would answer there.
    await assert.rejects(fetch(`http://127.0.0.2:${port}/health`));
    relay.child.kill("SIGINT");
    assert.equal((await relay.ended).code, 0);
  });

  it("shows neither its key nor its node's in lines, metrics, errors or the journal", async () => {
    writeRuns(runs, 1);
    const secret = "v3/0123456789abcdef-node-key";
    const env = { ...faulty, TRAINPROOF_RPC_URL: `${proxy.url}/${secret}?token=tok3nt0k3n` };
    const relay = startRelay(runs, env, ["--log-level", "debug"]);
    await until("it works", async () => (await journal()).states[0] === "sent");
    const [server] = relay.lines.flatMap(({ url }) => (typeof url === "string" ? [url] : []));
    const echo = {
      error: { code: -32000, message: `bad url /${secret} key ${key.toUpperCase()}` },
    };
    for (const fault of ["fail", "swallow", echo] as Fault[]) {
      const errors = relay.lines.length;
      proxy.decide = () => fault;
      await until("an error is logged", () => relay.lines.length > errors);
    }
    await anvil.node.request({ method: "anvil_dropAllTransactions" as never });
    proxy.decide = ({ method }) => (method === "eth_sendRawTransaction" ? echo : "forward");
    await until("the refusal is logged", () =>
      relay.lines.some(({ outcome }) => outcome === "refused"),
    );
    const metrics = await (await fetch(`${server}/metrics`)).text();
    const health = await (await fetch(`${server}/health`)).text();
    relay.child.kill("SIGTERM");
    const { stdout, stderr } = await relay.ended;
    const files = fs.readdirSync(runs).filter((name) => name.startsWith("relay.sqlite"));
    const stored = files.map((name) => fs.readFileSync(path.join(runs, name), "latin1"));
    const everything = [stdout, stderr, metrics, health, ...stored].join("\n").toLowerCase();
    assert.ok(everything.includes("[hidden]"), "the node's echo was to be hidden");
    for (const hidden of [key.slice(2), secret, "tok3nt0k3n"])
      assert.ok(!everything.includes(hidden.toLowerCase()), `found ${hidden.slice(0, 6)}…`);
    assert.equal(fs.statSync(path.join(runs, "relay.sqlite")).mode & 0o077, 0);
  });

  it("ends with a way out where it cannot begin", async () => {
    writeRuns(runs, 1);
    const wrong: [string[], Record<string, string>, RegExp, number][] = [
      [
        ["--port", new URL(anvil.rpcUrl).port],
        direct,
        /cannot be had \(EADDRINUSE\); name another/,
        2,
      ],
      [["--journal", path.join(runs, "run-0/public/config.json")], direct, /not usable/, 2],
      [["--bump-percent", "9"], direct, /whole number from 10/, 2],
      [[], { ...direct, TRAINPROOF_PRIVATE_KEY: "0x12" }, /not a private key/, 2],
      [[], { ...direct, TRAINPROOF_RPC_URL: "http://127.0.0.1:9" }, /no Ethereum node answers/, 5],
    ];
    const starts = wrong.map(([args, env]) => startRelay(runs, env, args).ended);
    for (const [i, { code, stderr }] of (await Promise.all(starts)).entries()) {
      assert.match(stderr, wrong[i]![2]);
      assert.equal(code, wrong[i]![3]);
    }
  });
});
