import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { benchJsonSchema, BenchResultSchema } from "../../../scripts/bench/result.ts";
import { runVerb } from "../../e2e/verbs.ts";

const root = path.resolve(import.meta.dirname, "../../..");

describe("trainproof bench", () => {
  const wrong: [string, string[], RegExp][] = [
    ["no benchmark", ["bench"], /headline[^]*mnist[^]*epoch/],
    ["an unknown benchmark", ["bench", "headlines"], /unknown command[^]*headline/],
    ["no threads", ["bench", "headline", "--threads", "0"], /whole number from 1/],
    ["threads that are no number", ["bench", "mnist", "--threads", "two"], /whole number from 1/],
    ["half a repetition", ["bench", "headline", "--repeat", "1.5"], /whole number from 1 to 100/],
    ["an option of another benchmark", ["bench", "mnist", "--small"], /unknown option '--small'/],
    ["toy figures for the document", ["bench", "scaling", "--small", "--write"], /cannot be used/],
  ];
  for (const [what, args, message] of wrong) {
    it(`${what}: exit code 2 and a hint`, async () => {
      const { code, stdout, stderr } = await runVerb(args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert.equal(stdout, "");
    });
  }

  it("explains itself with examples", async () => {
    for (const args of [["bench"], ["bench", "headline"], ["bench", "all"]]) {
      const { code, stdout } = await runVerb([...args, "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, /Examples?:\n {2}npm run bench -- (headline|all)/);
    }
  });

  it("headline --json prints one object of the schema, and nothing else", async () => {
    const { code, stdout, stderr } = await runVerb(["bench", "headline", "--small", "--json"]);
    assert.equal(code, 0, stderr);
    const result = BenchResultSchema.parse(JSON.parse(stdout));
    assert.ok(result.stepSeconds > 0 && result.verifySeconds > 0);
    assert.ok(result.phases["train"]!.seconds === result.trainOnlySeconds);
    for (const limited of ["train", "commit digits", "lookup", "zkrelu", "opening"])
      assert.ok(result.phases[limited]!.limitSeconds! > 0, limited);
    assert.equal(result.phases["write files"]!.limitSeconds, null);
  });

  it("headline for people names the machine, the phases and what is not counted", async () => {
    const { code, stdout, stderr } = await runVerb([
      ...["bench", "headline", "--small", "--portable", "--threads", "1"],
    ]);
    assert.equal(code, 0, stderr);
    for (const part of [
      /1 thread, portable/,
      /\nlookup /,
      /\ntotal /,
      /are not in it/,
      /one thread/,
    ])
      assert.match(stdout, part);
  });

  it("scaling --json has the figures of each size", async () => {
    const { code, stdout, stderr } = await runVerb(["bench", "scaling", "--small", "--json"]);
    assert.equal(code, 0, stderr);
    const { series } = JSON.parse(stdout) as {
      series: { points: { x: number; figures?: { stepSeconds: number; peakBytes: number } }[] }[];
    };
    const points = series[0]!.points;
    assert.deepEqual(
      points.map(({ x }) => x),
      [1, 2],
    );
    assert.ok(points.every(({ figures }) => figures!.stepSeconds > 0 && figures!.peakBytes > 0));
  });

  it("schema/bench.schema.json is what the code says", () => {
    const file = path.join(root, "schema/bench.schema.json");
    if (process.env["UPDATE_SCHEMA"]) fs.writeFileSync(file, benchJsonSchema());
    assert.deepEqual(
      JSON.parse(fs.readFileSync(file, "utf8")),
      JSON.parse(benchJsonSchema()),
      "run UPDATE_SCHEMA=1 npm run test:ts, then npm run format",
    );
  });

  it("the schema refuses a missing field, one too many and a negative time", () => {
    const good = {
      device: "cpu",
      cpu: "x",
      threads: 2,
      stepSeconds: 1,
      verifySeconds: 1,
      proofBytes: 1,
      peakBytes: 1,
      trainOnlySeconds: 1,
      phases: { train: { seconds: 1, limitSeconds: null } },
    };
    assert.ok(BenchResultSchema.safeParse(good).success);
    const missing = { ...good, cpu: undefined };
    assert.equal(BenchResultSchema.safeParse(missing).success, false);
    assert.equal(BenchResultSchema.safeParse({ ...good, more: 1 }).success, false);
    assert.equal(BenchResultSchema.safeParse({ ...good, stepSeconds: -1 }).success, false);
    const phases = { train: { seconds: 1 } };
    assert.equal(BenchResultSchema.safeParse({ ...good, phases }).success, false);
  });
});
