import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Hex } from "viem";
import { toJson } from "../../scripts/lib/verb.ts";
import { checkedReader, createIndexerReader } from "../../src/indexer/index.ts";
import {
  attest,
  chainReader,
  registerClaim,
  type RegistryReader,
  retractClaim,
} from "../../src/registry/index.ts";
import { runVerb, type VerbResult } from "../../test/e2e/verbs.ts";
import { content, digest, isRegistryError, saying } from "../../test/registry/chain.ts";
import { addresses, type Anvil, startAnvil } from "./anvil.ts";
import { type IndexerProcess, spawnIndexer, startIndexer } from "./process.ts";
import { contentNamed, fillRegistry, type Scenario } from "./scenario.ts";

interface GraphqlAnswer {
  data: {
    _meta: { status: { chain?: { block: { number: number } } } };
    attestations: { totalCount: number };
  };
  errors?: unknown[];
}

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

  const askIndexer = async (query: string): Promise<GraphqlAnswer> => {
    const response = await fetch(`${indexer.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as GraphqlAnswer;
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
  const fromIndexer = (args: string[]) => query(args, { TRAINPROOF_INDEXER: indexer.url });

  /** Every question that readers answer. */
  const questions = (): [string, (reader: RegistryReader) => Promise<unknown>][] => {
    const { planned, child, retracted, planDigest } = scenario;
    const [first, claimant, second] = addresses as [Hex, Hex, Hex];
    const { dataRoot } = content;
    const status = (claimId: Hex, threshold: number, verifiers: Hex[] = addresses) =>
      [
        `status of ${claimId} at ${threshold}`,
        (reader: RegistryReader) => reader.getStatus({ claimId, verifiers, threshold }),
      ] as [string, (reader: RegistryReader) => Promise<unknown>];
    return [
      ["all claims", (reader) => reader.findClaims()],
      ["claims of an account", (reader) => reader.findClaims({ claimant })],
      ["claims of nobody", (reader) => reader.findClaims({ claimant: first })],
      ["a model", (reader) => reader.findClaims({ modelCommitment: digest("model child") })],
      ["a data root", (reader) => reader.findClaims({ dataRoot })],
      ["account and data", (reader) => reader.findClaims({ claimant: second, dataRoot })],
      ["children", (reader) => reader.findClaims({ parent: planned })],
      ["a plan's claims", (reader) => reader.findClaims({ planDigest })],
      ["a page", (reader) => reader.findClaimsPage({ limit: 2 })],
      ["pages", (reader) => allPages(reader, 1)],
      ["pages of a data root", (reader) => allPages(reader, 3, dataRoot)],
      ["a planned claim", (reader) => reader.getClaim({ claimId: planned })],
      ["a retracted claim", (reader) => reader.getClaim({ claimId: retracted })],
      ["lineage", (reader) => reader.getLineage({ claimId: retracted })],
      ["a part of the lineage", (reader) => reader.getLineage({ claimId: retracted, limit: 2 })],
      ["all verdicts", (reader) => reader.getAttestations({})],
      ["verdicts on a claim", (reader) => reader.getAttestations({ claimId: child })],
      ["verdicts of an account", (reader) => reader.getAttestations({ attester: second })],
      status(child, 2),
      status(child, 1),
      status(child, 1, [first]),
      status(planned, 2),
      status(planned, 3),
      status(retracted, 1),
      ["all plans", (reader) => reader.findPlans()],
      ["plans of an account", (reader) => reader.findPlans({ claimant })],
      ["plans with a digest", (reader) => reader.findPlans({ planDigest })],
      ["number of plans", (reader) => reader.countPlans({ claimant })],
      ["no plans", (reader) => reader.countPlans({ claimant: first })],
      [
        "plans by id",
        async (reader) => {
          const plans = await reader.findPlans();
          return Promise.all(plans.map(({ planId }) => reader.getPlan({ planId })));
        },
      ],
      [
        "times",
        async (reader) => {
          const given = await reader.getAttestations({});
          const blockNumbers = given.map(({ blockNumber }) => blockNumber);
          return [...(await reader.getBlockTimes({ blockNumbers }))];
        },
      ],
    ];
  };

  async function allPages(reader: RegistryReader, limit: number, dataRoot?: Hex) {
    const pages = [];
    for (let after: string | undefined; ;) {
      const page = await reader.findClaimsPage({
        limit,
        ...(after !== undefined && { after }),
        ...(dataRoot && { dataRoot }),
      });
      pages.push(page);
      after = page.next;
      if (after === undefined) return pages;
    }
  }

  const readers = async () => {
    const clients = await anvil.clients(0);
    const node = chainReader(clients);
    const plain = await createIndexerReader({ url: indexer.url, registry: anvil.registry });
    return { node, plain, checked: checkedReader(plain, clients) };
  };

  /** Node and indexer, with its confirmation by the node and without: the same JSON, byte for byte. */
  async function compareAll(): Promise<void> {
    const { node, plain, checked } = await readers();
    const answers: string[] = [];
    for (const [name, ask] of questions()) {
      const expected = toJson(await ask(node));
      assert.equal(toJson(await ask(plain)), expected, name);
      assert.equal(toJson(await ask(checked)), expected, `${name}, checked`);
      answers.push(expected);
    }
    // The questions tell the answers apart: few have the same.
    assert.ok(new Set(answers).size >= answers.length - 5);
  }

  /** The verbs, and what their text must show at least. */
  const verbs = (): [string, string[], RegExp][] => {
    const { planned, child, retracted, planDigest } = scenario;
    const all = ["--verifiers", addresses.join(","), "--threshold", "2"];
    return [
      ["a page", ["--limit", "2"], /more: --after \d+-\d+/],
      ["a claim", [planned], /number 1 of 2 plans.*valid {5}by 0x/s],
      ["a revoked verdict", [child], /REVOKED wrong build\0/],
      ["an account", ["--claimant", addresses[2]!.toLowerCase()], /0x.*\n$/s],
      ["lineage", ["lineage", retracted], new RegExp(`${child}.*${planned}.*public seed`, "s")],
      ["verdicts", ["attestations", "--attester", addresses[0]!], /valid/],
      ["plans of an account", ["plans", "--claimant", addresses[1]!], /ready.*2 plans/s],
      ["status", ["status", planned, ...all], /^valid\n2 valid, 0 invalid, 0/],
      ["a digest", [planned, "--json"], new RegExp(`"planDigest": "${planDigest}"`)],
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

  const wrong: [string, Record<string, string>, RegExp][] = [
    ["no node", { TRAINPROOF_RPC_URL: "" }, /TRAINPROOF_RPC_URL must name/],
    ["no registry", { TRAINPROOF_REGISTRY: "0x12" }, /TRAINPROOF_REGISTRY must be/],
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
});
