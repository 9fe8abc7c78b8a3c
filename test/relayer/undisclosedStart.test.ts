import assert from "node:assert/strict";
import { undisclosedLines, verdictLines } from "../../scripts/lib/verdict.ts";
import { hex32, type PublicConfig, type PublicRun } from "../../src/artifact/index.ts";
import { planDigest } from "../../src/artifact/published.ts";
import { toHex } from "../../src/protocol/index.ts";
import { checkPlan } from "../../src/relayer/checkPlan.ts";
import type { ClaimFacts } from "../../src/relayer/claimFacts.ts";
import { judgeClaim } from "../../src/relayer/judgeClaim.ts";
import { judgeRun, type RunVerification } from "../../src/relayer/judgeRun.ts";
import { runReport } from "../../src/relayer/report.ts";
import { inThisThread } from "../../src/relayer/segmentVerifier.ts";
import { config } from "../artifact/runs.ts";
import { GENERATORS, toy } from "../model/toy.ts";
import { publish, runOf } from "./publishedToys.ts";

const shape = { widths: [2, 2, 1], tau: 1, beta: 0 };
const first = toy({ ...shape, undisclosed: {}, seed: "undisclosed run" });
const own = [first, toy({ after: first, seed: "undisclosed run, 1" })];
const seeded = [toy({ ...shape, seed: "seeded run" })];
const modelCommitment = hex32(first.statement.start);
const said = { modelCommitment, weightBound: String(first.statement.W0) };
const run = (start?: unknown, toys = own): PublicRun => runOf(publish(toys), undefined, start);

const judge = (one: PublicRun, bound: Parameters<typeof judgeRun>[2] = {}) =>
  judgeRun(one, () => inThisThread(one.samples, GENERATORS, () => Promise.resolve()), bound);
const checkOf = async (one: PublicRun, bound = {}): Promise<string> => {
  const { verdict } = await judge(one, bound);
  return verdict.ok ? "valid" : verdict.check;
};

const textOf = (result: RunVerification): string => {
  const context = { verifierVersion: "0", verifierBuild: "0x", proofDigest: "0x" };
  return new TextDecoder().decode(runReport(result, context).bytes);
};

describe("a published run from undisclosed weights", () => {
  it("is valid, and its verdict says what it continues, to people and in its report", async () => {
    const result = await judge(run({ undisclosed: said }));
    assert.deepEqual(result.verdict, { ok: true });
    assert.equal(result.undisclosedStart, modelCommitment);
    const { verdict, ...figures } = result;
    assert.match(
      verdictLines({ ...verdict, ...figures }).at(-1)!,
      new RegExp(`^Continued from undisclosed weights \\(${modelCommitment}\\)`),
    );
    const report = JSON.parse(textOf(result)) as Record<string, unknown>;
    assert.equal(report["undisclosedStart"], modelCommitment);
  });

  it("of a run from a seed nothing of it is said", async () => {
    const result = await judge(run(undefined, seeded));
    assert.deepEqual(result.verdict, { ok: true });
    assert.ok(!("undisclosedStart" in result));
    const { verdict, ...figures } = result;
    assert.doesNotMatch(
      verdictLines({ ...verdict, ...figures }).join("\n"),
      /^.*undisclosed w.*\(0x/m,
    );
    assert.deepEqual(undisclosedLines(undefined), []);
    assert.doesNotMatch(textOf(result), /undisclosed/);
  });

  it("is said, too, where the verdict is invalid", async () => {
    const { verdict, ...figures } = await judge(run({ undisclosed: said }, seeded));
    assert.ok(!verdict.ok);
    assert.equal(verdict.check, "C3");
    const [invalid, undisclosed] = verdictLines({ ...verdict, ...figures });
    assert.match(invalid!, /^INVALID, check C3/);
    assert.match(undisclosed!, /^Continued from undisclosed weights/);
  });

  it("is C3 where it says that it starts from a seed, a parent, or other weights", async () => {
    const parent = {
      modelCommitment: first.statement.start,
      weightBound: first.statement.W0,
    };
    assert.equal(await checkOf(run({ seed: modelCommitment })), "C3");
    assert.equal(await checkOf(run({ parent: said }), { parent }), "C3");
    assert.equal(await checkOf(run({ undisclosed: said }), { parent }), "C3");
    const others = { ...said, modelCommitment: hex32(first.statement.weightsOut) };
    assert.equal(await checkOf(run({ undisclosed: others })), "C3");
    const wider = { ...said, weightBound: String(2n * first.statement.W0) };
    assert.equal(await checkOf(run({ undisclosed: wider })), "C3");
  });

  it("fulfils no plan (P1), though its plan's digest is the announced one", () => {
    const plan = {
      planDigest: planDigest(config, hex32(new Uint8Array(32))),
      seed: new Uint8Array(32),
    };
    const manifest = { dataRoot: hex32(new Uint8Array(32)) };
    const other = { ...config, start: { undisclosed: said } } as unknown as PublicConfig;
    const fault = checkPlan({ config: other, manifest } as PublicRun, plan);
    assert.equal(fault?.check, "P1");
    assert.match(fault.reason, /undisclosed weights, which no plan can announce/);
  });
});

describe("a claim of a run from undisclosed weights", () => {
  const claimed = (startKind: string, start: string, one: PublicRun) => {
    const claim = { startKind, start: `0x${start}` } as unknown as ClaimFacts["claim"];
    return judgeClaim(
      { claim },
      { read: () => Promise.resolve(one), verify: (read, bound) => judge(read, bound) },
    );
  };
  const start = toHex(first.statement.start);

  it("is valid where the claim says so", async () => {
    const result = await claimed("undisclosed", start, run({ undisclosed: said }));
    assert.deepEqual(result.verdict, { ok: true });
    assert.equal(result.undisclosedStart, modelCommitment);
  });

  for (const [name, kind, from, one] of [
    ["the claim names a seed", "seed", start, run({ undisclosed: said })],
    ["the claim names a parent", "parent", start, run({ undisclosed: said })],
    ["the run starts from a seed", "undisclosed", start, run(undefined, seeded)],
    ["the claim names other weights", "undisclosed", "ab".repeat(32), run({ undisclosed: said })],
    ["the claim's kind is none", "toString", start, run({ undisclosed: said })],
  ] as const)
    it(`is C3 where ${name}`, async () => {
      const { verdict, coverage } = await claimed(kind, from, one);
      assert.ok(!verdict.ok);
      assert.equal(verdict.check, "C3");
      assert.match(verdict.reason, /different kinds|than the claim says/);
      assert.deepEqual(coverage, { kind: "all", segments: one.segmentCount });
    });
});
