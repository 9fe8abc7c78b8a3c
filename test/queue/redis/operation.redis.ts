import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openRun } from "../../../src/artifact/index.ts";
import { toLinear } from "../../../src/model/index.ts";
import { readKeyFile } from "../../../src/queue/index.ts";
import { runVerb } from "../../e2e/verbs.ts";
import { s3Keys, s3Server } from "../s3Server.ts";
import { all, logged, provenBy, type Site, sites } from "./site.ts";

const proven = /"msg":"proven"/;
const offered = /"msg":"offered"/;
const objectsIn = (s: Site) =>
  readdirSync(s.store, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(s.store, name))
    .filter((file) => statSync(file).isFile());

type Phases = Record<"fetch" | "wait" | "train" | "prove" | "store", number>;

/** Mounts a small file system; false where this user may not: the test is then shown as pending. */
function mountSmall(folder: string, size: string): boolean {
  mkdirSync(folder);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  if (mounted.status !== 0)
    process.stdout.write("      skipped: a small tmpfs to fill needs root\n");
  return mounted.status === 0;
}

describe("a queue at work", () => {
  const site = sites();

  it("lets two workers prove a run, and shows neither weights, samples nor keys to Redis and the store", async () => {
    const s = await site.make();
    const trainer = s.trainer(["--ahead", "5"]);
    // All inputs are in the store, and nobody takes them.
    await trainer.saw(offered, 5);
    const stored = objectsIn(s).map((file) => readFileSync(file));
    s.worker("one");
    s.worker("two");
    await trainer.saw(proven, 2);
    stored.push(...objectsIn(s).map((file) => readFileSync(file)));
    await s.expectWhole(trainer);
    assert.deepEqual(
      provenBy(trainer)
        .map(({ segment }) => segment)
        .sort(),
      all,
    );
    const redis = readdirSync(s.redis.folder, { recursive: true, encoding: "utf8" })
      .map((name) => path.join(s.redis.folder, name))
      .filter((file) => statSync(file).isFile())
      .map((file) => readFileSync(file));
    assert.ok(redis.some((bytes) => bytes.includes("bull") || bytes.includes("trainproof")));

    const run = openRun(s.run);
    const { key, nonce } = run.dataSecrets();
    const weights = toLinear(run.weights()!);
    const { blindings } = run.resume().start!;
    run.close();
    const row = readFileSync(path.join(s.folder, "data.csv"), "utf8").split("\n")[1]!;
    // As it lies in an input: 16-bit integers at scale 2^8.
    const sample = Int16Array.from(row.split(",").slice(0, 8), (v) => Math.round(Number(v) * 256));
    const bytes = (a: ArrayBufferView) => Buffer.from(a.buffer, a.byteOffset, a.byteLength);
    const needles = {
      "the run's key": Buffer.from(readKeyFile(s.key).key),
      "the run's key in hex": Buffer.from(Buffer.from(readKeyFile(s.key).key).toString("hex")),
      "the data key": Buffer.from(key),
      "the data nonce": Buffer.from(nonce),
      weights: bytes(weights.subarray(0, 4)),
      "weights in 32 bits": bytes(Int32Array.from(weights.subarray(0, 4), Number)),
      blindings: Buffer.from(blindings.subarray(0, 32)),
      samples: bytes(sample),
      "a statement": Buffer.from("TPS1"),
      "a proof": Buffer.from("TPP1"),
    };
    for (const [what, needle] of Object.entries(needles)) {
      assert.ok(needle.length >= 4);
      for (const bytes of [...stored, ...redis])
        assert.ok(!bytes.includes(needle), `${what} in plain sight`);
    }
    // The needles are really what goes through: they are in the run folder or the data.
    assert.ok(readFileSync(path.join(s.run, "public/segments/000000/proof.bin")).includes("TPP1"));
  });

  it("fetches the next segment's input while a worker still proves, and no earlier", async () => {
    const s = await site.make();
    const trainer = s.trainer(["--ahead", "5"]);
    await trainer.saw(offered, 5);
    const worker = s.worker("eager");
    await s.expectWhole(trainer);
    const phases = logged(worker, "phases").map((line) => line["phases"] as Phases);
    assert.equal(phases.length, all.length);
    // Some inputs were there before the device was free; none long before, as if it were taken when the one before begins.
    const waits = phases.slice(1).map(({ wait }) => wait);
    assert.ok(Math.max(...waits) > 0.005, JSON.stringify(phases));
    waits.forEach((wait, before) => {
      const { train, prove } = phases[before]!;
      assert.ok(wait < 0.7 * (train + prove), JSON.stringify(phases));
    });
  });

  it("works through a bucket as through a folder", async () => {
    const s = await site.make();
    const server = await s3Server(path.join(s.folder, "s3"), "trainproof");
    try {
      const env = { ...s3Keys, AWS_ENDPOINT_URL_S3: server.endpoint };
      const store = "s3://trainproof/runs";
      s.worker("remote", [], { store, env });
      await s.expectWhole(s.trainer([], { store, env }));
      const left = readdirSync(path.join(s.folder, "s3"), { recursive: true, encoding: "utf8" });
      assert.deepEqual(
        left.filter((name) => name.includes("_S3rver_object")),
        [],
      );
    } finally {
      await server.close();
    }
  });

  it("trains no further ahead than it may, while nobody proves", async () => {
    const s = await site.make();
    const trainer = s.trainer(["--ahead", "2"]);
    await trainer.saw(offered, 2);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    // input, W^in and the commitments around it: the first segment has a public seed.
    assert.equal(objectsIn(s).length, 2 + 4 - 1);
    assert.equal(readdirSync(path.join(s.run, "secret", "ahead")).length, 2);
    s.worker("late");
    await s.expectWhole(trainer);
  });

  it("pauses and resumes, and tells what waits", async () => {
    const s = await site.make();
    const queue = (verb: string) => runVerb(["queue", verb, "--queue", s.redis.url, "--json"]);
    assert.equal((await queue("pause")).code, 0);
    const trainer = s.trainer();
    const worker = s.worker("patient");
    await trainer.saw(offered, 5);
    await worker.saw(/waiting for segments/);
    const status = JSON.parse((await queue("status")).stdout) as Record<string, unknown>;
    assert.deepEqual(status, { waiting: 5, active: 0, paused: true, workers: ["patient"] });
    assert.deepEqual(logged(worker, "proving"), []);
    assert.equal((await queue("resume")).code, 0);
    await s.expectWhole(trainer);
  });

  it("serves health and metrics of trainer and worker", async () => {
    const s = await site.make();
    const trainer = s.trainer(["--port", "0"]);
    const worker = s.worker("measured", ["--port", "0"]);
    await worker.saw(proven, 2);
    const at = (output: string, pattern: RegExp) => Number(pattern.exec(output)![1]);
    const get = async (port: number, what: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/${what}`);
      return { status: answer.status, text: await answer.text() };
    };
    const workerPort = at(worker.output, /"port":(\d+)/);
    const metrics = await get(workerPort, "metrics");
    assert.match(metrics.text, /trainproof_worker_jobs_total\{outcome="proven"\} [1-9]/);
    assert.match(metrics.text, /trainproof_worker_device_seconds_total [0-9.]+[1-9]/);
    assert.equal((await get(workerPort, "health")).status, 200);
    const trainerPort = at(trainer.output, /metrics: http:\/\/127\.0\.0\.1:(\d+)/);
    const health = JSON.parse((await get(trainerPort, "health")).text) as Record<string, unknown>;
    assert.equal(health["segments"], 5);
    assert.match(
      (await get(trainerPort, "metrics")).text,
      /trainproof_queue_segments\{state="all"\} 5/,
    );
    await s.expectWhole(trainer);
  });

  it("waits while the store is full, and goes on when there is room", async function () {
    const s = await site.make();
    const small = path.join(s.folder, "small");
    if (!mountSmall(small, "700k")) return this.skip();
    try {
      // Room for the inputs of three segments, and then not for a proof.
      const trainer = s.trainer(["--ahead", "5"], { store: small });
      await trainer.saw(/the store .* is full \(ENOSPC\)/);
      const mover = s.worker("mover", [], { store: small });
      const { code, stderr } = await trainer.ended;
      assert.equal(code, 0, stderr);
      assert.match(mover.output, /making room/);
      assert.equal((await runVerb(["verify", s.run])).code, 0);
    } finally {
      spawnSync("umount", ["-l", small]);
    }
  });

  it("stops with the cause where the store is full of other things, and goes on with another store", async function () {
    const s = await site.make();
    const small = path.join(s.folder, "small");
    if (!mountSmall(small, "64k")) return this.skip();
    try {
      writeFileSync(path.join(small, "other"), Buffer.alloc(60_000));
      const { code, stderr } = await s.trainer([], { store: small }).ended;
      assert.equal(code, 1);
      assert.match(stderr, /the store .* is full \(ENOSPC\); free space/);
    } finally {
      spawnSync("umount", ["-l", small]);
    }
    s.worker("steady");
    await s.expectWhole(s.trainer());
  });
});
