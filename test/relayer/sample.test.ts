import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { hex32, type PublicRun } from "../../src/artifact/index.ts";
import { sampleSegments } from "../../src/protocol/index.ts";
import {
  attestable,
  type RunVerification,
  sampleSentences,
  verifyPublicRun,
} from "../../src/relayer/index.ts";
import { missed } from "../../src/relayer/coverage.ts";
import { RegistryError } from "../../src/registry/index.ts";
import { type Toy, toy } from "../model/toy.ts";
import { publish, runOf } from "./publishedToys.ts";

const generators = new Uint8Array(
  fs.readFileSync(path.join(import.meta.dirname, "../../data/generators.bin")),
);
const toys: Toy[] = [toy({ widths: [2, 2, 1], tau: 1, beta: 0, seed: "sampled" })];
for (let i = 1; i < 6; i++) toys.push(toy({ after: toys[i - 1]!, seed: `sampled, ${i}` }));
const published = publish(toys);
const seed = new Uint8Array(32).fill(9);
const sample = { size: 2, seed, block: 77 };
const drawn = sampleSegments(seed, 2, published.length);
const others = published.map(({ index }) => index).filter((index) => !drawn.includes(index));

/** A run of the segments; `read` collects those whose proofs are read. */
const runWith = (list: typeof published, read: number[] = []): PublicRun =>
  runOf(list, (index) => void read.push(index));
const flipped = (index: number): typeof published => {
  const { proof } = published[index]!;
  return published.with(index, {
    ...published[index]!,
    proof: proof.with(-1, proof.at(-1)! ^ 1),
  });
};
const verify = (run: PublicRun, options = {}): Promise<RunVerification> =>
  verifyPublicRun(run, { generators, threads: 1, sample, ...options });

describe("verification by sample", () => {
  it("reads and verifies the proofs that the seed draws, and no other", async () => {
    const read: number[] = [];
    const phases = new Set<number>();
    const result = await verify(runWith(published, read), {
      onProgress: (segment: number, _: string, segments: number) => {
        phases.add(segment);
        assert.equal(segments, 2);
      },
    });
    assert.deepEqual(result.verdict, { ok: true });
    assert.deepEqual(read, drawn);
    assert.deepEqual([...phases], drawn);
    assert.equal(result.steps, 4);
    assert.equal(result.segments, 6);
    assert.deepEqual(result.coverage, {
      kind: "sample",
      checked: 2,
      segments: 6,
      seed: hex32(seed),
      block: 77,
    });
  });

  it("catches a false proof that it draws, in every thread", async () => {
    for (const threads of [1, 2])
      for (const index of drawn) {
        const { verdict, coverage } = await verify(runWith(flipped(index)), { threads });
        assert.ok(!verdict.ok);
        assert.deepEqual([verdict.check, verdict.segment], ["V5", index]);
        assert.equal(coverage.kind, "sample");
      }
  });

  it("misses a false proof that it does not draw, and does not say valid", async () => {
    for (const index of others) {
      const result = await verify(runWith(flipped(index)));
      assert.deepEqual(result.verdict, { ok: true });
      assert.equal(attestable(result).verdict, "sampled");
    }
  });

  it("catches a statement that breaks the chain, drawn or not, before any proof", async () => {
    for (let index = 1; index < published.length; index++) {
      const read: number[] = [];
      const { statement, statementBytes } = published[index]!;
      // The last byte of n_L is in each; W0, at 110, is in none but for C1: it must not fall.
      const lower = statementBytes.slice();
      lower.fill(0, 110, 142);
      const broken = published.with(index, {
        ...published[index]!,
        statementBytes: lower,
        statement: { ...statement, W0: 0n },
      });
      const { verdict } = await verify(runWith(broken, read));
      assert.ok(!verdict.ok);
      assert.equal(verdict.check, "C1");
      assert.match(verdict.reason, new RegExp(`segment ${index}: W0`));
      assert.deepEqual(read, []);
    }
  });

  it("catches a statement that the manifest contradicts, drawn or not", async () => {
    const run = runWith(published);
    const zero = `0x${"00".repeat(32)}`;
    for (const [field, segment] of Object.entries({ runId: 0, dataRoot: 0, modelCommitment: 5 })) {
      const manifest = { ...run.manifest, [field]: zero };
      const { verdict } = await verify({ ...run, manifest });
      assert.ok(!verdict.ok);
      assert.deepEqual([verdict.check, verdict.segment], ["M1", segment], field);
    }
    const { verdict } = await verify({ ...run, manifest: { ...run.manifest, steps: 14 } });
    assert.ok(!verdict.ok && verdict.check === "M1");
  });

  it("of as many segments as there are, or more, is of all", async () => {
    for (const size of [6, 7]) {
      const read: number[] = [];
      const run = runWith(published, read);
      const result = await verify(run, { sample: { ...sample, size } });
      assert.deepEqual(result.coverage, { kind: "all", segments: 6 });
      assert.equal(read.length, 6);
      assert.equal(attestable(result).verdict, "valid");
    }
  });

  it("is refused for sizes and seeds that are none", async () => {
    for (const bad of [{ size: 0 }, { size: 1.5 }, { size: NaN }, { seed: seed.subarray(1) }])
      await assert.rejects(
        verify(runWith(published), { sample: { ...sample, ...bad } }),
        RangeError,
      );
  });

  it("is attested as sampled with its size and seed, and only if the chain drew it", async () => {
    const ok = { ok: true } as const;
    const no = { ok: false } as const;
    const { coverage } = await verify(runWith(published));
    const attested = { size: 2, seed: hex32(seed) };
    assert.deepEqual(attestable({ verdict: ok, coverage }), {
      verdict: "sampled",
      sample: attested,
    });
    assert.deepEqual(attestable({ verdict: no, coverage }), {
      verdict: "invalid",
      sample: attested,
    });
    const own = await verify(runWith(published), { sample: { size: 2, seed } });
    assert.throws(
      () => attestable(own),
      (error) => error instanceof RegistryError && /cannot be attested/.test(error.message),
    );
    const all = { kind: "all", segments: 6 } as const;
    assert.deepEqual(attestable({ verdict: ok, coverage: all }), { verdict: "valid" });
    assert.deepEqual(attestable({ verdict: no, coverage: all }), { verdict: "invalid" });
  });

  it("says what it is worth in words, and never valid", () => {
    const facts = { kind: "sample", checked: 100, segments: 100_000, seed: hex32(seed) } as const;
    const words = sampleSentences({ ...facts, block: 77 }).join(" ");
    assert.match(
      words,
      /^100 of 100000 segments' proofs were verified, drawn with seed 0x0909.*hash of block 77/,
    );
    assert.match(words, /one false segment is enough for a forgery/);
    assert.match(words, /1 with 99\.9 %, 10 with 99\.0 %, 100 with 90\.5 %/);
    assert.doesNotMatch(words, /valid/i);
    assert.match(sampleSentences(facts).join(" "), /a seed that was given/);
    assert.equal(missed(1, 3, 4), 0.25);
    assert.equal(missed(2, 3, 4), 0);
    assert.equal(missed(0, 3, 4), 1);
  });
});
