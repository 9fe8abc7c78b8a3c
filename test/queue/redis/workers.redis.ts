import assert from "node:assert/strict";
import { all, logged, provenBy, sites } from "./site.ts";
import { script } from "./processes.ts";
import { CuttableProxy } from "./proxy.ts";

const proving = /"msg":"proving"/;
const proven = /"msg":"proven"/;

describe("workers that are not to be trusted", () => {
  const site = sites();

  for (const kind of ["noise", "flip"])
    it(`names a worker that returns garbage (${kind}), and gives its segment to another`, async () => {
      const s = await site.make();
      const liar = s.with(script("garbageWorker.ts", [s.redis.url, s.store, s.key, "liar", kind]));
      const trainer = s.trainer();
      await liar.saw(/answering/);
      await trainer.saw(/a proof that does not hold/);
      s.worker("honest");
      await s.expectWhole(trainer);
      assert.match(
        trainer.output,
        /liar returned for segment \d a proof that does not hold \(V[345]/,
      );
      assert.deepEqual(
        provenBy(trainer)
          .map(({ segment }) => segment)
          .sort(),
        all,
      );
      assert.ok(provenBy(trainer).every(({ worker }) => worker === "honest"));
    });

  it("finds a worker's first lie even where no proof but the first of each is verified", async () => {
    const s = await site.make();
    s.with(script("garbageWorker.ts", [s.redis.url, s.store, s.key, "liar", "flip"]));
    const trainer = s.trainer(["--check", "0"]);
    await trainer.saw(/liar returned/);
    s.worker("honest");
    await s.expectWhole(trainer);
    const lines = logged(trainer, "proven");
    assert.equal(lines.filter(({ verified }) => verified).length, 1);
  });

  it("verifies what a worker had accepted unverified once it lies, and takes back what does not hold", async () => {
    const s = await site.make();
    const trainer = s.trainer(["--check", "0", "--ahead", "5"]);
    // The first segment waits, so that nothing is finished before the liar is found out.
    const holder = s.with(script("holdingWorker.ts", [s.redis.url, s.store, s.key, "holder"]));
    await holder.saw(/answering/);
    s.with(script("garbageWorker.ts", [s.redis.url, s.store, s.key, "liar", "late"]));
    await trainer.saw(/liar returned/);
    await holder.kill();
    s.worker("honest");
    await s.expectWhole(trainer);
    const lines = logged(trainer, "proven");
    const by = (worker: string) => lines.filter((line) => line["worker"] === worker);
    assert.deepEqual(
      by("liar").map(({ verified }) => verified),
      [true, false],
    );
    // The second one was taken back: it is proven twice, at last by somebody else.
    const [, flipped] = by("liar");
    assert.ok(by("honest").some(({ segment }) => segment === flipped!["segment"]));
    assert.equal(lines.length, all.length + 1);
    assert.match(trainer.output, /proofs were accepted without being verified: trainproof verify/);
  });

  it("ends at once where a finished segment's proof, accepted unverified, turns out not to hold", async () => {
    const s = await site.make();
    s.with(script("garbageWorker.ts", [s.redis.url, s.store, s.key, "liar", "later"]));
    const { code, stderr } = await s.trainer(["--check", "0"]).ended;
    assert.equal(code, 1);
    assert.match(stderr, /segment 1 is finished with a proof by liar that does not hold \(V5/);
    assert.match(stderr, /prove the plan again in a new folder, with --check 1 or without liar/);
  });

  it("leaves the segments to others at a worker of another version, which says which one is needed", async () => {
    const s = await site.make();
    const other = s.with(script("otherVersion.ts", [s.redis.url, s.store, s.key, "other"]));
    const trainer = s.trainer();
    await other.saw(/the run's trainer is version 0\.1\.0, this is 99\.0\.0/);
    s.worker("same");
    await s.expectWhole(trainer);
    assert.ok(provenBy(trainer).every(({ worker }) => worker === "same"));
  });

  it("goes on when a worker's connection was cut for longer than its lease", async () => {
    const s = await site.make();
    const proxy = new CuttableProxy(s.redis.port);
    const url = `redis://127.0.0.1:${await proxy.listen()}`;
    try {
      const remote = s.worker("remote", [], { url });
      const trainer = s.trainer();
      await remote.saw(proving);
      proxy.cut();
      await new Promise((resolve) => setTimeout(resolve, 3000));
      proxy.mend();
      await s.expectWhole(trainer);
      assert.deepEqual(
        provenBy(trainer)
          .map(({ segment }) => segment)
          .sort(),
        all,
      );
      await remote.saw(proven, 2);
    } finally {
      proxy.close();
    }
  });

  it("finishes its segment on SIGTERM and takes no other; a second one puts it back at once", async () => {
    const s = await site.make();
    const trainer = s.trainer();
    const polite = s.worker("polite");
    await polite.saw(proving);
    const { code, stdout, stderr } = await polite.kill("SIGTERM");
    assert.equal(code, 0, stderr);
    assert.equal(logged(polite, "proving").length, logged(polite, "proven").length);
    assert.match(stdout, /polite proved [1-9] segments/);
    const hasty = s.worker("hasty");
    await hasty.saw(proving);
    hasty.child.kill("SIGTERM");
    hasty.child.kill("SIGTERM");
    await hasty.ended;
    s.worker("last");
    await s.expectWhole(trainer);
    // To be put back is no failure.
    assert.deepEqual(logged(trainer, "a try failed"), []);
  });
});
