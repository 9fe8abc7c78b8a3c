import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../../dataset/files.ts";
import { runVerb, writeTiny } from "../../e2e/verbs.ts";
import { verb } from "./processes.ts";
import { VerifierSite } from "./verifying.ts";

type Json = Record<string, unknown>;

describe("a run from undisclosed weights, by the queue", () => {
  const folder = temporaryFolder();
  const at = (name: string) => path.join(folder.path, name);
  let site: VerifierSite;
  before(async () => {
    site = await new VerifierSite(at("site")).begin();
    const plan = writeTiny(at("owner"));
    const run = at("former");
    const steps = [
      ["prove", plan, "--run", run],
      ["export", run, "--to", "safetensors", "--out", at("owner/model.safetensors")],
    ];
    for (const args of steps) {
      const { code, stderr } = await runVerb(args);
      assert.equal(code, 0, stderr);
    }
  });
  after(() => site.end());

  it("is proven by a worker, and verified by others, all of it and a sample", async () => {
    const plan = writeTiny(at("owner"), { start: { weights: { file: "model.safetensors" } } });
    const [run, key] = [at("run"), at("run.key")];
    const where = ["--queue", site.redis.url, "--store", site.store, "--key-file", key];
    const trainer = site.with(verb(["prove", plan, "--run", run, ...where]));
    while (!existsSync(key)) await new Promise((resolve) => setTimeout(resolve, 50));
    const worker = site.with(verb(["worker", ...where, "--device", "cpu"]));
    const { code, stderr } = await trainer.ended;
    assert.equal(code, 0, stderr);
    assert.equal((await worker.kill("SIGTERM")).code, 0);

    site.worker("one");
    const whole = await site.verifier(run).ended;
    assert.equal(whole.code, 0, whole.stderr);
    const { ok, segments, undisclosedStart, coverage } = JSON.parse(whole.stdout) as Json;
    assert.deepEqual([ok, segments, (coverage as Json)["kind"]], [true, 2, "all"]);
    assert.match(String(undisclosedStart), /^0x[0-9a-f]{64}$/);
    const sampled = await site.verifier(run, ["--sample", "1", "--seed", `0x${"5a".repeat(32)}`])
      .ended;
    assert.equal(sampled.code, 0, sampled.stderr);
    const found = JSON.parse(sampled.stdout) as { coverage: Json };
    assert.deepEqual([found.coverage["kind"], found.coverage["checked"]], ["sample", 1]);
    assert.deepEqual(site.stored(), []);
  });
});
