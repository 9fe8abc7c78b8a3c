import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { runVerb } from "../../e2e/verbs.ts";
import { all, logged, provenBy, sites } from "./site.ts";

const proving = /"msg":"proving"/;
const proven = /"msg":"proven"/;
const bySegment = (found: { segment: number }[]) =>
  found.map(({ segment }) => segment).sort((a, b) => a - b);

describe("a queue whose parts fail", () => {
  const site = sites();

  it("loses nothing when a worker is killed at work: its segment goes to another", async () => {
    const s = await site.make();
    const doomed = s.worker("doomed");
    const trainer = s.trainer();
    await doomed.saw(proving);
    await doomed.kill();
    s.worker("heir");
    await s.expectWhole(trainer);
    assert.deepEqual(bySegment(provenBy(trainer)), all);
    assert.ok(provenBy(trainer).every(({ worker }) => worker === "heir"));
    const [failed] = logged(trainer, "a try failed");
    assert.equal(failed?.["worker"], "doomed", JSON.stringify(failed));
    assert.equal(failed?.["cause"], "stalled", JSON.stringify(failed));
  });

  it("goes on after its trainer was killed, with the commitments and proofs that there are", async () => {
    const s = await site.make();
    const first = s.trainer();
    const worker = s.worker("steady");
    await first.saw(proven, 2);
    await first.kill();
    const before = bySegment(provenBy(first));
    const ahead = path.join(s.run, "secret", "ahead");
    const statements = new Map(
      readdirSync(ahead).map((n) => [n, readFileSync(path.join(ahead, n, "statement.bin"))]),
    );
    assert.ok(statements.size > 0);
    const second = s.trainer();
    await s.expectWhole(second);
    // Nothing that was accepted before is proven again, and nothing is missing.
    const after = bySegment(provenBy(second));
    assert.deepEqual([...before, ...after].sort(), all);
    for (const [name, statement] of statements) {
      const published = path.join(s.run, "public", "segments", name, "statement.bin");
      assert.deepEqual(readFileSync(published), statement);
    }
    const made = logged(worker, "proven").map(({ segment }) => Number(segment));
    assert.deepEqual(made.sort(), all);
  });

  it("goes on in one process, with the proofs and commitments that there are", async () => {
    const s = await site.make();
    const first = s.trainer(["--ahead", "5"]);
    await first.saw(/"msg":"offered"/, 5);
    const worker = s.worker("steady");
    await first.saw(proven, 1);
    await first.kill();
    await worker.kill("SIGTERM");
    const statement = (index: number) => path.join("segments", `00000${index}`, "statement.bin");
    const ahead = path.join(s.run, "secret", "ahead");
    const last = readFileSync(path.join(ahead, "000004", "statement.bin"));
    const alone = await runVerb(["prove", s.plan, "--run", s.run, "--device", "cpu"]);
    assert.equal(alone.code, 0, alone.stderr);
    assert.equal((await runVerb(["verify", s.run])).code, 0);
    assert.deepEqual(readFileSync(path.join(s.run, "public", statement(4))), last);
    assert.ok(!existsSync(ahead));
  });

  for (const aof of [true, false])
    it(`goes on after Redis was killed, ${aof ? "with" : "without"} an append-only file`, async () => {
      const s = await site.make({ aof });
      const trainer = s.trainer();
      const worker = s.worker("steady");
      await worker.saw(proving, 2);
      await s.redis.kill();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await s.redis.start();
      await s.expectWhole(trainer);
      assert.deepEqual(bySegment(provenBy(trainer)), all);
    });

  it("takes a segment from a worker that stands still, and the worker lives on", async () => {
    const s = await site.make();
    const still = s.worker("still");
    const trainer = s.trainer();
    await still.saw(proving);
    still.child.kill("SIGSTOP");
    const other = s.worker("other");
    await other.saw(proven, 2);
    still.child.kill("SIGCONT");
    await s.expectWhole(trainer);
    assert.deepEqual(bySegment(provenBy(trainer)), all);
    const { code } = await still.kill("SIGTERM");
    assert.equal(code, 0);
  });

  it("stops with the cause when a segment fails at every worker, and keeps the rest", async () => {
    const s = await site.make();
    const small = ["--memory", "0.0001"];
    const workers = [s.worker("small-a", small), s.worker("small-b", small)];
    const { code, stderr } = await s.trainer(["--tries", "2"]).ended;
    assert.equal(code, 1);
    assert.match(stderr, /segment \d failed 2 times; the rest is kept/);
    for (const name of ["small-a", "small-b"])
      assert.match(stderr, new RegExp(`${name}: .*memory`));
    await Promise.all(workers.map((worker) => worker.kill()));
    s.worker("large");
    const again = s.trainer();
    await s.expectWhole(again);
  });

  it("refuses a second trainer, of the same folder and of a copy", async () => {
    const s = await site.make();
    const trainer = s.trainer();
    await trainer.saw(/"msg":"offered"/);
    const same = await s.trainer().ended;
    assert.equal(same.code, 2);
    assert.match(same.stderr, /is writing to this run/);
    const copy = path.join(s.folder, "copy");
    cpSync(s.run, copy, { recursive: true, filter: (file) => !file.endsWith("lock.json") });
    const other = await s.trainer([], { run: copy }).ended;
    assert.equal(other.code, 2);
    assert.match(other.stderr, /has this run in .*wait for it or stop it/);
    s.worker("steady");
    await s.expectWhole(trainer);
  });
});
