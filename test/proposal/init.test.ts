import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { encodeSafetensors } from "../../src/model/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { runVerb } from "../e2e/verbs.ts";

type Json = Record<string, unknown>;

/** 240 points of three clouds, with names as labels. */
function clouds(scale = 1): string {
  const centres = { red: [0, 1], green: [1, 0], blue: [-1, -1] };
  const names = Object.keys(centres) as (keyof typeof centres)[];
  const lines = Array.from({ length: 240 }, (_, i) => {
    const name = names[i % 3]!;
    const [x, y] = centres[name] as [number, number];
    const noise = (k: number) => (((i * k) % 101) / 101 - 0.5) * 0.8;
    return `${(scale * (x + noise(37))).toFixed(4)},${(scale * (y + noise(53))).toFixed(4)},${name}`;
  });
  return ["x,y2,colour", ...lines].join("\n") + "\n";
}

describe("trainproof init", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const cwd = folder.path;
  before(() => {
    fs.writeFileSync(path.join(cwd, "clouds.csv"), clouds());
    fs.writeFileSync(path.join(cwd, "far.csv"), clouds(20_000));
  });
  const init = async (code: number, ...args: string[]): Promise<Json> => {
    const result = await runVerb(["init", "--json", ...args], { cwd });
    assert.equal(result.code, code, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
    return JSON.parse(result.stdout) as Json;
  };
  const usual = ["--train", "clouds.csv", "--label", "colour", "--memory", "2"];

  it("proposes a plan that trains without leaving its ranges, and learns", async () => {
    const { cost, trial, plan } = await init(0, ...usual, "--hidden", "16", "--out", "plan.json");
    const file = fs.readFileSync(path.join(cwd, "plan.json"), "utf8");
    assert.deepEqual(JSON.parse(file), plan);
    const { widths, data } = plan as { widths: number[]; data: { labels: Json; train: Json } };
    assert.deepEqual(widths, [2, 16, 3]);
    assert.deepEqual(data.labels["classes"], ["blue", "green", "red"]);
    assert.equal(data.train["file"], "clouds.csv");
    assert.ok(((trial as Json)["share"] as number) < 1);
    const trained = await runVerb(["train", "plan.json", "--json"], { cwd });
    assert.equal(trained.code, 0, trained.stderr);
    const { segments } = JSON.parse(trained.stdout) as { segments: { accuracy: number }[] };
    assert.ok(segments.at(-1)!.accuracy > 0.9, JSON.stringify(segments.at(-1)));
    for (const key of ["totalSeconds", "memoryBytes", "proofBytes", "verifySeconds"])
      assert.ok(((cost as Json)[key] as number) > 0, key);
  });

  it("draws seeds anew each time", async () => {
    const seeds = new Set<unknown>();
    for (const name of ["a.json", "b.json"]) {
      const { plan } = await init(0, ...usual, "--trial", "64", "--out", name);
      const { start, scheduleSeed } = plan as { start: Json; scheduleSeed: string };
      seeds.add(start["seed"]).add(scheduleSeed);
    }
    assert.equal(seeds.size, 4);
  });

  it("overwrites nothing without --force, whole or not", async () => {
    fs.writeFileSync(path.join(cwd, "mine.json"), "mine");
    const out = ["--out", "mine.json", "--trial", "32"];
    assert.match(
      String((await init(2, ...usual, ...out))["error"]),
      /mine\.json is there already; --force/,
    );
    assert.equal(fs.readFileSync(path.join(cwd, "mine.json"), "utf8"), "mine");
    await init(0, ...usual, ...out, "--force");
    assert.match(fs.readFileSync(path.join(cwd, "mine.json"), "utf8"), /"widths": \[2, 32, 3\]/);
    assert.deepEqual(
      fs.readdirSync(cwd).filter((name) => name.startsWith(".tmp-")),
      [],
    );
  });

  it("keeps what is decided already", async () => {
    const decided = [
      "--batch",
      "8",
      "--steps",
      "40",
      "--segment-steps",
      "8",
      "--learning-rate",
      "0.0625",
      "--name",
      "mine",
    ];
    const { plan } = await init(0, ...usual, ...decided, "--out", "decided.json");
    const {
      batch,
      steps,
      segmentSteps,
      name,
      eta,
      fixedPoint: f,
    } = plan as Json & {
      fixedPoint: { R: number; fA: number; fG: number };
    };
    assert.deepEqual([batch, steps, segmentSteps, name], [8, 40, 8, "mine"]);
    assert.equal((eta as number) * 8 * 2 ** (f.fA + f.fG - f.R), 0.0625);
  });

  it("goes on from a model of one's own, and from a proven run, whose sizes and fraction bits it takes", async () => {
    const f32 = (shape: number[], of: (i: number) => number) => ({
      type: "F32" as const,
      shape,
      bytes: new Uint8Array(
        Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => of(i)).buffer,
      ),
    });
    const spread = (i: number) => (((i * 29) % 17) - 8) / 16;
    const tensors = new Map([
      ["net.0.weight", f32([12, 2], spread)],
      ["net.0.bias", f32([12], () => 0)],
      ["net.2.weight", f32([3, 12], spread)],
    ]);
    fs.writeFileSync(
      path.join(cwd, "model.safetensors"),
      encodeSafetensors({ metadata: {}, tensors }),
    );
    const own = await init(
      0,
      ...usual,
      "--weights",
      "model.safetensors",
      "--steps",
      "64",
      "--out",
      "own.json",
    );
    const { widths, start } = own["plan"] as Json;
    assert.deepEqual([widths, start], [[2, 12, 3], { weights: { file: "model.safetensors" } }]);
    const proven = await runVerb(["prove", "own.json", "--run", "own", "--json"], { cwd });
    assert.equal(proven.code, 0, proven.stderr);
    const verified = await runVerb(["verify", "own"], { cwd });
    assert.match(verified.stdout, /^VALID/m);
    assert.match(verified.stdout, /ontinued from undisclosed weights/);

    const next = await init(0, ...usual, "--parent", "own", "--steps", "32", "--out", "next.json");
    const plan = next["plan"] as Json & { fixedPoint: { R: number } };
    const before = own["plan"] as typeof plan;
    assert.deepEqual(
      [plan["widths"], plan["start"], plan.fixedPoint.R],
      [[2, 12, 3], { parent: { folder: "own" } }, before.fixedPoint.R],
    );
    const again = await runVerb(["prove", "next.json", "--run", "next", "--json"], { cwd });
    assert.equal(again.code, 0, again.stderr);

    const refused: [string[], RegExp][] = [
      [["--weights", "model.safetensors", "--parent", "own"], /both say what to start from/],
      [["--weights", "model.safetensors", "--hidden", "4"], /--hidden: the layers are the model's/],
      [["--weights", "gone.safetensors"], /gone\.safetensors cannot be read \(ENOENT\)/],
      [["--names", "a,b"], /--names are of --weights' layers/],
      [
        ["--weights", "model.safetensors", "--names", "net.2,net.0"],
        /net\.0\.weight is of shape \[12, 2\]/,
      ],
    ];
    for (const [args, pattern] of refused)
      assert.match(
        String((await init(2, ...usual, ...args, "--out", "no.json"))["error"]),
        pattern,
      );
    const wrong = new Map([["one.weight", f32([3, 5], spread)]]);
    fs.writeFileSync(
      path.join(cwd, "wrong.safetensors"),
      encodeSafetensors({ metadata: {}, tensors: wrong }),
    );
    assert.match(
      String(
        (await init(2, ...usual, "--weights", "wrong.safetensors", "--out", "no.json"))["error"],
      ),
      /the model has the widths 5-3, the data 2 features and 3 outputs/,
    );
  });

  it("a learning rate that cannot work is refused with what happened, and nothing is written", async () => {
    const { error } = await init(2, ...usual, "--learning-rate", "64", "--out", "wild.json");
    assert.match(
      String(error),
      /learning rate 64 that you gave.*(outside|loss grew).*Give a smaller/s,
    );
    assert.ok(!fs.existsSync(path.join(cwd, "wild.json")));
  });

  it("a memory that no segment fits is refused with both figures", async () => {
    const { error } = await init(
      2,
      ...usual,
      "--memory",
      "0.01",
      "--trial",
      "32",
      "--out",
      "small.json",
    );
    assert.match(String(error), /a segment needs [\d.]+ GiB, 0\.0 GiB are allowed/);
  });

  it("names what is wrong with its data, and asks nothing without a terminal", async () => {
    const failing: [string[], RegExp][] = [
      [[], /--train names no data, and there is no terminal/],
      [["--train", "nothing.csv"], /nothing\.csv cannot be read \(ENOENT\)/],
      [["--train", "clouds.csv", "--label", "none"], /no column none: x, y2, colour/],
      [["--train", "clouds.csv", "--label", "x", "--hidden", "4"], /colour.*is not a number/s],
      [["--train", "a.npy,b.npy,c.npy"], /names no data/],
      [["--train", "{"], /no JSON/],
      [["--train", "clouds.csv", "--batch", "3"], /batch: 3: must be a power of two/],
      [["--train", "clouds.csv", "--out", "no/where.json"], /there is no folder/],
    ];
    for (const [args, pattern] of failing)
      assert.match(
        String((await init(2, "--out", "none.json", ...args))["error"]),
        pattern,
        args.join(" "),
      );
  });

  it("proposes without a trial where none is wanted, with room to spare", async () => {
    const { plan, trial, tried } = await init(0, ...usual, "--trial", "0", "--out", "untried.json");
    assert.equal(trial, undefined);
    const { fixedPoint: f } = plan as { fixedPoint: { dv: number; dg: number } };
    assert.deepEqual([f.dv, f.dg], [2, 2]);
    assert.match(String(tried), /no trial/);
  });

  it("scales what is far too large, and says what to think of", async () => {
    const { plan } = await init(0, "--train", "far.csv", "--out", "far.json", "--memory", "2");
    const { data } = plan as { data: { features: { divideBy: number; offset: number } } };
    assert.equal(data.features.divideBy, 32768);
    assert.ok(data.features.offset > 0);
  });
});
