import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Hex } from "viem";
import { createIndexerReader } from "../../src/indexer/index.ts";
import {
  attest,
  challengeBond,
  postBond,
  registerClaim,
  retractClaim,
} from "../../src/registry/index.ts";
import { runVerb, type VerbResult } from "../../test/e2e/verbs.ts";
import { digest, isRegistryError, saying } from "../../test/registry/chain.ts";
import { addresses, type Anvil, startAnvil } from "./anvil.ts";
import {
  askGraphql,
  type IndexerProcess,
  isAtHead,
  spawnIndexer,
  startIndexer,
} from "./process.ts";
import { compareReaders, readersOf } from "./questions.ts";
import { contentNamed, fillRegistry, type Scenario } from "./scenario.ts";

describe("the indexer", function () {
  this.timeout(240_000);
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
      TRAINPROOF_DISPUTES: anvil.disputes,
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

  const askIndexer = (text: string) => askGraphql(indexer.url, text);
  const caughtUp = () => isAtHead(indexer, anvil);

  const query = (args: string[], more: Record<string, string> = {}) =>
    runVerb(["query", ...args], { env: { ...env, ...more } });
  const fromIndexer = (args: string[]) => query(args, { TRAINPROOF_INDEXER: indexer.url });

  const readers = () => readersOf(anvil, indexer.url);
  const compareAll = () => compareReaders(anvil, indexer.url, scenario);

  /** The verbs, and what their text must show at least. */
  const verbs = (): [string, string[], RegExp][] => {
    const { planned, child, retracted } = scenario;
    const all = ["--verifiers", addresses.join(","), "--threshold", "2"];
    return [
      ["a page", ["--limit", "2"], /more: --after \d+-\d+/],
      ["a claim", [planned], /number 1 of 2 plans.*valid {5}by 0x/s],
      ["a revoked verdict", [child], /REVOKED wrong build\\u0000/],
      ["lineage", ["lineage", retracted], new RegExp(`${child}.*${planned}.*public seed`, "s")],
      ["plans of an account", ["plans", "--claimant", addresses[1]!], /ready.*2 plans announced/s],
      ["status", ["status", planned, ...all], /^valid\n2 valid, 0 invalid, 0/],
      ["disputes", ["disputes", "--limit", "2"], /challenged .*more: --after/s],
    ];
  };

  /** Without the words that depend on now. */
  const timeless = ({ stdout, ...rest }: VerbResult) => ({
    ...rest,
    stdout: stdout.replace(/(now|\d+ \w+ ago)( \(\d{4}-)/g, "then$2").replace(/ +/g, " "),
  });

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

  it("forgets a claim, a verdict, a retraction, a challenge and a bond that a reorganisation dropped", async () => {
    const owner = await anvil.clients(1);
    const { claimId } = await registerClaim(owner, { content: contentNamed("lost"), uri: "lost" });
    const verifier = await anvil.clients(0);
    await attest(verifier, saying(claimId, "valid", { proofDigest: digest("proof lost") }));
    await challengeBond(await anvil.clients(2), { bondId: scenario.bonds[2]!, reason: "lost" });
    const { timestamp } = await owner.reader.getBlock();
    await postBond(owner, {
      ...{ claimId, amount: 9n, resolveWithin: 90_000, threshold: 1, resolvers: [addresses[0]!] },
      challengeUntil: Number(timestamp) + 90_000,
    });
    await retractClaim(owner, { claimId: scenario.planned, reason: "lost" });
    await caughtUp();
    const { node, plain } = await readers();
    assert.deepEqual(await plain.findBonds!(), await node.findBonds!());
    assert.equal((await plain.findBonds!())[2]!.challenge?.reason, "lost");
    assert.match((await fromIndexer([claimId])).stdout, /valid {5}by 0x/);
    assert.match((await fromIndexer([scenario.planned])).stdout, /RETRACTED lost/);

    await anvil.reorg(5);
    await anvil.node.mine({ blocks: 1 });
    await caughtUp();
    const gone = await fromIndexer([claimId]);
    assert.equal(gone.code, 4, gone.stdout);
    assert.equal((await query([claimId])).code, 4);
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

  // Ponder waits for 25 seconds after another process's last sign of life: meanwhile, what never starts.
  let restarted: Promise<IndexerProcess>;
  it("stops when it is told to", async () => {
    assert.equal(await indexer.stop(), 0);
    await registerClaim(await anvil.clients(2), { content: contentNamed("away"), uri: "away" });
    restarted = startIndexer(env);
    restarted.catch(() => {}); // the test below says it
  });

  const wrong: [string, Record<string, string>, RegExp][] = [
    ["no node", { TRAINPROOF_RPC_URL: "" }, /TRAINPROOF_RPC_URL must name/],
    ["no registry", { TRAINPROOF_REGISTRY: "0x12" }, /TRAINPROOF_REGISTRY must be/],
    ["disputes that are none", { TRAINPROOF_DISPUTES: addresses[0]! }, /is about no registry/],
    ["no address of disputes", { TRAINPROOF_DISPUTES: "0x12" }, /TRAINPROOF_DISPUTES must be/],
    ["no contract", { TRAINPROOF_REGISTRY: addresses[0]! }, /no contract at 0x/],
    ["another chain", { TRAINPROOF_CHAIN_ID: "1" }, /on chain 31337, TRAINPROOF_CHAIN_ID is 1/],
    ["a start after the deployment", { TRAINPROOF_FROM_BLOCK: "5" }, /events would be missing/],
    ["a start that is none", { TRAINPROOF_FROM_BLOCK: "latest" }, /whole number/],
    ["another kind of database", { DATABASE_URL: "mysql://user:secret@host/x" }, /postgres:/],
    ["a node that is none", { TRAINPROOF_RPC_URL: "http://127.0.0.1:9" }, /no Ethereum node/],
  ];
  for (const [what, change, message] of wrong) {
    it(`does not start with ${what}`, async () => {
      const { output, ended } = spawnIndexer({ ...env, ...change });
      assert.equal(await ended, 2);
      assert.match(output(), message);
      assert.doesNotMatch(output(), /secret|^ +at /m);
    });
  }

  it("goes on in the same folder, with what came while it was away", async () => {
    indexer = await restarted;
    assert.match(indexer.output(), /Detected crash recovery/);
    await caughtUp();
    const reader = (await readers()).plain;
    const claims = await reader.findClaims({ claimant: addresses[2]! });
    assert.equal(claims.at(-1)?.uri, "away");
    await compareAll();
  });

  it("is no other registry's, and no index of a chain it is not", async () => {
    const other = await query([], {
      TRAINPROOF_INDEXER: indexer.url,
      TRAINPROOF_REGISTRY: addresses[0]!,
    });
    assert.equal(other.code, 5);
    assert.match(other.stderr, /indexes the registry 0x[0-9a-f]{40}, not/);
    const disputes = addresses[0]!;
    await assert.rejects(
      createIndexerReader({ url: indexer.url, registry: anvil.registry, disputes }),
      isRegistryError("indexer", /indexes the disputes 0x[0-9a-f]{40}, not/),
    );
  });

  it("has no claim, plan or status of an unknown id, as the node", async () => {
    const unknown: Hex = digest("unknown");
    const { node, plain, checked } = await readers();
    for (const reader of [node, plain, checked]) {
      for (const ask of [
        () => reader.getClaim({ claimId: unknown }),
        () => reader.getLineage({ claimId: unknown }),
        () => reader.getPlan({ planId: unknown }),
        () => reader.getStatus({ claimId: unknown, verifiers: [addresses[0]!], threshold: 1 }),
      ]) {
        await assert.rejects(ask, isRegistryError("notFound", /no (claim|plan) 0x/));
      }
    }
    assert.equal((await fromIndexer([unknown])).code, 4);
  });

  it("query --indexer prints what query prints, with --check and without", async () => {
    for (const [name, args, shows] of verbs()) {
      const [expected, text, checked] = await Promise.all([
        query(args),
        fromIndexer(args),
        fromIndexer([...args, "--check"]),
      ]);
      assert.match(text.stdout, shows, name);
      assert.equal(expected.code, 0, name);
      assert.deepEqual(timeless(text), timeless(expected), name);
      assert.deepEqual(timeless(checked), timeless(expected), `${name}, --check`);
    }
  });

  it("has nothing to warn of in texts that Postgres cannot hold", () => {
    assert.doesNotMatch(indexer.output(), /null byte/);
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
      assert.ok(errors && errors.length > 0);
    });
  }
});
