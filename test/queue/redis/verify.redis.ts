import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createKeyFile } from "../../../src/queue/index.ts";
import { temporaryFolder } from "../../dataset/files.ts";
import { runVerb } from "../../e2e/verbs.ts";
import { forge, proveTiny } from "../../relayer/watch/publisher.ts";
import { script, type Watched } from "./processes.ts";
import { CuttableProxy } from "./proxy.ts";
import { logged } from "./site.ts";
import { VerifierSite } from "./verifying.ts";

const SEGMENTS = 16;
const verifying = /"msg":"verifying"/;
type Json = Record<string, unknown>;

describe("verification by the queue", () => {
  const folder = temporaryFolder();
  let [honest, forged] = ["", ""];
  let alone: Json;
  let count = 0;
  const open: VerifierSite[] = [];
  const make = async () => {
    const site = await new VerifierSite(path.join(folder.path, `site${count++}`)).begin();
    open.push(site);
    return site;
  };

  before(async () => {
    honest = await proveTiny(path.join(folder.path, "owner"), { steps: 8 * SEGMENTS });
    forged = forge(honest, path.join(folder.path, "forged"));
    const { code, stdout } = await runVerb(["verify", forged, "--json", "--workers", "1"]);
    assert.equal(code, 3);
    alone = JSON.parse(stdout) as Json;
  });
  afterEach(async () => {
    for (const site of open.splice(0)) await site.end();
  });

  const expectValid = async (verifier: Watched) => {
    const { code, stdout, stderr } = await verifier.ended;
    assert.equal(code, 0, stderr);
    const { ok, steps, segments } = JSON.parse(stdout) as Json;
    assert.deepEqual([ok, steps, segments], [true, 8 * SEGMENTS, SEGMENTS]);
  };
  /** The verdict that one process has by itself, to the letter. */
  const expectInvalid = async (verifier: Watched) => {
    const { code, stdout, stderr } = await verifier.ended;
    assert.equal(code, 3, stderr);
    const { ok, check, segment, reason } = JSON.parse(stdout) as Json;
    assert.deepEqual([ok, check, segment, reason], [false, alone["check"], 1, alone["reason"]]);
  };
  const segmentsOf = (worker: Watched) =>
    logged(worker, "verified").map(({ segment }) => Number(segment));

  it("spreads segments over workers, and leaves nothing behind", async () => {
    const s = await make();
    const workers = [s.worker("one", { lease: 60 }), s.worker("two", { lease: 60 })];
    for (const worker of workers) await worker.saw(/waiting for segments/);
    await expectValid(s.verifier(honest));
    const done = workers.map(segmentsOf);
    assert.ok(done.every((list) => list.length > 0));
    assert.deepEqual(
      done.flat().sort((a, b) => a - b),
      Array.from({ length: SEGMENTS }, (_, i) => i),
    );
    assert.deepEqual(s.stored(), []);
    const queue = ["--queue", s.redis.url, "--queue-name", "segments-verify"];
    const state = await runVerb(["queue", "status", ...queue, "--json"]);
    assert.equal((JSON.parse(state.stdout) as Json)["waiting"], 0);
  });

  it("has the verdict of the first segment that fails", async () => {
    const s = await make();
    s.worker("one");
    await expectInvalid(s.verifier(forged));
    assert.deepEqual(s.stored(), []);
  });

  it("goes on at another worker when one is killed", async () => {
    const s = await make();
    const victim = s.worker("victim");
    const verifier = s.verifier(honest);
    await victim.saw(verifying);
    await victim.kill();
    s.worker("other");
    await expectValid(verifier);
  });

  it("believes nobody who has Redis alone, whatever they answer", async () => {
    for (const kind of ["noise", "plain"]) {
      const s = await make();
      const forger = s.with(script("forgingVerifier.ts", [s.redis.url, "forger", kind]));
      const verifier = s.verifier(forged, ["--ahead", "1"]);
      await forger.saw(/answering/);
      await verifier.saw(/failed at forger: its answer is no verdict/);
      await forger.kill();
      s.worker("honest");
      await expectInvalid(verifier);
    }
  });

  it("ends without a verdict where a segment fails again and again", async () => {
    const s = await make();
    s.with(script("forgingVerifier.ts", [s.redis.url, "broken", "fault"]));
    const { code, stdout } = await s.verifier(honest, ["--tries", "2"]).ended;
    assert.equal(code, 1);
    const { ok, error } = JSON.parse(stdout) as Json;
    assert.equal(ok, false);
    assert.match(
      String(error),
      /no verdict: verifying segment 0 failed 2 times.*\n {2}broken: out of order/,
    );
    assert.deepEqual(s.stored(), []);
  });

  it("goes on when a worker's connection was cut for longer than its lease", async () => {
    const s = await make();
    const proxy = new CuttableProxy(s.redis.port);
    const url = `redis://127.0.0.1:${await proxy.listen()}`;
    try {
      const remote = s.worker("remote", { url });
      const verifier = s.verifier(honest);
      await remote.saw(verifying);
      proxy.cut();
      await new Promise((resolve) => setTimeout(resolve, 3000));
      proxy.mend();
      await expectValid(verifier);
    } finally {
      proxy.close();
    }
  });

  it("goes on when Redis was killed", async () => {
    const s = await make();
    const worker = s.worker("steady");
    const verifier = s.verifier(honest);
    await worker.saw(verifying);
    await s.redis.kill();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await s.redis.start();
    await expectValid(verifier);
  });

  it("puts an object that was damaged in the store there again", async () => {
    const s = await make();
    const verifier = s.verifier(honest, ["--ahead", "2"]);
    await waitFor(() => s.stored().length === 3);
    for (const file of s.stored()) {
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(file, bytes);
    }
    s.worker("one");
    await expectValid(verifier);
    assert.match(verifier.output, /another SHA-256 than its name says/);
  });

  it("leaves segments to those who have the key", async () => {
    const s = await make();
    const other = path.join(s.folder, "other.key");
    createKeyFile(other, `0x${"cd".repeat(32)}`);
    const stranger = s.worker("stranger", { key: other });
    const verifier = s.verifier(honest);
    await stranger.saw(/no key 0xabab/);
    s.worker("known");
    await expectValid(verifier);
    assert.deepEqual(segmentsOf(stranger), []);
  });

  it("takes everything out of the store when it is interrupted", async () => {
    const s = await make();
    const verifier = s.verifier(honest);
    await waitFor(() => s.stored().length >= 3);
    const { code, stdout } = await verifier.kill("SIGINT");
    assert.equal(code, 2);
    assert.equal((JSON.parse(stdout) as Json)["code"], "CANCELLED");
    assert.deepEqual(s.stored(), []);
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("a minute passed");
}
