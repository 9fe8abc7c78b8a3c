import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import {
  createRun,
  parsePlan,
  type PublicConfig,
  publicConfig,
  resolvePlan,
} from "../../src/artifact/index.ts";
import { encodeFloatWeights, encodeWeights, toLinear } from "../../src/model/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { bytesOf, config, finish, weightsAfter } from "./runs.ts";

describe("secrets", () => {
  const folder = temporaryFolder();

  /** Whether any `width` consecutive bytes of the secret, at a multiple of `step`, stand in the file. */
  const leaks = (file: Buffer, secret: Uint8Array, width: number, step: number) => {
    for (let at = 0; at + width <= secret.length; at += step)
      if (file.includes(Buffer.from(secret.buffer, secret.byteOffset + at, width))) return true;
    return false;
  };

  it("no public file holds bytes of the data key, nonce, blindings or weights", () => {
    const data = { key: bytesOf("key", 32), nonce: bytesOf("nonce", 32) };
    const run = createRun({ folder: join(folder.path, "run"), config, data });
    finish(run);
    run.close();
    const meta = { R: 32, step: 1, runId: `0x${"00".repeat(32)}` };
    const secrets: [string, Uint8Array, number, number][] = [
      ["data key", data.key, 8, 1],
      ["nonce", data.nonce, 8, 1],
    ];
    for (const index of [0, 1]) {
      const { weights, blindings } = weightsAfter(index);
      // Biases start as zeros: only entries that are no padding can be told from chance.
      const entries = toLinear(weights).filter((w) => w !== 0n);
      const floats = Float32Array.from(entries, (w) => Number(w) / 2 ** 32);
      const exact = new Uint8Array(entries.buffer, 0, entries.length * 8);
      secrets.push(
        ["blindings", blindings, 8, 1],
        ["weights", exact, 8, 8],
        ["weights, big-endian", Uint8Array.from(exact).reverse(), 8, 8],
        ["weights, single precision", new Uint8Array(floats.buffer), 4, 4],
      );
      assert.ok(encodeWeights(weights, meta).length > encodeFloatWeights(weights, meta).length);
    }
    const names = fs.readdirSync(run.publicFolder, { recursive: true, encoding: "utf8" });
    let files = 0;
    for (const name of names) {
      const path = join(run.publicFolder, name);
      if (!fs.statSync(path).isFile()) continue;
      files++;
      const bytes = fs.readFileSync(path);
      const text = Buffer.from(bytes.toString("latin1").replace(/[^0-9a-f]/g, ""), "hex");
      for (const [what, secret, width, step] of secrets) {
        assert.equal(leaks(bytes, secret, width, step), false, `${what} in ${name}`);
        if (width === 8)
          assert.equal(leaks(text, secret, width, step), false, `${what}, hex, in ${name}`);
      }
    }
    assert.equal(files, 10);
    // The search does find them where they are.
    const key = fs.readFileSync(join(run.folder, "secret/data-key.bin"));
    assert.equal(leaks(key, data.key, 8, 1), true);
    const kept = fs.readFileSync(run.weightsPath()!);
    assert.equal(leaks(kept, secrets.at(-3)![1], 8, 8), true);
  });

  it("no public file names a path, a user or a scaling of the owner", () => {
    const plan = JSON.parse(
      fs.readFileSync(join(import.meta.dirname, "../../examples/mnist.json"), "utf8"),
    ) as {
      data: Record<string, unknown>;
      widths: number[];
    };
    plan.data["train"] = {
      format: "csv",
      file: "patients-secret.csv",
      labelColumns: ["diagnosis"],
    };
    plan.data["features"] = { subtract: 36.6, divideBy: 7.25, offset: 3 };
    plan.data["labels"] = { encoding: "oneHot", classes: ["ill", "well"] };
    plan.widths = [3, 4, 2];
    const resolved = resolvePlan(parsePlan(JSON.stringify(plan), "p.json"), "p.json", {
      samples: 100,
    });
    const published: PublicConfig = publicConfig(resolved);
    assert.doesNotMatch(
      JSON.stringify(published),
      /patients|diagnosis|36\.6|7\.25|"ill"|csv|(?<!config)\//,
    );
    assert.deepEqual(published.offsets, { x0: 3, y0: 0 });
  });
});
