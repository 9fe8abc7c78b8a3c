import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { createRun, hex32, openRun, type PublicConfig, sha256 } from "../../src/artifact/index.ts";
import { encodeFloatWeights } from "../../src/model/index.ts";
import { weightDigest } from "../../src/protocol/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import {
  config,
  finish,
  finishAhead,
  runAhead,
  samples,
  segmentResult,
  weightsAfter,
} from "./runs.ts";

const EXACT = ["weights-blindings.bin", "weights.safetensors"];
const WITH_FLOAT = ["weights-blindings.bin", "weights.f32.safetensors", "weights.safetensors"];

describe("weights in float32", () => {
  const temporary = temporaryFolder();
  let count = 0;
  const fresh = () => join(temporary.path, `run${count++}`);
  const weightsFolder = (folder: string, name: string) => join(folder, "secret/weights", name);
  const files = (folder: string, name: string) =>
    fs.readdirSync(weightsFolder(folder, name)).sort();
  const metadata = (runId: Uint8Array, step: number) => ({ R: 32, step, runId: hex32(runId) });

  it("are written with the last segment, and with no other", () => {
    const run = createRun({ folder: fresh(), config });
    run.writeSamples(samples);
    run.finishSegment(0, segmentResult(run, 0));
    assert.deepEqual(files(run.folder, "000000"), EXACT);
    run.finishSegment(1, segmentResult(run, 1));
    assert.deepEqual(files(run.folder, "000001"), WITH_FLOAT);
    run.close();
  });

  it("are written with the last segment that was trained ahead, rounded from its exact ones", () => {
    const run = runAhead(fresh());
    run.finishAhead(0, segmentResult(run, 0));
    assert.deepEqual(files(run.folder, "000000"), EXACT);
    finishAhead(run);
    assert.deepEqual(files(run.folder, "000001"), WITH_FLOAT);
    const float = join(weightsFolder(run.folder, "000001"), "weights.f32.safetensors");
    const expected = encodeFloatWeights(weightsAfter(1).weights, metadata(run.runId, 5));
    assert.deepEqual(fs.readFileSync(float), Buffer.from(expected));
    run.close();
    fs.rmSync(float);
    assert.throws(() => openRun(run.folder), /weights\.f32\.safetensors: no such file/);
  });

  it("are not written of what a run starts from", () => {
    const start = weightsAfter(9);
    const modelCommitment = hex32(weightDigest({ ...config, R: 32 }, start.rows));
    const parent = { modelCommitment, weightBound: "5" };
    const child: PublicConfig = { ...config, start: { parent } };
    const run = createRun({ folder: fresh(), config: child, start });
    assert.deepEqual(files(run.folder, "start"), EXACT);
    finish(run);
    run.close();
    openRun(run.folder).close();
  });

  describe("of a version that wrote them with every segment", () => {
    /** A run after its first segment, its second trained ahead, as that version left it. */
    const former = () => {
      const run = runAhead(fresh());
      run.finishAhead(0, segmentResult(run, 0));
      const bytes = encodeFloatWeights(weightsAfter(0).weights, metadata(run.runId, 4));
      const float = join(weightsFolder(run.folder, "000000"), "weights.f32.safetensors");
      fs.writeFileSync(float, bytes, { mode: 0o600 });
      const path = "000000/weights.f32.safetensors";
      const entry = { path, sha256: hex32(sha256(bytes)), size: bytes.length };
      const state = join(run.folder, "secret/state.json");
      const text = fs.readFileSync(state, "utf8");
      const withFloat = text.replace(
        '{"path":"000000/weights-blindings.bin"',
        `${JSON.stringify(entry)},{"path":"000000/weights-blindings.bin"`,
      );
      assert.notEqual(withFloat, text);
      fs.writeFileSync(state, withFloat);
      fs.rmSync(join(run.folder, "secret/ahead/000001/weights.json"));
      run.close();
      return { folder: run.folder, float };
    };

    it("do not hinder: the run goes on, with a proof from elsewhere or its own", () => {
      for (const goOn of [finishAhead, () => undefined]) {
        const { folder } = former();
        const run = openRun(folder);
        assert.deepEqual([run.finished, run.ahead.indices], [1, [1]]);
        assert.deepEqual(run.weights(), weightsAfter(0).weights);
        goOn(run);
        finish(run);
        run.close();
        assert.deepEqual(fs.readdirSync(join(folder, "secret/weights")), ["000001"]);
        assert.deepEqual(files(folder, "000001"), WITH_FLOAT);
        openRun(folder).close();
      }
    });

    it("are still compared with what was recorded", () => {
      const { folder, float } = former();
      fs.appendFileSync(float, "x");
      assert.throws(() => openRun(folder), /weights\.f32\.safetensors: this finished file was/);
    });
  });
});
