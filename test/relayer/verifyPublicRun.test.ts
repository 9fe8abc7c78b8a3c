import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { PublicRun } from "../../src/artifact/index.ts";
import { SegmentWorkerError, verifyPublicRun } from "../../src/relayer/index.ts";
import { config } from "../artifact/runs.ts";
import { type Toy, toy } from "../model/toy.ts";
import { publish, runOf } from "./publishedToys.ts";

const generators = new Uint8Array(
  fs.readFileSync(path.join(import.meta.dirname, "../../data/generators.bin")),
);

const toys: Toy[] = [toy({ widths: [2, 2, 1], tau: 1, beta: 0, seed: "run" })];
for (let i = 1; i < 5; i++) toys.push(toy({ after: toys[i - 1]!, seed: `run, ${i}` }));

const published = publish(toys);

const tampered = (index: number): (typeof published)[number] => {
  const { proof } = published[index]!;
  return { ...published[index]!, proof: proof.with(-1, proof.at(-1)! ^ 1) };
};
const short = (index: number): (typeof published)[number] => ({
  ...published[index]!,
  proof: published[index]!.proof.slice(1),
});

for (const threads of [1, 2, 4])
  describe(`verifyPublicRun in ${threads} threads`, () => {
    const verify = (run: PublicRun, options = {}) =>
      verifyPublicRun(run, { generators, threads, ...options });

    it("accepts a run and counts what it has seen", async () => {
      const phases = new Map<number, string[]>();
      const result = await verify(runOf(published), {
        onProgress: (segment: number, phase: string) =>
          phases.set(segment, [...(phases.get(segment) ?? []), phase]),
      });
      assert.deepEqual(result.verdict, { ok: true });
      assert.equal(result.steps, 10);
      assert.equal(
        result.proofBytes,
        published.reduce((sum, { proof }) => sum + proof.length, 0),
      );
      assert.equal(phases.size, 5);
      for (const list of phases.values()) assert.equal(list.at(-1), "multiplication");
    });

    it("tells where its time went", async () => {
      const began = performance.now();
      const { timings, seconds } = await verify(runOf(published));
      const passed = (performance.now() - began) / 1000;
      const { atATime, segmentSeconds, slowest } = timings;
      assert.equal(atATime, threads);
      assert.ok(slowest !== undefined && slowest.seconds > 0 && slowest.segment in published);
      assert.ok(seconds > 0 && seconds <= passed, `${seconds}`);
      assert.ok(segmentSeconds >= slowest.seconds && segmentSeconds <= threads * passed);
      // The first that fails ends it: none of those after it counts.
      const { timings: ended } = await verify(runOf(published.with(0, tampered(0))));
      assert.equal(ended.slowest?.segment, 0);
      assert.equal(ended.segmentSeconds, ended.slowest.seconds);
    });

    for (let index = 0; index < 5; index++)
      it(`rejects a run whose segment ${index} is tampered with`, async () => {
        const { verdict } = await verify(runOf(published.with(index, tampered(index))));
        assert.ok(!verdict.ok);
        assert.equal(verdict.check, "V5");
        assert.equal(verdict.segment, index);
      });

    it("gives the verdict of the first segment that fails, though a later one fails sooner", async () => {
      const list = published.with(1, tampered(1)).with(2, short(2)).with(4, short(4));
      const { verdict } = await verify(runOf(list));
      assert.ok(!verdict.ok);
      assert.deepEqual([verdict.check, verdict.segment], ["V5", 1]);
    });

    it("gives a verdict before a later segment's files turn out to be missing", async () => {
      const missing = (index: number): void => {
        if (index === 2) throw new Error("segment 2: no file");
      };
      const { verdict } = await verify(runOf(published.with(1, tampered(1)), missing));
      assert.ok(!verdict.ok);
      assert.equal(verdict.segment, 1);
      await assert.rejects(verify(runOf(published, missing)), /segment 2: no file/);
    });

    it("rejects segments that do not continue one another", async () => {
      const other = runOf([published[0]!, { ...published[2]!, index: 1 }]);
      const { verdict } = await verify(other);
      assert.ok(!verdict.ok);
      assert.equal(verdict.check, "C1");
    });

    it("compares the manifest with the statements", async () => {
      const run = runOf(published);
      const zero = `0x${"00".repeat(32)}`;
      for (const [field, segment] of Object.entries({
        runId: 0,
        dataRoot: 0,
        modelCommitment: 4,
      })) {
        const manifest = { ...run.manifest, [field]: zero };
        const { verdict } = await verify({ ...run, manifest });
        assert.ok(!verdict.ok);
        assert.deepEqual([verdict.check, verdict.segment], ["M1", segment], field);
      }
    });

    it("compares the manifest's steps and the configuration's segments with what was proven", async () => {
      const run = runOf(published);
      for (const change of [
        { manifest: { ...run.manifest, steps: 8 } },
        { manifest: { ...run.manifest, steps: 12 } },
        { config: { ...run.config, steps: 12 } },
        { config: { ...run.config, steps: 8 } },
      ]) {
        const { verdict } = await verify({ ...run, ...change });
        assert.ok(!verdict.ok);
        assert.deepEqual([verdict.check, verdict.segment], ["M1", 4], JSON.stringify(change));
        assert.match(verdict.reason, /prove 10 steps/);
      }
    });

    it("has no more segments in memory than threads", async () => {
      let [read, done] = [0, 0];
      const run = runOf(published, () => {
        read++;
        assert.ok(read - done <= threads + 1, `${read} read, ${done} done`);
      });
      const onProgress = (_: number, phase: string): void => {
        if (phase === "equations") done++;
      };
      assert.deepEqual((await verify(run, { onProgress })).verdict, { ok: true });
      assert.equal(read, 5);
    });

    it("stops when aborted", async () => {
      const controller = new AbortController();
      const onProgress = (): void => controller.abort(new Error("enough"));
      const { signal } = controller;
      await assert.rejects(verify(runOf(published), { signal, onProgress }), /enough/);
    });
  });

