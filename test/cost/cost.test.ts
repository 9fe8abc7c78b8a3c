import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import {
  exampleStatement,
  loadPlan,
  openPlanData,
  publicConfig,
  resolvePlan,
} from "../../src/artifact/index.ts";
import {
  type CostModel,
  CostModelSchema,
  phaseSeconds,
  publicBytes,
  SAME_SPEED,
  segmentBytes,
  segmentSeconds,
  speedOf,
  termsOf,
} from "../../src/cost/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { runVerb, writeTiny } from "../e2e/verbs.ts";

const root = path.join(import.meta.dirname, "../..");
const committed: CostModel = CostModelSchema.parse(
  JSON.parse(fs.readFileSync(path.join(root, "data/cost.json"), "utf8")),
);

/** Statements of a plan's segments. */
async function statementsOf(file: string, changes: Record<string, unknown> = {}) {
  const loaded = loadPlan(file);
  const data = await openPlanData(loaded, "train");
  data.close();
  const plan = { ...loaded.plan, ...changes };
  const resolved = resolvePlan(plan, file, { samples: data.count });
  const statements = resolved.segments.map((segment) =>
    exampleStatement(resolved.run, segment, segment.index === 0 ? 0 : 1, 2n ** 40n),
  );
  return { resolved, statements };
}

describe("sizes", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it("predicted are those of a run, byte for byte", async () => {
    const file = writeTiny(path.join(folder.path, "plan"), {
      etaSchedule: [{ fromStep: 8, eta: 32 }],
    });
    const run = path.join(folder.path, "run");
    const { code, stderr } = await runVerb(["prove", file, "--run", run]);
    assert.equal(code, 0, stderr);
    const { resolved, statements } = await statementsOf(file);
    const sizeOf = (name: string) => fs.statSync(path.join(run, "public", name)).size;
    statements.forEach((statement, index) => {
      const segment = `segments/00000${index}`;
      assert.deepEqual(segmentBytes(statement), {
        proof: sizeOf(`${segment}/proof.bin`),
        statement: sizeOf(`${segment}/statement.bin`),
        weightsOut: sizeOf(`${segment}/weights-out.bin`),
      });
    });
    const names = fs.readdirSync(path.join(run, "public"), { recursive: true, encoding: "utf8" });
    const files = names.filter((name) => fs.statSync(path.join(run, "public", name)).isFile());
    assert.equal(
      publicBytes(publicConfig(resolved), statements),
      files.reduce((sum, name) => sum + sizeOf(name), 0),
    );
  });
});

describe("the cost model", () => {
  const folder = temporaryFolder();
  const tiny = async (changes: Record<string, unknown>) =>
    (await statementsOf(writeTiny(path.join(folder.path, "plan")), changes)).statements[0]!;
  const total = async (changes: Record<string, unknown>) => {
    const { train, commit, prove } = segmentSeconds(committed, await tiny(changes), SAME_SPEED);
    return train + commit + prove;
  };

  it("costs more for more steps and more samples a step, though less for each", async () => {
    const one = await total({ steps: 64, segmentSteps: 1, etaSchedule: undefined });
    const many = await total({ steps: 64, segmentSteps: 64 });
    assert.ok(many > one && many < 64 * one, `${one}, ${many}`);
    assert.ok((await total({ steps: 64, segmentSteps: 64, batch: 16 })) > many);
  });

  it("scales training, commitments and sumchecks by what the probe says of each", async () => {
    const statement = await tiny({});
    const twice = speedOf({ train: 1, commit: 1, prove: 1 }, { train: 2, commit: 3, prove: 5 });
    const [here, there] = [SAME_SPEED, twice].map((speed) =>
      segmentSeconds(committed, statement, speed),
    );
    assert.equal(there!.train, 2 * here!.train);
    assert.equal(there!.commit, 3 * here!.commit);
    assert.equal(there!.verify, 5 * here!.verify);
    assert.ok(there!.prove > 3 * here!.prove && there!.prove < 5 * here!.prove);
  });

  it("has a factor for each operation, and adds them up", async () => {
    const statement = await tiny({});
    const phases = phaseSeconds(committed, statement);
    for (const [phase, terms] of Object.entries(termsOf(statement))) {
      const factors = committed.phases[phase as keyof typeof phases];
      assert.equal(factors.length, terms.length, phase);
      const sum = terms.reduce((a, term, i) => a + term * factors[i]!, 0);
      assert.ok(Math.abs(phases[phase as keyof typeof phases] - sum) < 1e-12);
      assert.ok(sum > 0, phase);
    }
  });

  it("refuses a file that is none, or has a negative factor", () => {
    const bad = (change: object) => CostModelSchema.safeParse({ ...committed, ...change }).success;
    assert.equal(bad({}), true);
    assert.equal(bad({ format: "trainproof-cost/2" }), false);
    assert.equal(bad({ extra: 1 }), false);
    assert.equal(bad({ phases: { ...committed.phases, train: [-1] } }), false);
    assert.equal(bad({ phases: { ...committed.phases, lookup: undefined } }), false);
    assert.equal(bad({ probe: { train: 1 } }), false);
  });
});
