import assert from "node:assert/strict";
import { planDigest, type PublicConfig, type PublicRun } from "../../src/artifact/index.ts";
import { fromHex, keccak256, planSeeds, toHex } from "../../src/protocol/index.ts";
import { checkPlan, verifierBuild, verifyPublicRun } from "../../src/relayer/index.ts";
import { config } from "../artifact/runs.ts";

const hex = (byte: string) => `0x${byte.repeat(32)}`;
const seed = fromHex(hex("77"));
const dataRoot = hex("da");
const seeds = planSeeds(seed);
const drawn: PublicConfig = {
  ...config,
  start: { seed: `0x${toHex(seeds.weights)}` },
  scheduleSeed: `0x${toHex(seeds.schedule)}`,
};
const run = (changes: Partial<PublicConfig> = {}, root = dataRoot) =>
  ({ config: { ...drawn, ...changes }, manifest: { dataRoot: root } }) as PublicRun;
const plan = { planDigest: planDigest(drawn, dataRoot), seed };

describe("an announced plan", () => {
  it("is fulfilled by a run of its configuration, data and seeds", () => {
    assert.equal(checkPlan(run(), plan), undefined);
  });

  it("does not depend on the seeds that come later, and on everything else", () => {
    const other = { start: { seed: hex("01") }, scheduleSeed: hex("02") };
    assert.equal(planDigest({ ...drawn, ...other }, dataRoot), plan.planDigest);
    const changes: Partial<PublicConfig>[] = [
      { name: "another" },
      { widths: [3, 5, 2] },
      { eta: "5" },
      { etaSchedule: [{ fromStep: 4, eta: "2" }] },
      { batch: 1 },
      { steps: 6 },
      { segmentSteps: 2 },
      { samples: 7 },
      { labels: "real" },
      { kappa: 4 },
      { offsets: { x0: 1, y0: 0 } },
      { fixedPoint: { ...config.fixedPoint, fA: 7 } },
      { start: { parent: { modelCommitment: hex("0a"), weightBound: "5" } } },
    ];
    for (const change of changes) {
      assert.notEqual(planDigest({ ...drawn, ...change }, dataRoot), plan.planDigest);
      assert.equal(checkPlan(run(change), plan)?.check, "P1", JSON.stringify(change));
    }
    assert.equal(checkPlan(run({}, hex("db")), plan)?.check, "P1");
  });

  it("is fulfilled by no run from undisclosed weights, whatever was announced", () => {
    const undisclosed = { modelCommitment: hex("0a"), weightBound: "32768" };
    const hidden = run({ start: { undisclosed } });
    const own = { planDigest: planDigest(hidden.config, dataRoot), seed };
    assert.notEqual(own.planDigest, plan.planDigest);
    for (const announced of [plan, own]) {
      const fault = checkPlan(hidden, announced);
      assert.deepEqual([fault?.check, /undisclosed/.test(fault?.reason ?? "")], ["P1", true]);
    }
  });

  it("gives the initial weights (P2) and the batch order (P3)", () => {
    const weights = checkPlan(run({ start: { seed: hex("01") } }), plan);
    assert.equal(weights?.check, "P2");
    assert.match(weights.reason, /0x0101/);
    assert.equal(checkPlan(run({ scheduleSeed: hex("02") }), plan)?.check, "P3");
    const other = { ...plan, seed: fromHex(hex("78")) };
    assert.equal(checkPlan(run(), other)?.check, "P2");
  });

  it("of a run that continues another gives the batch order alone", () => {
    const parent = { start: { parent: { modelCommitment: hex("0a"), weightBound: "5" } } };
    const continued = { planDigest: planDigest({ ...drawn, ...parent }, dataRoot), seed };
    assert.equal(checkPlan(run(parent), continued), undefined);
    const swapped = run({ ...parent, scheduleSeed: hex("02") });
    assert.equal(checkPlan(swapped, continued)?.check, "P3");
  });

  it("has seeds by PROTOCOL §22", () => {
    const text = (label: string) => new TextEncoder().encode(label);
    assert.deepEqual(seeds.weights, keccak256(text("trainproof/1/plan/weights"), seed));
    assert.deepEqual(seeds.schedule, keccak256(text("trainproof/1/plan/schedule"), seed));
  });

  it("is checked before any proof is read", async () => {
    const untouched: PublicRun = {
      ...run({ scheduleSeed: hex("02") }),
      source: "",
      proofDigest: hex("00"),
      samples: new Uint8Array(0),
      segmentCount: 1,
      readSegment: () => Promise.reject(new Error("a segment was read")),
      segments: () => {
        throw new Error("segments were read");
      },
    };
    const { verdict } = await verifyPublicRun(untouched, { generators: new Uint8Array(0), plan });
    assert.equal(verdict.ok, false);
    assert.equal(!verdict.ok && verdict.check, "P3");
  });
});

describe("the verifier's build", () => {
  it("has one digest as long as its files are the same", () => {
    assert.match(verifierBuild(), /^0x[0-9a-f]{64}$/);
    assert.equal(verifierBuild(), verifierBuild());
  });
});
