import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Hex } from "viem";
import { attest, registerClaim, retractClaim } from "../../src/registry/index.ts";
import { runVerb, type VerbResult } from "../../test/e2e/verbs.ts";
import { content, digest, saying } from "../../test/registry/chain.ts";
import { addresses, type Anvil, startAnvil } from "./anvil.ts";
import { type IndexerProcess, spawnIndexer, startIndexer } from "./process.ts";
import { contentNamed, fillRegistry, type Scenario } from "./scenario.ts";

describe("the indexer", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-indexer-"));
  let anvil: Anvil;
  let indexer: IndexerProcess;
  let scenario: Scenario;
  let env: Record<string, string>;

  before(async () => {
    anvil = await startAnvil();
    scenario = await fillRegistry(anvil);
    env = {
      TRAINPROOF_RPC_URL: anvil.rpcUrl,
      TRAINPROOF_REGISTRY: anvil.registry,
      TRAINPROOF_INDEXER_DATA: path.join(folder, "pglite"),
    };
    indexer = await startIndexer(env);
    await caughtUp();
  });
  after(async () => {
    await indexer?.stop("SIGKILL");
    await anvil?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const askIndexer = async (query: string): Promise<any> => {
    const response = await fetch(`${indexer.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    return response.json();
  };

  /** Waits until the indexer is at the node's newest block. */
  async function caughtUp(): Promise<void> {
    const wanted = Number(await anvil.node.getBlockNumber({ cacheTime: 0 }));
    const deadline = Date.now() + 30_000;
    for (;;) {
      const { data } = await askIndexer("{ _meta { status } }");
      if (data._meta.status.chain?.block.number === wanted) return;
      if (Date.now() > deadline) throw new Error(`not at block ${wanted}:\n${indexer.output()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  const query = (args: string[], more: Record<string, string> = {}) =>
    runVerb(["query", ...args], { env: { ...env, ...more } });
  const fromNode = (args: string[]) => query(args);
  const fromIndexer = (args: string[]) => query(args, { TRAINPROOF_INDEXER: indexer.url });

  /** Every kind of query, and what its text must show at least. */
  const queries = (): [string, string[], RegExp][] => {
    const { planned, child, retracted, planDigest } = scenario;
    const all = addresses.join(",");
    return [
      ["all claims", [], /claim 0x/],
      ["a claim with plan and verdicts", [planned], /number 1 of 2 plans.*valid {5}by 0x/s],
      ["a claim with a revoked verdict", [child], /REVOKED wrong build\0/],
      ["a retracted claim", [retracted], /RETRACTED duplicates\0.*nobody/s],
      ["claims of an account", ["--claimant", addresses[1]!], new RegExp(planned)],
      ["claims of an account, in lower case", ["--claimant", addresses[1]!.toLowerCase()], /claim/],
      ["claims of an account without any", ["--claimant", addresses[0]!], /no such claims/],
      ["claims on a model", ["--model", digest("model child")], new RegExp(`${child}(?!.*claim)`)],
      ["claims on a data root", ["--data", content.dataRoot], /claim 0x.*claim 0x/s],
      [
        "claims of account and data",
        ["--claimant", addresses[2]!, "--data", content.dataRoot],
        /a�/,
      ],
      ["children", ["--parent", planned], new RegExp(`claim ${child}`)],
      ["claims without children", ["--parent", retracted], /no such claims/],
      ["lineage", ["lineage", retracted], new RegExp(`${child}.*${planned}.*public seed`, "s")],
      ["all plans", ["plans"], new RegExp(`${planDigest}.*3 plans announced, 1 seeds`, "s")],
      ["plans of an account", ["plans", "--claimant", addresses[1]!], /ready.*2 plans/s],
      [
        "an open status",
        ["status", child, "--verifiers", all, "--threshold", "2"],
        /^open\n1 valid, 0 invalid, 1/,
      ],
      ["a valid status", ["status", planned, "--verifiers", all, "--threshold", "2"], /^valid/],
      [
        "a retracted status",
        ["status", retracted, "--verifiers", all, "--threshold", "1"],
        /^retracted/,
      ],
    ];
  };

  const same = (a: VerbResult, b: VerbResult, what: string) => {
    assert.equal(a.stderr, "", what);
    assert.equal(a.code, 0, what);
    assert.deepEqual(a, b, what);
  };

  /** The verb's output, from the node and from the indexer, byte for byte. */
  async function compareAll(): Promise<void> {
    for (const [name, args, shows] of queries()) {
      const [text, node, json, nodeJson] = await Promise.all([
        fromIndexer(args),
        fromNode(args),
        fromIndexer([...args, "--json"]),
        fromNode([...args, "--json"]),
      ]);
      assert.match(text.stdout, shows, name);
      same(text, node, name);
      same(json, nodeJson, `${name}, JSON`);
    }
  }

  it("answers every query as the node does, about what was there before it", compareAll);

  it("answers every query as the node does, about what comes while it runs", async () => {
    const owner = await anvil.clients(1);
    const { claimId } = await registerClaim(owner, { content: contentNamed("late"), uri: "late" });
    await attest(
      await anvil.clients(2),
      saying(claimId, "invalid", { proofDigest: digest("proof late") }),
    );
    await retractClaim(owner, { claimId: scenario.child, reason: "late" });
    await caughtUp();
    assert.match((await fromIndexer([claimId])).stdout, /invalid {3}by 0x/);
    assert.match((await fromIndexer([scenario.child])).stdout, /RETRACTED late/);
    await compareAll();
  });

  it("forgets a claim, a verdict and a retraction that a reorganisation dropped", async () => {
    const owner = await anvil.clients(1);
    const { claimId } = await registerClaim(owner, { content: contentNamed("lost"), uri: "lost" });
    const verifier = await anvil.clients(0);
    await attest(verifier, saying(claimId, "valid", { proofDigest: digest("proof lost") }));
    await retractClaim(owner, { claimId: scenario.planned, reason: "lost" });
    await caughtUp();
    assert.match((await fromIndexer([claimId])).stdout, /valid {5}by 0x/);
    assert.match((await fromIndexer([scenario.planned])).stdout, /RETRACTED lost/);

    await anvil.reorg(3);
    await anvil.node.mine({ blocks: 1 });
    await caughtUp();
    const gone = await fromIndexer([claimId]);
    assert.equal(gone.code, 4, gone.stdout);
    assert.equal((await fromNode([claimId])).code, 4);
    assert.doesNotMatch((await fromIndexer([scenario.planned])).stdout, /RETRACTED/);
    const { data } = await askIndexer(
      `{ attestations(where: { claimId: "${claimId}" }) { totalCount } }`,
    );
    assert.equal(data.attestations.totalCount, 0);
    await compareAll();
  });

  it("takes a claim that comes again on the other branch", async () => {
    const { claimId } = await registerClaim(await anvil.clients(1), {
      content: contentNamed("lost"),
      uri: "found again",
    });
    await caughtUp();
    assert.match((await fromIndexer([claimId])).stdout, /found again/);
    await compareAll();
  });

  it("goes on in the same folder, with what came while it was away", async () => {
    assert.equal(await indexer.stop(), 0);
    const { claimId } = await registerClaim(await anvil.clients(2), {
      content: contentNamed("away"),
      uri: "away",
    });
    indexer = await startIndexer(env);
    assert.match(indexer.output(), /Detected crash recovery/);
    await caughtUp();
    assert.match((await fromIndexer([claimId])).stdout, /away/);
    await compareAll();
  });

  it("is no other registry's, and no index of a chain it is not", async () => {
    const other = await query([], {
      TRAINPROOF_INDEXER: indexer.url,
      TRAINPROOF_REGISTRY: addresses[0]!,
    });
    assert.equal(other.code, 5);
    assert.match(other.stderr, /indexes the registry 0x[0-9a-f]{40}, not/);
  });

  it("has no claim, plan or status of an unknown id, as the node", async () => {
    const unknown: Hex = digest("unknown");
    for (const args of [
      [unknown],
      ["lineage", unknown],
      ["status", unknown, "--verifiers", addresses[0]!, "--threshold", "1"],
    ]) {
      assert.equal((await fromIndexer(args)).code, 4, args[0]);
      assert.equal((await fromNode(args)).code, 4, args[0]);
    }
  });

  it("--check finds nothing wrong with it", async () => {
    for (const [name, args] of queries()) {
      same(await fromIndexer([...args, "--check"]), await fromNode(args), name);
    }
  });

  it("listens on loopback only, and serves no page that loads programs from elsewhere", async () => {
    assert.match(indexer.output(), /Created HTTP server .*hostname=127\.0\.0\.1/);
    assert.equal((await fetch(`${indexer.url}/graphql`)).status, 404);
  });

  const tooMuch: [string, string][] = [
    ["of too many words", `{ ${"claims { totalCount } ".repeat(200)} }`],
    ["too deep", `{ claims { items { ${"parentClaim { ".repeat(12)} uri ${"} ".repeat(12)} } } }`],
    ["for too many rows", "{ claims(limit: 100000) { totalCount } }"],
  ];
  for (const [what, text] of tooMuch) {
    it(`refuses a query ${what}`, async () => {
      const { errors } = await askIndexer(text);
      assert.ok(errors.length > 0);
    });
  }

  const wrong: [string, Record<string, string>, RegExp][] = [
    ["no node", { TRAINPROOF_RPC_URL: "" }, /TRAINPROOF_RPC_URL must name/],
    ["no registry", { TRAINPROOF_REGISTRY: "0x12" }, /TRAINPROOF_REGISTRY must be/],
    ["no contract", { TRAINPROOF_REGISTRY: addresses[0]! }, /no contract at 0x/],
    ["another chain", { TRAINPROOF_CHAIN_ID: "1" }, /on chain 31337, TRAINPROOF_CHAIN_ID is 1/],
    ["a start after the deployment", { TRAINPROOF_START_BLOCK: "5" }, /events would be missing/],
    ["a start that is none", { TRAINPROOF_START_BLOCK: "latest" }, /whole number/],
    ["another kind of database", { DATABASE_URL: "mysql://user:secret@host/x" }, /postgres:/],
    ["a node that is none", { TRAINPROOF_RPC_URL: "http://127.0.0.1:9" }, /no Ethereum node/],
  ];
  for (const [what, change, message] of wrong) {
    it(`does not start with ${what}`, async () => {
      const { output, ended } = spawnIndexer({ ...env, ...change });
      assert.equal(await ended, 2);
      assert.match(output(), message);
      assert.doesNotMatch(output(), /secret| at /);
    });
  }
});
