import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeErrorResult, type Hex, parseAbi } from "viem";
import {
  attest,
  challengeBond,
  postBond,
  registerClaim,
  resolveBond,
  retractClaim,
  revokeAttestation,
} from "../../src/registry/index.ts";
import { content, saying, startRegistry, type TestChain } from "../registry/chain.ts";
import { runVerb, type VerbResult } from "./verbs.ts";

/** Clears the screen, sets the title, colours, turns the rest around, and forges a line. */
const attack =
  "\u001b[2J\u001b]0;x\u0007\u009b31m\u202eDILAV\r\n  valid     by 0xforged\u2028\u2066";
const shown = "\\u001b[2J\\u001b]0;x\\u0007\\u009b31m\\u202eDILAV\\r\\n  valid     by 0xforged";
const named = (place: string) => `${place}${attack}`;

/** Nothing that a terminal obeys, but ends of lines. */
function assertHarmless({ stdout, stderr }: VerbResult): void {
  for (const text of [stdout, stderr]) {
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e\u2066]/);
    assert.doesNotMatch(text, /^ *valid +by 0xforged/m);
  }
}

describe("text of strangers, on a terminal", function () {
  this.timeout(120_000);
  let test: TestChain;
  let claimId: Hex;
  let bondId: Hex;

  const ask = async (args: string[], env: Record<string, string> = {}) => {
    const result = await runVerb(args, {
      env: {
        TRAINPROOF_RPC_URL: test.chain.rpcUrl,
        TRAINPROOF_REGISTRY: test.address,
        TRAINPROOF_DISPUTES: test.disputes,
        ...env,
      },
    });
    assertHarmless(result);
    return result;
  };
  const shows = async (args: string[], places: string[]) => {
    const { stdout, code } = await ask(args);
    assert.equal(code, 0);
    for (const place of places)
      assert.ok(stdout.includes(`${place}${shown}`), `${place}: ${stdout}`);
    const json = await ask([...args, "--json"]);
    const exact: string[] = [];
    JSON.parse(json.stdout, (_, value: unknown) => {
      if (typeof value === "string") exact.push(value);
      return value;
    });
    for (const place of places) assert.ok(exact.includes(named(place)), `${place} in JSON`);
  };

  before(async () => {
    test = await startRegistry();
    const [owner, verifier] = [await test.clients(1), await test.clients(2)];
    ({ claimId } = await registerClaim(owner, { content, uri: named("claim's") }));
    await attest(verifier, saying(claimId, "invalid", { uri: named("report's") }));
    const { timestamp } = await owner.reader.getBlock();
    ({ bondId } = await postBond(owner, {
      claimId,
      amount: 1n,
      challengeUntil: Number(timestamp) + 90_000,
      resolveWithin: 90_000,
      resolvers: [test.chain.accounts[4]!.address],
      threshold: 1,
    }));
    await challengeBond(verifier, { bondId, reason: named("challenger's") });
    const resolver = await test.clients(4);
    await resolveBond(resolver, { bondId, upheld: false, reason: named("resolver's") });
    await revokeAttestation(verifier, { claimId, reason: named("revoker's") });
    await retractClaim(owner, { claimId, reason: named("retractor's") });
  });
  after(() => test.chain.stop());

  it("a claim with URI, reasons, verdicts and bonds", () =>
    shows(
      ["query", claimId],
      ["claim's", "retractor's", "revoker's", "challenger's", "resolver's"],
    ));

  it("a bond with the reasons of its challenge and votes", () =>
    shows(["dispute", "show", bondId], ["challenger's", "resolver's"]));

  for (const list of [[], ["lineage"], ["attestations"], ["disputes"]]) {
    it(`the table of query ${list.join("")}`, async () => {
      const args = ["query", ...list, ...(list[0] === "lineage" ? [claimId] : [])];
      assert.equal((await ask(args)).code, 0);
    });
  }

  it("a model card", async () => {
    const { stdout, code } = await ask(["record", "card", claimId, "--no-files"]);
    assert.equal(code, 0);
    assert.ok(JSON.stringify(JSON.parse(stdout)).includes(JSON.stringify(attack).slice(1, -1)));
  });

  it("an address that cannot be read", async () => {
    const { stderr, code } = await ask(["verify", claimId]);
    assert.notEqual(code, 0);
    assert.match(stderr, /^trainproof: .*\\u001b/m);
  });

  it("what a contract, or its node, gives as a reason", async () => {
    const data = encodeErrorResult({
      abi: parseAbi(["error Error(string)"]),
      args: [named("contract's")],
    });
    const node = createServer((request, response) => {
      void (async () => {
        let body = "";
        for await (const chunk of request.setEncoding("utf8")) body += chunk as string;
        const { method, id } = JSON.parse(body) as { method: string; id: number };
        const results: Record<string, string> = { eth_chainId: "0x1", eth_getCode: "0x5f" };
        const error = { code: 3, message: "execution reverted", data };
        const result = results[method];
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ jsonrpc: "2.0", id, ...(result ? { result } : { error }) }));
      })();
    });
    await new Promise<void>((resolve) => node.listen(0, "127.0.0.1", resolve));
    try {
      const env = {
        TRAINPROOF_RPC_URL: `http://127.0.0.1:${(node.address() as AddressInfo).port}`,
      };
      for (const args of [
        ["query", claimId],
        ["query", claimId, "--json"],
      ]) {
        const { code, stdout, stderr } = await ask(args, env);
        assert.equal(code, 5, stderr);
        assert.ok(stderr.includes(`contract's${shown}`), stderr);
        if (args.includes("--json"))
          assert.ok((JSON.parse(stdout) as { error: string }).error.includes(named("contract's")));
      }
    } finally {
      node.close();
    }
  });

  it("what an indexer says", async () => {
    const indexer = createServer((_, response) => {
      response.end(JSON.stringify({ errors: [{ message: named("indexer's") }] }));
    });
    await new Promise<void>((resolve) => indexer.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(indexer.address() as AddressInfo).port}`;
      const { code, stderr } = await ask(["query"], { TRAINPROOF_INDEXER: url });
      assert.equal(code, 5);
      assert.match(stderr, /indexer's\\u001b/);
    } finally {
      indexer.close();
    }
  });
});
