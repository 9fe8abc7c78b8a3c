import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { decodeSafetensors, decodeWeights } from "../../src/model/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { runVerb, tinyPlan, writeTiny } from "./verbs.ts";

describe("weights out and in, verb by verb", function () {
  this.timeout(240_000);
  const folder = temporaryFolder();
  const at = (name: string) => path.join(folder.path, name);
  const run = async (code: number, ...args: string[]) => {
    const result = await runVerb([...args, "--json"], { cwd: folder.path });
    assert.equal(result.code, code, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
    return JSON.parse(result.stdout) as Record<string, unknown>;
  };
  const refused = async (pattern: RegExp, ...args: string[]) => {
    const { error } = await run(2, ...args);
    assert.match(String(error), pattern);
  };
  /** The tiny plan with another start, in a folder of its own. */
  const planWith = (name: string, start: Record<string, unknown>) => {
    writeTiny(at(name), { start });
    return path.join(name, "plan.json");
  };
  /** The file's last number, one unit in the last place up. */
  const changed = (from: string, to: string) => {
    const bytes = fs.readFileSync(at(from));
    bytes[bytes.length - 4]! ^= 1;
    fs.writeFileSync(at(to), bytes);
    return `../${to}`;
  };

  before(async () => {
    writeTiny(folder.path);
    await run(0, "prove", "plan.json", "--run", "parent");
    for (const [format, name] of [
      ["safetensors", "model.safetensors"],
      ["onnx", "model.onnx"],
      ["exact", "exact.safetensors"],
    ] as const) {
      const answer = await run(0, "export", "parent", "--to", format, "--out", name);
      assert.deepEqual([answer["format"], answer["step"]], [format, 12]);
    }
  });

  it("exports files that their owner alone can read, and replaces none", async () => {
    for (const name of ["model.safetensors", "model.onnx", "exact.safetensors"])
      assert.equal(fs.statSync(at(name)).mode & 0o777, 0o600, name);
    await refused(/model\.onnx exists/, "export", "parent", "--to", "onnx", "--out", "model.onnx");
  });

  it("exports the run's exact integers as they are, and float32 that PyTorch's names and shapes have", () => {
    const secret = path.join(at("parent"), "secret/weights/000001/weights.safetensors");
    assert.deepEqual(fs.readFileSync(at("exact.safetensors")), fs.readFileSync(secret));
    const { weights } = decodeWeights(fs.readFileSync(secret), "secret");
    const { tensors, metadata } = decodeSafetensors(fs.readFileSync(at("model.safetensors")), "m");
    assert.equal(metadata["format"], "pt");
    assert.deepEqual(
      [...tensors].map(([name, { type, shape }]) => [name, type, [...shape]]),
      [
        ["net.0.bias", "F32", [5]],
        ["net.0.weight", "F32", [5, 4]],
        ["net.2.bias", "F32", [3]],
        ["net.2.weight", "F32", [3, 5]],
      ],
    );
    const { bytes } = tensors.get("net.0.weight")!;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    // Output 1, input 2.
    const expected = Math.fround(Number(weights.layers[0]![2 * 5 + 1]!) / 2 ** 32);
    assert.equal(view.getFloat32(4 * (1 * 4 + 2), true), expected);
  });

  it("exports the same from the exact file, and with names of choice", async () => {
    await run(
      0,
      "export",
      "exact.safetensors",
      "--to",
      "safetensors",
      "--out",
      "again.safetensors",
    );
    assert.deepEqual(
      fs.readFileSync(at("again.safetensors")),
      fs.readFileSync(at("model.safetensors")),
    );
    const out = ["--to", "safetensors", "--out", "named.safetensors"];
    await run(0, "export", "parent", ...out, "--names", "hidden,out");
    const { tensors } = decodeSafetensors(fs.readFileSync(at("named.safetensors")), "m");
    assert.ok(tensors.has("hidden.weight") && tensors.has("out.bias"));
  });

  it("refuses to export what is none, names that do not fit, and a plan of another network", async () => {
    await refused(/2 layers/, "export", "parent", "--to", "onnx", "--out", "x", "--names", "a");
    await refused(
      /--plan puts the scaling/,
      ...["export", "parent", "--to", "safetensors", "--out", "x", "--plan", "plan.json"],
    );
    writeTiny(at("other"), { widths: [4, 6, 3] });
    await refused(
      /plan of another network/,
      ...["export", "parent", "--to", "onnx", "--out", "x", "--plan", "other/plan.json"],
    );
    await refused(/format/, "export", "model.safetensors", "--to", "onnx", "--out", "x");
    assert.equal(
      (await runVerb(["export", at("nowhere"), "--to", "onnx", "--out", at("x")])).code,
      4,
    );
    assert.ok(!fs.existsSync(at("x")));
  });

  it("takes the exported file as the parent's weights, and refuses one that differs in a bit", async () => {
    const start = (file: string) => ({ parent: { folder: "../parent", weights: { file } } });
    await run(0, "train", planWith("same", start("../model.safetensors")));
    await run(0, "train", planWith("exact", start("../exact.safetensors")));
    const file = changed("model.safetensors", "changed.safetensors");
    await refused(
      /layer 2, entry \d+: not the parent's weight/,
      "train",
      planWith("bad", start(file)),
    );
    const integers = changed("exact.safetensors", "changed-exact.safetensors");
    await refused(/not the parent's weight/, "train", planWith("bad2", start(integers)));
  });

  it("trains on from a file exactly as from the parent, if the file is exact", async () => {
    const weightsAfter = async (name: string, start: Record<string, unknown>) => {
      await run(0, "train", planWith(name, start), "--out", `${name}-weights`);
      return decodeWeights(fs.readFileSync(at(`${name}-weights/weights.safetensors`)), name)
        .weights;
    };
    const parent = await weightsAfter("from-parent", { parent: { folder: "../parent" } });
    const exact = await weightsAfter("from-exact", { weights: { file: "../exact.safetensors" } });
    assert.deepEqual(exact, parent);
    const floats = await weightsAfter("from-floats", { weights: { file: "../model.safetensors" } });
    const differences = floats.layers.flatMap((layer, l) =>
      [...layer].map((weight, i) => Math.abs(Number(weight - parent.layers[l]![i]!))),
    );
    // float32 keeps 24 bits: weights of about 1 are off by up to 2^-25 at the start.
    assert.ok(Math.max(...differences) > 0);
    assert.ok(Math.max(...differences) < 2 ** 32 / 2 ** 8);
  });

  it("proves a run from such weights, which nobody learns, and verifies it", async () => {
    const plan = planWith("private", { weights: { file: "../model.safetensors" } });
    await run(0, "prove", plan, "--run", "private-run");
    const config = JSON.parse(fs.readFileSync(at("private-run/public/config.json"), "utf8")) as {
      start: { undisclosed: { modelCommitment: string; weightBound: string } };
    };
    const { modelCommitment, weightBound } = config.start.undisclosed;
    // Weights of about 1 at R = 32 take three digits of 16 bits.
    assert.equal(weightBound, String(2n ** 47n));
    const verdict = await run(0, "verify", "private-run/public");
    assert.deepEqual([verdict["ok"], verdict["undisclosedStart"]], [true, modelCommitment]);
    const { stdout } = await runVerb(["verify", "private-run/public"], { cwd: folder.path });
    assert.match(stdout, /Continued from undisclosed weights \(0x/);
    // As trained without a proof, and as committed: the same weights again have another commitment.
    await run(0, "train", plan, "--out", "private-weights");
    assert.deepEqual(
      decodeWeights(fs.readFileSync(at("private-weights/weights.safetensors")), "trained").weights,
      decodeWeights(
        fs.readFileSync(at("private-run/secret/weights/000001/weights.safetensors")),
        "proven",
      ).weights,
    );
    await run(0, "prove", plan, "--run", "private-again");
    const again = JSON.parse(
      fs.readFileSync(at("private-again/public/config.json"), "utf8"),
    ) as typeof config;
    assert.notEqual(again.start.undisclosed.modelCommitment, modelCommitment);
  });

  it("goes on with such a run where it was stopped, and not from other weights", async () => {
    const plan = planWith("going-on", { weights: { file: "../model.safetensors" } });
    const args = ["prove", plan, "--run", "going-on-run"];
    // Refused after the folder was made, before the first segment.
    await refused(/memory/i, ...args, "--memory", "0.001");
    const config = () => fs.readFileSync(at("going-on-run/public/config.json"));
    const before = config();
    const file = changed("model.safetensors", "moved.safetensors");
    const other = planWith("going-elsewhere", { weights: { file } });
    await refused(/starts from other weights/, "prove", other, "--run", "going-on-run");
    await run(0, ...args);
    assert.deepEqual(config(), before);
    assert.equal((await run(0, "verify", "going-on-run"))["ok"], true);
    assert.ok(!fs.existsSync(at("going-on-run/secret/weights/start")));
  });

  it("continues from a run that began undisclosed, as from any other", async () => {
    const plan = planWith("grandchild", { parent: { folder: "../private-run" } });
    await run(0, "prove", plan, "--run", "grandchild-run");
    const verdict = await run(0, "verify", "grandchild-run/public");
    assert.deepEqual([verdict["ok"], verdict["undisclosedStart"]], [true, undefined]);
    assert.match(String(verdict["continues"]), /a run that its publisher names/);
  });

  it("announces no such plan", async () => {
    const plan = planWith("announced", { weights: { file: "../model.safetensors" } });
    await refused(
      /undisclosed weights cannot be announced/,
      "announce",
      plan,
      "--out",
      "ann",
      "--no-send",
    );
    assert.ok(!fs.existsSync(at("ann")));
  });

  it("names a weights file that is absent, and one of another network", async () => {
    const absent = planWith("absent", { weights: { file: "none.safetensors" } });
    assert.equal((await runVerb(["train", absent], { cwd: folder.path })).code, 4);
    writeTiny(at("wide"), {
      widths: [4, 6, 3],
      start: { weights: { file: "../model.safetensors" } },
    });
    await refused(/net\.0\.weight.*need \[6, 4\]/, "train", "wide/plan.json");
    assert.equal(tinyPlan.widths[1], 5);
  });
});