describe("verifyPublicRun", () => {
  it("names the segment whose thread fails", async () => {
    // Not bytes at all: what verify throws is a fault of the caller, and no verdict.
    const broken = { ...published[1]!, proof: {} as Uint8Array, statementBytes: {} as Uint8Array };
    const run = runOf(published.with(1, broken));
    await assert.rejects(
      verifyPublicRun(run, { generators, threads: 2 }),
      (error) => error instanceof SegmentWorkerError && error.segment === 1,
    );
  });

  it("holds a run to the step sizes that its configuration announces (C4)", async () => {
    const slower = toy({ after: toys[0]!, seed: "slower", parameters: { eta: 2n } });
    const run = runOf(publish([toys[0]!, slower]));
    const announcing = (...etaSchedule: { fromStep: number; eta: string }[]): PublicRun => {
      const announced = { ...config, ...run.config, eta: "3" };
      return { ...run, config: etaSchedule.length > 0 ? { ...announced, etaSchedule } : announced };
    };
    const checkOf = async (one: PublicRun): Promise<string> => {
      const { verdict } = await verifyPublicRun(one, { generators, threads: 1 });
      return verdict.ok ? "valid" : verdict.check;
    };
    assert.equal(await checkOf(announcing({ fromStep: 2, eta: "2" })), "valid");
    assert.equal(await checkOf(announcing({ fromStep: 2, eta: "1" })), "C4");
    assert.equal(await checkOf(announcing()), "C1");
  });

  it("refuses numbers of threads that are none", async () => {
    for (const threads of [0, -1, 1.5, NaN])
      await assert.rejects(verifyPublicRun(runOf(published), { generators, threads }), RangeError);
  });
});
