import assert from "node:assert/strict";
import type { Hex } from "viem";
import {
  announcePlan,
  attest,
  postBond,
  registerClaim,
  retractClaim,
  revokeAttestation,
} from "../../src/registry/index.ts";
import { content, digest, saying, startRegistry, type TestChain, uri } from "../registry/chain.ts";
import { runVerb } from "./verbs.ts";

type Json = Record<string, unknown>;

describe("query, for people and for programs", function () {
  this.timeout(120_000);
  let test: TestChain;
  const claims: Hex[] = [];
  const account = (index: number) => test.chain.accounts[index]!.address;

  const ask = async (args: string[], code = 0) => {
    const result = await runVerb(["query", ...args], {
      env: {
        TRAINPROOF_RPC_URL: test.chain.rpcUrl,
        TRAINPROOF_REGISTRY: test.address,
        TRAINPROOF_DISPUTES: test.disputes,
      },
    });
    assert.equal(result.code, code, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
    return result;
  };
  const json = async (args: string[]) =>
    JSON.parse((await ask([...args, "--json"])).stdout) as Json;
  const ids = (list: unknown, key: string) => (list as Json[]).map((item) => item[key]);

  before(async () => {
    test = await startRegistry();
    const owner = await test.clients(1);
    for (let i = 0; i < 5; i++) {
      const changed = { ...content, modelCommitment: digest(`model ${i}`) };
      claims.push((await registerClaim(owner, { content: changed, uri })).claimId);
      await announcePlan(owner, { planDigest: digest(`plan ${i}`) });
    }
    const verifier = await test.clients(2);
    for (const claimId of claims.slice(0, 3)) await attest(verifier, saying(claimId, "valid"));
    await revokeAttestation(verifier, { claimId: claims[1]!, reason: "a fault" });
    await retractClaim(owner, { claimId: claims[3]!, reason: "wrong" });
    const { timestamp } = await owner.reader.getBlock();
    await postBond(owner, {
      claimId: claims[0]!,
      amount: 10n ** 18n,
      challengeUntil: Number(timestamp) + 90_000,
      resolveWithin: 90_000,
      resolvers: [account(4)],
      threshold: 1,
    });
  });
  after(() => test.chain.stop());

  it("lists claims in a table, with the time in words", async () => {
    const lines = (await ask([])).stdout.trimEnd().split("\n");
    assert.equal(lines.length, 6);
    assert.match(lines[0]!, /^CLAIM +CLAIMANT +MODEL +DATA +START +STEPS +REGISTERED$/);
    lines.slice(1).forEach((line, i) => assert.ok(line.startsWith(`${claims[i]!}  0x7099…79C8  `)));
    const words = / {2}256 {4}(now|\d+ seconds? ago|in \d+ seconds?|\d+ minutes? ago) \(20\d\d-/;
    for (const line of lines.slice(1)) assert.match(line, words);
    assert.equal(lines.filter((line) => line.endsWith(", RETRACTED")).length, 1);
  });

  it("pages claims: each page says where the next begins", async () => {
    const first = await json(["--limit", "2"]);
    assert.deepEqual(ids(first["claims"], "claimId"), claims.slice(0, 2));
    const second = await json(["--limit", "2", "--after", String(first["next"])]);
    assert.deepEqual(ids(second["claims"], "claimId"), claims.slice(2, 4));
    const last = await json(["--limit", "2", "--after", String(second["next"])]);
    assert.deepEqual([ids(last["claims"], "claimId"), last["next"]], [claims.slice(4), undefined]);
    assert.match((await ask(["--limit", "2"])).stdout, /\nmore: --after \d+-\d+\n$/);
  });

  it("pages plans, and still counts them all", async () => {
    const claimant = ["plans", "--claimant", account(1), "--limit", "4"];
    const first = await json(claimant);
    assert.deepEqual(ids(first["plans"], "number"), [1, 2, 3, 4]);
    const rest = await json([...claimant, "--after", String(first["next"])]);
    assert.deepEqual(ids(rest["plans"], "number"), [5]);
    assert.deepEqual([rest["announced"], rest["next"]], [5, undefined]);
  });

  it("lists verdicts of an account, revoked ones too", async () => {
    const { stdout } = await ask(["attestations", "--attester", account(2)]);
    const lines = stdout.trimEnd().split("\n");
    assert.deepEqual(
      lines.slice(1).map((line) => [line.split(" ")[0], line.endsWith(", REVOKED")]),
      [
        [claims[0], false],
        [claims[1], true],
        [claims[2], false],
      ],
    );
    const page = await json(["attestations", "--claim", claims[2]!]);
    assert.deepEqual(ids(page["attestations"], "claimId"), [claims[2]]);
    assert.match((await ask(["attestations", "--attester", account(5)])).stdout, /no such verdict/);
  });

  it("lists disputes of a claim", async () => {
    assert.match(
      (await ask(["disputes", "--claim", claims[0]!])).stdout,
      /^BOND.*\n0x[0-9a-f]{64} {2}posted +1 +0x7099…79C8 +claim 0x.*in 1 day \(20/,
    );
    assert.match((await ask(["disputes", "--claim", claims[1]!])).stdout, /no such bonds/);
  });

  it("looks at no older block than it is told", async () => {
    const { claims: found } = await json(["--from-block", "8"]);
    assert.deepEqual(ids(found, "claimId"), claims.slice(3));
  });

  it("refuses pages and cursors that are none", async () => {
    assert.match((await ask(["--limit", "0"], 2)).stderr, /whole number from 1 to 1000/);
    assert.match((await ask(["--after", "yesterday"], 2)).stderr, /no cursor/);
    assert.match((await ask(["plans", "--after", "0x12"], 2)).stderr, /0x12 is no cursor/);
    assert.match((await ask(["--from-block", "soon"], 2)).stderr, /number of a block/);
  });
});
