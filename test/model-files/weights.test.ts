import assert from "node:assert/strict";
import {
  decodeSafetensors,
  decodeWeights,
  encodeFloatWeights,
  encodeSafetensors,
  encodeWeights,
  fromLinear,
  ModelFileError,
  toLinear,
  weightLayout,
  weightsFromSeed,
} from "../../src/model/index.ts";
import { shapeOf } from "../../src/protocol/index.ts";
import { exampleStatement } from "../../src/artifact/index.ts";

describe("weights", () => {
  const widths = [3, 5, 2, 1];
  const weights = weightsFromSeed(new Uint8Array(32).fill(9), widths, 32);
  const meta = { R: 32, step: 12, runId: `0x${"ab".repeat(32)}` };

  it("linear layout is that of PROTOCOL §7, as src/protocol derives it", () => {
    for (const shape of [widths, [784, 128, 10], [1, 1], [2, 3, 1, 70, 4], [7, 1, 9]]) {
      const run = {
        widths: shape,
        fixedPoint: { fA: 8, fG: 13, R: 32, sigma: 8, b: 16 as const, dv: 1, dg: 1 },
        eta: 1n,
        batch: 1,
        kappa: 10,
        samples: 1,
        x0: 0,
        y0: 0,
        scheduleSeed: new Uint8Array(32),
      };
      const expected = shapeOf(exampleStatement(run, { firstStep: 0, steps: 1 }, 0, 0n));
      const { layers, entries } = weightLayout(shape);
      assert.equal(entries, expected.weightEntries);
      assert.deepEqual(
        layers.map(({ base, columnBits }) => [base, columnBits]),
        expected.layers.map(({ base, columnBits }) => [base, columnBits]),
      );
    }
  });

  it("linear layout and back gives the same layers, with zeros between", () => {
    const linear = toLinear(weights);
    // 4 rows of 8, then 6 rows of 2, then 3 rows of 1.
    assert.equal(linear.length, 32 + 12 + 3);
    assert.equal(linear[8], weights.layers[0]![5]);
    assert.equal(linear[5], 0n);
    assert.equal(linear[34], weights.layers[1]![2]);
    assert.deepEqual(fromLinear(linear, widths), weights);
  });

  it("refuses linear weights of another length or with padding that is not zero", () => {
    const linear = toLinear(weights);
    assert.throws(
      () => fromLinear(linear.subarray(1), widths),
      /46 linear entries, the widths need 47/,
    );
    for (const address of [5, 6, 7, 29]) {
      const changed = linear.slice();
      changed[address] = 1n;
      assert.throws(() => fromLinear(changed, widths), new RegExp(`address ${address} is not 0`));
    }
    assert.throws(() => toLinear({ widths, layers: weights.layers.slice(1) }), RangeError);
  });

  it("exact file: I64 tensors with bias row, metadata, and the same integers back", () => {
    const extreme = { widths: [1, 1], layers: [BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)] };
    const bytes = encodeWeights(extreme, meta);
    assert.deepEqual(decodeWeights(bytes, "f"), { weights: extreme, metadata: meta });
    const { tensors } = decodeSafetensors(encodeWeights(weights, meta), "f");
    assert.deepEqual(tensors.get("layer.1.weight")!.shape, [4, 5]);
    assert.equal(tensors.get("layer.3.weight")!.type, "I64");
  });

  it("float file: F32 values w / 2^R", () => {
    const half = { widths: [1, 1], layers: [BigInt64Array.of(2n ** 31n, -(3n * 2n ** 31n))] };
    const tensor = decodeSafetensors(encodeFloatWeights(half, meta), "f").tensors.get(
      "layer.1.weight",
    )!;
    assert.equal(tensor.type, "F32");
    const view = new DataView(tensor.bytes.buffer, tensor.bytes.byteOffset);
    assert.deepEqual([view.getFloat32(0, true), view.getFloat32(4, true)], [0.5, -1.5]);
  });

  it("refuses files of other formats, missing or surplus tensors and other shapes", () => {
    const bytes = encodeWeights(weights, meta);
    const { metadata, tensors } = decodeSafetensors(bytes, "f");
    const bad = (change: object, map = tensors) =>
      assert.throws(
        () =>
          decodeWeights(
            encodeSafetensors({ metadata: { ...metadata, ...change }, tensors: map }),
            "f",
          ),
        ModelFileError,
        JSON.stringify(change),
      );
    bad({ format: "other" });
    bad({ widths: "3,5,2" });
    bad({ widths: "3,5,2,2" });
    bad({ widths: "3" });
    bad({ widths: "0,5" });
    bad({ R: "57" });
    bad({ R: "1e1" });
    bad({ step: "-1" });
    bad({ step: "01" });
    bad({ runId: "0xab" });
    bad({}, new Map([...tensors].slice(1)));
    bad({}, new Map([...tensors, ["more", tensors.get("layer.3.weight")!]]));
    const floats = new Map(tensors).set("layer.3.weight", {
      ...tensors.get("layer.3.weight")!,
      type: "F64",
    });
    bad({}, floats);
    assert.throws(() => decodeWeights(encodeFloatWeights(weights, meta), "f"), /format/);
  });
});
