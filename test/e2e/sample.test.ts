import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { readPublicRun, segmentCount } from "../../src/artifact/index.ts";
import { fromHex, sampleSegments } from "../../src/protocol/index.ts";
import { checkSamples, getAttestations, getSampleSeed } from "../../src/registry/index.ts";
import { flipProof, republish } from "../artifact/republish.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { startRegistry, type TestChain } from "../registry/chain.ts";
import { publish, type Publisher } from "../relayer/watch/publisher.ts";
import { runVerb, type VerbResult, writeTiny } from "./verbs.ts";

type Json = Record<string, unknown>;

/** Segments of one step each, proven natively. */
const SEGMENTS = 200;

describe("a run of 200 segments, verified by sample", function () {
  this.timeout(240_000);
  const folder = temporaryFolder();
  const owner = path.join(folder.path, "owner");
  const outputs: string[] = [];
  let chain: TestChain;
  let publisher: Publisher;
  const claims: Record<string, string> = {};

  const account = (index: number) => chain.chain.accounts[index]!;
  const run = async (
    code: number,
    args: string[],
    key?: number,
  ): Promise<VerbResult & { json: Json }> => {
    const env = {
      TRAINPROOF_RPC_URL: chain.chain.rpcUrl,
      TRAINPROOF_REGISTRY: chain.address,
      ...(key !== undefined && { TRAINPROOF_PRIVATE_KEY: account(key).privateKey }),
    };
    const result = await runVerb([...args, "--json"], { cwd: owner, env });
    outputs.push(result.stdout, result.stderr);
    assert.equal(result.code, code, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
    return { ...result, json: result.stdout === "" ? {} : (JSON.parse(result.stdout) as Json) };
  };
  const seedOf = async (name: string, attester: number) => {
    const claim = { claimId: claims[name] as `0x${string}`, attester: account(attester).address };
    return getSampleSeed(await chain.clients(), claim);
  };
  const drawnBy = async (name: string, attester: number, size = 5) =>
    sampleSegments(fromHex((await seedOf(name, attester))!), size, SEGMENTS);
  const number = (index: number) => String(index).padStart(6, "0");

  before(async () => {
    chain = await startRegistry();
    publisher = await publish(owner);
    writeTiny(owner, { steps: SEGMENTS, segmentSteps: 1 });
    await run(0, ["prove", "plan.json", "--run", "run"]);
  });
  after(async () => {
    await publisher.stop();
    await chain.chain.stop();
    const text = outputs.join("\n");
    for (const { privateKey } of chain.chain.accounts)
      assert.ok(!text.includes(privateKey.slice(2)));
  });

  it("registers with a manifest of a kilobyte", async () => {
    const { json } = await run(
      0,
      ["register", "run", "--uri", `${publisher.origin}/run/public/manifest.json`],
      1,
    );
    claims["honest"] = String(json["claimId"]);
    const { manifest } = await readPublicRun(path.join(owner, "run"));
    assert.equal(manifest.segments, SEGMENTS);
    assert.equal(segmentCount(SEGMENTS, 1), SEGMENTS);
    assert.ok(fs.statSync(path.join(owner, "run/public/manifest.json")).size < 1200);
  });

  it("has no sample before the fourth block after the claim's, and says which is awaited", async () => {
    const attester = account(2).address;
    const args = ["verify", claims["honest"]!, "--sample", "5", "--attester", attester];
    const { stderr } = await run(5, args);
    assert.match(stderr, /the node has no block \d+, whose hash draws samples/);
    await chain.chain.mine(5);
    const { json } = await run(0, args);
    assert.equal(json["ok"], true);
    assert.deepEqual(json["coverage"], {
      kind: "sample",
      checked: 5,
      segments: SEGMENTS,
      seed: await seedOf("honest", 2),
      block: (json["coverage"] as Json)["block"],
    });
    assert.match(String(json["meaning"]), /^5 of 200 segments' proofs .* evidence and no proof/);
    assert.equal(json["steps"], 5);
  });

  it("says so to people, and says valid of none but a whole run", async () => {
    const env = { TRAINPROOF_RPC_URL: chain.chain.rpcUrl, TRAINPROOF_REGISTRY: chain.address };
    const args = ["verify", claims["honest"]!, "--sample", "5", "--attester", account(2).address];
    const { code, stdout } = await runVerb(args, { cwd: owner, env });
    assert.equal(code, 0);
    assert.match(stdout, /^NO FAULT IN A SAMPLE of 5 of 200 segments: 5 steps/);
    assert.match(stdout, /drawn with seed 0x[0-9a-f]{64} \(the hash of block \d+\)/);
    assert.match(stdout, /1 with 97\.5 %, 10 with 77\.\d %/);
    assert.doesNotMatch(stdout, /valid/i);
  });

  it("has another sample for each attester, by address or key, and none without", async () => {
    const seeds = [];
    for (const attester of [2, 3]) {
      const { json } = await run(0, ["verify", claims["honest"]!, "--sample", "3"], attester);
      seeds.push((json["coverage"] as Json)["seed"]);
      assert.equal(seeds.at(-1), await seedOf("honest", attester));
    }
    assert.notEqual(seeds[0], seeds[1]);
    const { stderr } = await run(2, ["verify", claims["honest"]!, "--sample", "3"]);
    assert.match(stderr, /whose sample\?/);
  });

  it("of files without a claim is drawn by a seed of one's own", async () => {
    const seed = `0x${"5a".repeat(32)}`;
    const { json } = await run(0, ["verify", "run", "--sample", "3", "--seed", seed]);
    assert.deepEqual(json["coverage"], { kind: "sample", checked: 3, segments: SEGMENTS, seed });
    for (const [args, problem] of [
      [["run", "--sample", "3"], /a seed alone/],
      [["run", "--seed", seed], /give --sample, too/],
      [["run", "--sample", "3", "--seed", "0x12"], /0x and 64 digits/],
      [["run", "--sample", "3", "--seed", seed, "--attester", account(2).address], /of a claim/],
      [[claims["honest"]!, "--sample", "3", "--seed", seed], /the chain draws/],
    ] as const) {
      const { stderr } = await run(2, ["verify", ...args]);
      assert.match(stderr, problem);
    }
    await assert.rejects(run(0, ["verify", "run", "--sample", "0"]));
  });

  it("is attested as sampled, with what drew it, and not as valid", async () => {
    const report = path.join(owner, "report.json");
    const args = ["attest", claims["honest"]!, "--sample", "5", "--envelope", "signed.json"];
    const { json } = await run(0, [...args, "--report", report], 2);
    assert.equal(json["verdict"], "sampled");
    const claimId = claims["honest"] as `0x${string}`;
    const attester = account(2).address;
    const clients = await chain.clients();
    const [given] = await getAttestations(clients, { claimId, attester });
    assert.equal(given!.verdict, "sampled");
    assert.deepEqual(given!.sample, { size: 5, seed: await seedOf("honest", 2) });
    assert.deepEqual(await checkSamples(clients, { attestations: [given!] }), ["drawn"]);
    const said = JSON.parse(fs.readFileSync(report, "utf8")) as Json;
    assert.equal(said["verdict"], "sampled");
    assert.deepEqual((said["coverage"] as Json)["checked"], 5);
    assert.match(String(said["meaning"]), /one false segment is enough for a forgery/);
    const check = await run(0, ["record", "check", "signed.json", "--on-chain"]);
    assert.equal(check.json["verdict"], "sampled");
    assert.equal(check.json["onChain"], "same");
    const status = ["query", "status", claimId, "--verifiers", attester, "--threshold", "1"];
    assert.equal((await run(0, status)).json["outcome"], "open");
  });

  it("misses a forged proof that it does not draw, which all segments catch", async () => {
    fs.cpSync(path.join(owner, "run"), path.join(owner, "forged"), { recursive: true });
    const published = path.join(owner, "forged/public");
    flipProof(published, number(120));
    republish(published);
    const { json } = await run(0, ["register", "forged"], 4);
    claims["forged"] = String(json["claimId"]);
    await chain.chain.mine(5);
    const drawn = await Promise.all([2, 3, 5, 6, 7].map((attester) => drawnBy("forged", attester)));
    const miss = drawn.findIndex((indices) => !indices.includes(120));
    const attester = [2, 3, 5, 6, 7][miss]!;
    const missed = await run(
      0,
      ["attest", claims["forged"], "--sample", "5", "--report", "m.json"],
      attester,
    );
    assert.equal(missed.json["verdict"], "sampled");
    const all = await run(3, ["attest", claims["forged"], "--report", "all.json"], 8);
    assert.equal(all.json["verdict"], "invalid");
    assert.equal(all.json["segment"], 120);
  });

  it("catches one that it draws, and that is an invalid verdict with its sample", async () => {
    // Samples of one attester hold each other: the least that has the segment.
    const least = async (attester: number) => {
      for (let size = 1; size < SEGMENTS; size++)
        if ((await drawnBy("forged", attester, size)).includes(120)) return { attester, size };
      return undefined;
    };
    const { attester, size } = (await least(9)) ?? (await least(0))!;
    const args = ["attest", claims["forged"]!, "--sample", String(size), "--report", "i.json"];
    const { json } = await run(3, args, attester);
    assert.equal(json["verdict"], "invalid");
    assert.equal(json["segment"], 120);
    const [given] = await getAttestations(await chain.clients(), {
      claimId: claims["forged"] as `0x${string}`,
      attester: account(attester).address,
    });
    assert.deepEqual(given!.sample, { size, seed: await seedOf("forged", attester) });
  });

  it("catches a statement that does not continue the one before, though it is not drawn", async () => {
    const seed = `0x${"00".repeat(32)}`;
    const drawn = sampleSegments(fromHex(seed), 3, SEGMENTS);
    const index = [10, 20, 30, 40].find((n) => !drawn.includes(n) && !drawn.includes(n + 1))!;
    const broken = path.join(owner, "broken");
    fs.cpSync(path.join(owner, "run/public"), broken, { recursive: true });
    const file = path.join(broken, "segments", number(index), "statement.bin");
    const bytes = fs.readFileSync(file);
    bytes.fill(0, 110, 142); // W0
    fs.writeFileSync(file, bytes);
    republish(broken);
    const { json } = await run(3, ["verify", broken, "--sample", "3", "--seed", seed]);
    assert.equal(json["check"], "C1");
    assert.match(String(json["reason"]), new RegExp(`segment ${index}: W0`));
  });

  it("is watched by sample, too", async () => {
    const args = ["watch", "--once", "--sample", "4", "--state", "watching", "--interval", "0.2"];
    args.push("--confirmations", "1", "--port", "0", "--allow", "127.0.0.0/8");
    args.push("--claimants", account(1).address);
    const { json } = await run(0, args, 6);
    assert.equal(json["ended"], "nothing is left to do");
    const claimId = claims["honest"] as `0x${string}`;
    const [given] = await getAttestations(await chain.clients(), {
      claimId,
      attester: account(6).address,
    });
    assert.equal(given!.verdict, "sampled");
    assert.deepEqual(given!.sample, { size: 4, seed: await seedOf("honest", 6) });
    const report = path.join(owner, "watching/reports", `${claimId}.json`);
    assert.equal((JSON.parse(fs.readFileSync(report, "utf8")) as Json)["verdict"], "sampled");
  });
});
