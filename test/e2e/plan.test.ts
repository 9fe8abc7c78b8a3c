import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { readPublicRun } from "../../src/artifact/index.ts";
import { claimContent } from "../../src/relayer/index.ts";
import { registerClaim } from "../../src/registry/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { startRegistry, type TestChain } from "../registry/chain.ts";
import { runVerb, tinyCsv, writeTiny } from "./verbs.ts";

type Json = Record<string, unknown>;

describe("an announced plan, verb by verb", function () {
  this.timeout(240_000);
  const folder = temporaryFolder();
  const owner = path.join(folder.path, "owner");
  let test: TestChain;
  let claimId = "";

  const run = async (code: number, args: string[], key?: number): Promise<Json> => {
    const result = await runVerb([...args, "--json"], {
      cwd: owner,
      env: {
        TRAINPROOF_RPC_URL: test.chain.rpcUrl,
        TRAINPROOF_REGISTRY: test.address,
        ...(key !== undefined && { TRAINPROOF_PRIVATE_KEY: test.chain.accounts[key]!.privateKey }),
      },
    });
    assert.equal(result.code, code, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
    return JSON.parse(result.stdout) as Json;
  };

  before(async () => {
    writeTiny(owner);
    test = await startRegistry();
  });
  after(() => test.chain.stop());

  it("is announced once, and drawn", async () => {
    const first = await run(0, ["announce", "plan.json", "--out", "announced"], 1);
    assert.deepEqual([first["alreadyAnnounced"], first["number"]], [false, 1]);
    const again = await run(0, ["announce", "plan.json", "--out", "announced"], 1);
    assert.deepEqual([again["alreadyAnnounced"], again["planId"]], [true, first["planId"]]);
    const early = ["prove", "plan.json", "--run", "run", "--announced", "announced"];
    assert.match(String((await run(2, early))["error"]), /not drawn yet/);
    await test.chain.mine(5);
    // A stranger may draw; the owner then reads the same seed.
    const { seed } = await run(0, ["draw", String(first["planId"])], 3);
    assert.equal((await run(0, ["draw", "announced"], 1))["seed"], seed);
  });

  it("is proven with its seeds, claimed by its number, and verified", async () => {
    await run(0, ["prove", "plan.json", "--run", "run", "--announced", "announced"]);
    const weights = "run/secret/weights/000001/weights.f32.safetensors";
    const registered = await run(0, ["register", "run", "--weights-file", weights], 1);
    claimId = String(registered["claimId"]);
    assert.ok(registered["planDigest"] && registered["weightsDigest"]);
    const attested = await run(0, ["attest", claimId, "--envelope", "verdict.dsse.json"], 2);
    assert.equal(attested["verdict"], "valid");
    const { plan, attestations } = await run(0, ["query", claimId]);
    assert.equal((plan as Json)["announcedByClaimant"], 1);
    assert.equal((attestations as Json[]).length, 1);
    const verifiers = [2, 3].map((index) => test.chain.accounts[index]!.address).join();
    const ask = ["query", "status", claimId, "--verifiers", verifiers, "--threshold"];
    assert.equal((await run(0, [...ask, "1"]))["outcome"], "valid");
    assert.equal((await run(0, [...ask, "2"]))["outcome"], "open");
    const line = await run(0, ["query", "lineage", claimId]);
    assert.deepEqual([(line["claims"] as Json[]).length, line["rooted"]], [1, true]);
  });

  it("leaves records that others read: a signed verdict, a model card", async () => {
    const check = ["record", "check", "verdict.dsse.json"];
    const signed = await run(0, check);
    assert.deepEqual(
      [signed["signer"], signed["claimId"], signed["verdict"], signed["onChain"]],
      [test.chain.accounts[2]!.address, claimId, "valid", "same"],
    );
    const file = path.join(owner, "verdict.dsse.json");
    const envelope = fs.readFileSync(file, "utf8");
    const sig = (JSON.parse(envelope) as { signatures: { sig: string }[] }).signatures[0]!.sig;
    fs.writeFileSync(path.join(owner, "other.json"), envelope.replace(sig, `A${sig.slice(1)}`));
    assert.match(String((await run(3, ["record", "check", "other.json"]))["error"]), /payload/);
    assert.match(String((await run(2, ["record", "check", "nowhere"]))["error"]), /cannot be read/);

    const card = await run(0, ["record", "card", claimId]);
    assert.match(JSON.stringify(card["metadata"]), /"name":"tiny".*ReLU network 4-5-3/);
    assert.equal(
      await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(card)),
      null,
    );
    const bare = await run(0, ["record", "card", claimId, "--no-files", "--out", "card.json"]);
    assert.match(fs.readFileSync(String(bare["file"]), "utf8"), /"name":"model 0x/);
  });

  it("shows how many plans an account has announced", async () => {
    writeTiny(path.join(owner, "more"), { name: "more" });
    await run(0, ["announce", "more/plan.json", "--out", "more/announced"], 1);
    const claimant = test.chain.accounts[1]!.address;
    const { announced, plans } = await run(0, ["query", "plans", "--claimant", claimant]);
    assert.equal(announced, 2);
    const drawn = (plans as { seed?: string }[]).filter(({ seed }) => seed !== undefined);
    assert.equal(drawn.length, 1);
  });

  it("is not another plan's, nor another data set's", async () => {
    const other = ["prove", "more/plan.json", "--run", "x", "--announced", "announced"];
    assert.match(String((await run(2, other))["error"]), /not the plan that announced/);
    fs.writeFileSync(path.join(owner, "data.csv"), tinyCsv().replace("0.109375", "0.125"));
    const args = ["prove", "plan.json", "--run", "y", "--announced", "announced"];
    assert.match(String((await run(2, args))["error"]), /data is not what was announced/);
    fs.writeFileSync(path.join(owner, "data.csv"), tinyCsv());
  });

  it("makes a claim invalid whose run is another, though it starts from the plan's seed", async () => {
    // The registry takes the claim: the weights' seed is the plan's. Batch order and data key are not.
    const { config } = await readPublicRun(path.join(owner, "run"));
    writeTiny(path.join(owner, "chosen"), {
      start: config.start,
      scheduleSeed: `0x${"33".repeat(32)}`,
    });
    await run(0, ["prove", "chosen/plan.json", "--run", "chosen/run"]);
    const chosen = await readPublicRun(path.join(owner, "chosen/run"));
    const { claim } = await run(0, ["query", claimId]);
    const planDigest = String((claim as Json)["planDigest"]) as `0x${string}`;
    const forged = await registerClaim(await test.clients(1), {
      content: claimContent(chosen, { planDigest }),
      uri: chosen.source,
    });
    const args = ["attest", forged.claimId, "--files", "chosen/run", "--report", "forged.json"];
    const attested = await run(3, args, 2);
    assert.deepEqual([attested["verdict"], attested["check"]], ["invalid", "P1"]);
  });

  it("shows what was taken back", async () => {
    await run(0, ["revoke", claimId, "--reason", "a fault"], 2);
    const check = ["record", "check", "verdict.dsse.json"];
    assert.equal((await run(3, check))["onChain"], "revoked");
    await run(0, ["retract", claimId, "--reason", "wrong data"], 1);
    const { claim, attestations } = await run(0, ["query", claimId]);
    assert.equal(((claim as Json)["retraction"] as Json)["reason"], "wrong data");
    assert.equal(((attestations as Json[])[0]!["revocation"] as Json)["reason"], "a fault");
  });
});
