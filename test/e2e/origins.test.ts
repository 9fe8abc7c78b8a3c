import assert from "node:assert/strict";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { canonicalBytes } from "../../src/artifact/index.ts";
import { signVerdict } from "../../src/record/index.ts";
import {
  attest,
  type ClaimContent,
  getSampleSeed,
  postBond,
  registerClaim,
  type RegistryClients,
  revokeAttestation,
} from "../../src/registry/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { content, digest, saying, startRegistry, type TestChain, uri } from "../registry/chain.ts";
import { runVerb } from "./verbs.ts";

type Json = Record<string, unknown>;
const words = /continued from undisclosed weights/;

describe("verbs on starts from undisclosed weights, and on verdicts of samples", function () {
  this.timeout(120_000);
  let test: TestChain;
  let owner: RegistryClients;
  let verifier: RegistryClients;
  const claims: Record<"seeded" | "undisclosed" | "child" | "grandchild", Hex> = {} as never;
  let bondId: Hex;
  let claimBond: Hex;
  let seed: Hex;
  const folder = temporaryFolder();
  const account = (index: number) => test.chain.accounts[index]!.address;

  const run = async (code: number, args: string[]) => {
    const result = await runVerb(args, {
      env: {
        TRAINPROOF_RPC_URL: test.chain.rpcUrl,
        TRAINPROOF_REGISTRY: test.address,
        TRAINPROOF_DISPUTES: test.disputes,
      },
    });
    assert.equal(result.code, code, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
    return result.stdout + result.stderr;
  };
  const json = async (args: string[]) => JSON.parse(await run(0, [...args, "--json"])) as Json;

  before(async () => {
    test = await startRegistry();
    [owner, verifier] = [await test.clients(1), await test.clients(2)];
    const register = async (name: string, changes: Partial<ClaimContent> = {}) =>
      (
        await registerClaim(owner, {
          content: { ...content, modelCommitment: digest(name), ...changes },
          uri,
        })
      ).claimId;
    claims.seeded = await register("seeded");
    const start = digest("undisclosed weights");
    claims.undisclosed = await register("undisclosed", { startKind: "undisclosed", start });
    claims.child = await register("child", { startKind: "parent", start: claims.undisclosed });
    claims.grandchild = await register("grandchild", { startKind: "parent", start: claims.child });
    await test.chain.mine(5);

    const attester = account(2);
    const claimId = claims.grandchild;
    seed = (await getSampleSeed(verifier, { claimId, attester }))!;
    const sample = { size: 100, seed };
    await attest(verifier, saying(claimId, "sampled", { sample }));
    const own = { size: 5, seed: digest("of my own choice") };
    await attest(await test.clients(3), saying(claimId, "sampled", { sample: own }));
    await attest(await test.clients(4), saying(claimId, "invalid", { sample: own }));
    const terms = {
      claimId,
      amount: 10n ** 18n,
      challengeUntil: Number((await owner.reader.getBlock()).timestamp) + 90_000,
      resolveWithin: 90_000,
      resolvers: [account(5)],
      threshold: 1,
    };
    ({ bondId } = await postBond(verifier, { ...terms, attester }));
    ({ bondId: claimBond } = await postBond(owner, { ...terms, claimId: claims.seeded }));
  });
  after(() => test.chain.stop());

  it("say of a claim, in a list, and of a line what it was continued from", async () => {
    assert.match(await run(0, ["query", claims.undisclosed]), words);
    const { claim } = await json(["query", claims.grandchild]);
    assert.equal((claim as Json)["origin"], "undisclosed");
    const status = ["query", "status", claims.grandchild, "--verifiers", account(2)];
    assert.match(await run(0, [...status, "--threshold", "1"]), words);
    const line = await json(["query", "lineage", claims.grandchild]);
    assert.deepEqual([line["rooted"], line["undisclosed"]], [false, true]);
    assert.match(await run(0, ["query", "lineage", claims.grandchild]), words);
    assert.match(await run(0, ["record", "card", claims.grandchild, "--no-files"]), words);
    const list = (await run(0, ["query"])).trimEnd().split("\n").slice(1);
    assert.deepEqual(
      list.map((line) => words.test(line)),
      [false, true, true, true],
    );
    const page = await json(["query", "--parent", claims.child]);
    assert.deepEqual(
      (page["claims"] as Json[]).map(({ origin }) => origin),
      ["undisclosed"],
      "an ancestor outside the page counts",
    );
  });

  it("say nothing of the kind of a claim that begins with a public seed", async () => {
    assert.doesNotMatch(await run(0, ["query", claims.seeded]), words);
    const { claim } = await json(["query", claims.seeded]);
    assert.equal((claim as Json)["origin"], "seed");
    assert.doesNotMatch(await run(0, ["dispute", "show", claimBond]), words);
    assert.equal((await json(["dispute", "show", claimBond]))["origin"], "seed");
  });

  it("never show a verdict on a sample as a valid one", async () => {
    const text = await run(0, ["query", claims.grandchild]);
    const sentence =
      "valid in a sample of 100 of the run's segments: with n in all, a number that the chain does not hold, one false segment would be found with probability 100/n";
    assert.ok(text.includes(`sampled   by ${account(2)}`), text);
    assert.ok(text.includes(sentence), text);
    assert.match(text, /5\/n\n +THE SAMPLE WAS NOT DRAWN AS THE PROTOCOL SAYS/);
    assert.match(text, /invalid in a sample of 5 segments\n +THE SAMPLE WAS NOT DRAWN/);
    assert.doesNotMatch(text, /^ +valid +by/m);
    const { attestations } = await json(["query", claims.grandchild]);
    assert.deepEqual(
      (attestations as Json[]).map(({ verdict, sample }) => [verdict, (sample as Json)["origin"]]),
      [
        ["sampled", "drawn"],
        ["sampled", "other"],
        ["invalid", "other"],
      ],
    );
    const table = await run(0, ["query", "attestations", "--claim", claims.grandchild]);
    assert.match(table, /sampled \(100 segments\)/);
    assert.match(table, /sampled \(5 segments, NOT DRAWN\)/);
  });

  it("count a sampled verdict for neither side", async () => {
    const verifiers = [account(2), account(3)].join();
    const args = ["query", "status", claims.grandchild, "--verifiers", verifiers];
    const status = await json([...args, "--threshold", "1"]);
    assert.deepEqual([status["outcome"], status["sampled"], status["valid"]], ["open", 2, 0]);
    const text = await run(0, [...args, "--threshold", "1"]);
    assert.match(text, /^open\n0 valid, 0 invalid, 2 sampled, 0 revoked/);
    assert.match(text, /verdicts on a sample of the segments decide nothing/);
  });

  it("show in a dispute what a bonded verdict says, and the claim's origin", async () => {
    const text = await run(0, ["dispute", "show", bondId]);
    assert.match(text, words);
    assert.match(text, /the verdict sampled\n +valid in a sample of 100 of the run's segments: /);
    const shown = await json(["dispute", "show", bondId]);
    assert.equal(shown["origin"], "undisclosed");
    assert.deepEqual((shown["attestation"] as Json)["sample"], {
      size: 100,
      seed,
      origin: "drawn",
    });
  });

  it("take a signed verdict that is not on chain, unless it must be there", async () => {
    const signer = privateKeyToAccount(test.chain.accounts[6]!.privateKey);
    const claimId = claims.seeded;
    const report = canonicalBytes({
      ...{ format: "trainproof-report/3", chainId: test.chain.chainId, verdict: "valid", claimId },
      coverage: { kind: "all", segments: 1 },
      ...{ registry: test.address.toLowerCase(), proofDigest: content.proofDigest },
    });
    const envelope = await signVerdict(signer, report);
    const file = folder.write("verdict.dsse.json", JSON.stringify(envelope));
    const check = ["record", "check", file];
    assert.match(await run(0, check), /absent: the signer has given no verdict there/);
    assert.match(await run(3, [...check, "--on-chain"]), /absent/);
    // What the signer says there is another matter: another report, then none at all.
    const clients = await test.clients(6);
    await attest(clients, saying(claimId, "valid"));
    assert.match(await run(3, check), /ANOTHER/);
    await revokeAttestation(clients, { claimId, reason: "a fault" });
    assert.match(await run(3, check), /REVOKED/);
    const blind = await runVerb([...check, "--on-chain"], { env: {} });
    assert.equal(blind.code, 2, blind.stderr);
    assert.match(blind.stderr, /--on-chain asks a node; give --rpc/);
  });
});
