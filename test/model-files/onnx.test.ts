import assert from "node:assert/strict";
import { join } from "node:path";
import * as ort from "onnxruntime-web";
import { loadPlan, openPlanData, resolvePlan } from "../../src/artifact/index.ts";
import type { Dataset } from "../../src/dataset/index.ts";
import { openIdx } from "../../src/dataset/idx.ts";
import { mnistPaths } from "../../src/dataset/mnist.ts";
import {
  encodeOnnx,
  forwardPass,
  type OnnxOptions,
  sequentialNames,
  type Weights,
} from "../../src/model/index.ts";
import { NativeProver, trainRun } from "../../src/prover/index.ts";

ort.env.wasm.numThreads = 1;

/** The outputs of an ONNX model on a batch, row-major. */
async function runOnnx(model: Uint8Array, features: Float32Array, columns: number) {
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  try {
    assert.deepEqual([session.inputNames, session.outputNames], [["features"], ["outputs"]]);
    const rows = features.length / columns;
    const input = new ort.Tensor("float32", features, [rows, columns]);
    const { outputs } = await session.run({ features: input });
    return { dims: outputs!.dims, values: (await outputs!.getData()) as Float32Array };
  } finally {
    await session.release();
  }
}

/**
 * How far the fixed-point network's outputs may be from the real ones: a layer rounds to f_A bits, by at most 2^(−f_A−1), and passes on
 * what came in, weighted: e_l = max_j Σ_k |w_kj| e_{l−1} + 2^(−f_A−1). Float32 adds far less; a tenth of it is allowed for.
 */
function roundingBound({ widths, layers }: Weights, R: number, fA: number): number {
  return layers.reduce((bound, layer, index) => {
    const [inputs, outputs] = [widths[index]!, widths[index + 1]!];
    const sums = new Float64Array(outputs);
    for (let i = 0; i < inputs * outputs; i++) sums[i % outputs]! += Math.abs(Number(layer[i]!));
    return 1.1 * ((Math.max(...sums) / 2 ** R) * bound + 2 ** (-fA - 1));
  }, 0);
}

const argmax = (values: ArrayLike<number>, from: number, count: number): number => {
  let best = 0;
  for (let j = 1; j < count; j++) if (values[from + j]! > values[from + best]!) best = j;
  return best;
};

describe("ONNX export", function () {
  this.timeout(240_000);
  const R = 8;
  const names = (weights: Weights) => sequentialNames(weights.layers.length);
  /** 2 → 2 → 1: |a − b| by two ReLUs, and a bias. */
  const distance: Weights = {
    widths: [2, 2, 1],
    layers: [
      BigInt64Array.from([256n, -256n, -256n, 256n, 0n, 0n]),
      BigInt64Array.from([256n, 256n, -128n]),
    ],
  };
  const encode = (options: Partial<OnnxOptions> = {}) =>
    encodeOnnx(distance, { R, names: names(distance), ...options });

  it("is a network of Gemm and Relu that onnxruntime runs on any number of rows", async () => {
    const { dims, values } = await runOnnx(encode(), Float32Array.of(3, 1, 1, 3, 2, 2), 2);
    assert.deepEqual([...dims], [3, 1]);
    assert.deepEqual([...values], [1.5, 1.5, -0.5]);
    for (const [columns, rows] of [
      [1, 2],
      [3, 1],
    ] as const)
      await assert.rejects(() => runOnnx(encode(), new Float32Array(columns * rows), columns));
  });

  it("scales raw features as the plan does, to the plan's fraction bits", async () => {
    const scaling = { subtract: 10, divideBy: 4, fA: 1 };
    // (v − 10)/4 rounded to halves, half up: 3.5, 0.75 → 1, −0.25 → 0
    const raw = Float32Array.of(24, 13, 9, 24);
    const { values } = await runOnnx(encode({ scaling }), raw, 2);
    assert.deepEqual([...values], [2, 3]);
  });

  it("refuses weights that no ONNX file holds", () => {
    const tooLarge: Weights = { widths: [2 ** 16, 2 ** 14], layers: [new BigInt64Array(0)] };
    assert.throws(() => encodeOnnx(tooLarge, { R, names: ["net.0"] }), /2 GiB; export safetensors/);
  });

  describe("of a network trained on MNIST", () => {
    const plan = join(import.meta.dirname, "../../examples/mnist.json");
    let weights: Weights;
    let test: Dataset;
    before(async () => {
      const loaded = loadPlan(plan);
      const train = await openPlanData(loaded, "train");
      test = (await openPlanData(loaded, "test"))!;
      const steps = 256;
      const resolved = resolvePlan({ ...loaded.plan, steps }, plan, { samples: train.count });
      weights = await trainRun(resolved, train, await NativeProver.load());
      train.close();
    });
    after(() => test.close());

    it("gives the fixed-point network's class for nearly all of the 10,000 test images, and its outputs within the bound of rounding", async () => {
      const [fA, mnistR, classes] = [8, 32, 10];
      const scaling = { subtract: 0, divideBy: 256, fA };
      const model = encodeOnnx(weights, { R: mnistR, names: names(weights), scaling });
      const images = await openIdx(mnistPaths().test.images);
      const pixels = new Float64Array(images.rows * images.columns);
      images.read(0, images.rows, pixels);
      images.close();
      const { dims, values } = await runOnnx(model, Float32Array.from(pixels), 784);
      assert.deepEqual([...dims], [10_000, classes]);

      // With f_A = 8 and divideBy 256 a pixel is its own integer.
      const fixed = forwardPass(weights, { fA, R: mnistR })(pixels, 10_000);
      const labels = test.rows(Array.from({ length: 10_000 }, (_, i) => i));
      const bound = roundingBound(weights, mnistR, fA);
      let [agree, worst, correct, correctOnnx] = [0, 0, 0, 0];
      for (let row = 0; row < 10_000; row++) {
        for (let j = row * classes; j < (row + 1) * classes; j++)
          worst = Math.max(worst, Math.abs(values[j]! - fixed[j]! / 2 ** fA));
        const [ours, theirs] = [fixed, values].map((z) => argmax(z, row * classes, classes));
        const label = argmax(labels, row * 794 + 784, classes);
        if (ours === theirs) agree++;
        if (ours === label) correct++;
        if (theirs === label) correctOnnx++;
      }
      assert.ok(worst <= bound, `outputs differ by ${worst}, the bound is ${bound}`);
      assert.ok(worst > 0, "the fixed-point network rounds, so the two must differ somewhere");
      assert.ok(agree >= 9_900, `${agree} of 10,000 classes agree`);
      assert.ok(correct > 8_000, `${correct} of 10,000 are right: the network is trained`);
      assert.ok(Math.abs(correct - correctOnnx) <= 10_000 - agree);
    });
  });
});
