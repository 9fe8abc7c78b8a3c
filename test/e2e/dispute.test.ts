import assert from "node:assert/strict";
import { registerClaim } from "../../src/registry/index.ts";
import { content, startRegistry, type TestChain, uri } from "../registry/chain.ts";
import { runVerb } from "./verbs.ts";

type Json = Record<string, unknown>;

describe("a dispute, verb by verb", function () {
  this.timeout(120_000);
  let test: TestChain;
  let claimId = "";
  let bondId = "";
  const account = (index: number) => test.chain.accounts[index]!.address;

  const run = async (code: number, args: string[], key?: number): Promise<Json> => {
    const result = await runVerb([...args, "--json"], {
      env: {
        TRAINPROOF_RPC_URL: test.chain.rpcUrl,
        TRAINPROOF_REGISTRY: test.address,
        TRAINPROOF_DISPUTES: test.disputes,
        ...(key !== undefined && { TRAINPROOF_PRIVATE_KEY: test.chain.accounts[key]!.privateKey }),
      },
    });
    assert.equal(result.code, code, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
    return JSON.parse(result.stdout) as Json;
  };

  before(async () => {
    test = await startRegistry();
    ({ claimId } = await registerClaim(await test.clients(1), { content, uri }));
  });
  after(() => test.chain.stop());

  it("is posted, challenged, decided by a majority, and paid", async () => {
    const resolvers = [4, 5, 6].map(account).join();
    const post = ["dispute", "post", claimId, "--amount", "0.5", "--window", "1h"];
    const posted = await run(0, [...post, "--resolvers", resolvers, "--threshold", "2"], 1);
    bondId = String(posted["bondId"]);
    assert.equal((await run(0, ["dispute", "show", bondId]))["bond"] !== undefined, true);
    const reason = ["--reason", "segment 3 fails V7"];
    await run(0, ["dispute", "challenge", bondId, ...reason], 3);
    await run(5, ["dispute", "release", bondId], 3);
    const refute = ["dispute", "resolve", bondId, "--ruling", "refute", ...reason];
    await run(5, refute, 3);
    assert.equal((await run(0, refute, 4))["stage"], "challenged");
    assert.equal((await run(0, refute, 6))["stage"], "refuted");
    const paid = await run(0, ["dispute", "withdraw", "--to", account(9)], 3);
    assert.deepEqual([paid["amount"], paid["to"]], ["750000000000000000", account(9)]);
    await run(5, ["dispute", "withdraw"], 1);
  });

  it("is shown with its claim, for people too", async () => {
    const { bonds } = await run(0, ["query", claimId]);
    assert.deepEqual(
      (bonds as Json[]).map((bond) => [bond["bondId"], bond["stage"]]),
      [[bondId, "refuted"]],
    );
    const { stdout } = await runVerb(["query", claimId], {
      env: {
        TRAINPROOF_RPC_URL: test.chain.rpcUrl,
        TRAINPROOF_REGISTRY: test.address,
        TRAINPROOF_DISPUTES: test.disputes,
      },
    });
    assert.match(stdout, /refuted, 0\.5 ether by 0x/);
    assert.match(stdout, /challenge until in (1 hour|\d+ minutes) \(20\d\d-/);
    assert.match(stdout, /CHALLENGED by 0x.*: segment 3 fails V7/);
    assert.equal(stdout.match(/^ {2}refuted {3}by 0x/gm)?.length, 2);
  });

  it("is nothing that an unknown bond has", async () => {
    await run(4, ["dispute", "show", `0x${"12".repeat(32)}`]);
    await run(2, ["dispute", "challenge", bondId, "--reason", "no key"]);
  });
});
