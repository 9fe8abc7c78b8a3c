import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bfloat16ToNumber,
  decodeStartWeights,
  differenceFrom,
  encodeFloatWeights,
  encodeSafetensors,
  encodeWeights,
  fileWidths,
  halfToNumber,
  ModelFileError,
  type Tensor,
  type Weights,
} from "../../src/model/index.ts";
import { throughType } from "../../src/model/floatTensor.ts";
import { toWeight } from "../../src/model/quantise.ts";

describe("weights to start from", () => {
  const R = 8;
  const f32 = (shape: number[], values: number[]): Tensor => ({
    type: "F32",
    shape,
    bytes: new Uint8Array(Float32Array.from(values).buffer),
  });
  const file = (tensors: Record<string, Tensor>) =>
    encodeSafetensors({ metadata: {}, tensors: new Map(Object.entries(tensors)) });
  /** 2 → 3 → 1, as torch.nn.Sequential(Linear, ReLU, Linear) saves it, in units of 2^-8. */
  const unit = (values: number[]) => values.map((value) => value / 256);
  const net = {
    "net.0.bias": f32([3], unit([7, 8, 9])),
    "net.0.weight": f32([3, 2], unit([1, 2, 3, 4, 5, 6])),
    "net.2.bias": f32([1], unit([-40])),
    "net.2.weight": f32([1, 3], unit([10, 20, 30])),
  };
  const widths = [2, 3, 1];
  const exact = [
    [1n, 3n, 5n, 2n, 4n, 6n, 7n, 8n, 9n],
    [10n, 20n, 30n, -40n],
  ];
  const load = (tensors: Record<string, Tensor>, options = {}) =>
    decodeStartWeights(file(tensors), "m.safetensors", { widths, R, ...options }).layers.map(
      (layer) => [...layer],
    );
  const refuse = (tensors: Record<string, Tensor>, pattern: RegExp, options = {}) =>
    assert.throws(
      () => load(tensors, options),
      (e) => e instanceof ModelFileError && pattern.test(e.message),
      String(pattern),
    );

  it("transposes [out, in] weights and puts the bias last", () => {
    assert.deepEqual(load(net), exact);
  });

  it("tells the network's widths by numbers, by how shapes follow on each other, or by names", () => {
    const widthsOf = (tensors: Record<string, Tensor>, names?: string[]) =>
      fileWidths(file(tensors), "m.safetensors", names);
    assert.deepEqual(widthsOf(net), widths);
    const zero = (outputs: number, inputs: number) =>
      f32([outputs, inputs], new Array<number>(inputs * outputs).fill(0));
    const named = { "out.weight": zero(1, 3), "in.weight": zero(4, 2), "mid.weight": zero(3, 4) };
    assert.deepEqual(widthsOf(named), [2, 4, 3, 1]);
    const alike = { "b.weight": zero(2, 2), "a.weight": zero(2, 2) };
    assert.throws(() => widthsOf(alike), /neither in names nor in shapes/);
    assert.deepEqual(widthsOf(alike, ["a", "b"]), [2, 2, 2]);
    assert.throws(
      () => widthsOf(named, ["in", "out"]),
      /out\.weight is of shape \[1, 3\]; a layer of 4 inputs/,
    );
    assert.throws(() => widthsOf(named, ["in", "gone"]), /gone\.weight is missing/);
    const weights: Weights = { widths, layers: exact.map((layer) => BigInt64Array.from(layer)) };
    for (const encode of [encodeWeights, encodeFloatWeights]) {
      const bytes = encode(weights, { R, step: 0, runId: `0x${"00".repeat(32)}` });
      assert.deepEqual(fileWidths(bytes, "w"), widths);
    }
  });

  it("orders modules by their number, not by their text", () => {
    const many = Object.fromEntries(
      [0, 2, 10].flatMap((at, i) => [
        [`net.${at}.weight`, f32([1, 1], unit([i + 1]))],
        [`net.${at}.bias`, f32([1], unit([0]))],
      ]),
    );
    assert.deepEqual(load(many, { widths: [1, 1, 1, 1] }), [
      [1n, 0n],
      [2n, 0n],
      [3n, 0n],
    ]);
  });

  it("orders other names by shape, or as the plan names them", () => {
    const named = {
      "out.weight": net["net.2.weight"],
      "out.bias": net["net.2.bias"],
      "hidden.weight": net["net.0.weight"],
      "hidden.bias": net["net.0.bias"],
    };
    assert.deepEqual(load(named), exact);
    const names = ["hidden", "out"];
    assert.deepEqual(load({ ...named, "norm.scale": f32([1], [1]) }, { names }), exact);
  });

  it("takes a missing bias as 0", () => {
    const rest = Object.fromEntries(Object.entries(net).filter(([name]) => name !== "net.2.bias"));
    assert.deepEqual(load(rest), [exact[0], [10n, 20n, 30n, 0n]]);
  });

  it("asks for names where the order is not certain, and where the file has other tensors", () => {
    const square = (names: string[]) =>
      Object.fromEntries(names.map((name) => [`${name}.weight`, f32([1, 1], [0])]));
    refuse(square(["a", "b"]), /order of the layers.*names".*a\.weight, b\.weight/, {
      widths: [1, 1, 1],
    });
    refuse({ ...net, "norm.scale": f32([1], [1]) }, /other tensors \(norm\.scale\).*names/);
    refuse(square(["a"]), /1 weights; the widths need 2 linear layers/);
  });

  it("refuses names that are too few, twice, or absent", () => {
    refuse(net, /1 names for a network of 2 layers/, { names: ["net.0"] });
    refuse(net, /2 names/, { names: ["net.0", "net.0"] });
    refuse(net, /"net\.1\.weight" is missing; the plan's widths need \[1, 3\]/, {
      names: ["net.0", "net.1"],
    });
  });

  it("refuses other shapes and says which the widths need", () => {
    refuse(net, /"net\.0\.weight" is of shape \[3, 2\].*need \[4, 2\]/, { widths: [2, 4, 1] });
    refuse({ ...net, "net.0.bias": f32([2], [0, 0]) }, /"net\.0\.bias" is of shape \[2\]/);
    refuse({ ...net, "net.0.weight": f32([2, 3], [1, 2, 3, 4, 5, 6]) }, /of shape \[2, 3\]/);
  });

  it("refuses integers, NaN and infinities, and names place and tensor but no value", () => {
    const ints: Tensor = { type: "I32", shape: [1], bytes: new Uint8Array(4) };
    refuse(
      { ...net, "net.2.bias": ints },
      /"net\.2\.bias" is I32; weights are F64, F32, F16 or BF16/,
    );
    for (const bad of [NaN, Infinity, -Infinity])
      refuse(
        { ...net, "net.2.weight": f32([1, 3], [0, bad, 0]) },
        /"net\.2\.weight", entry 1: not a finite/,
      );
  });

  it("refuses what does not fit in 64 bits, without showing it", () => {
    const large = { ...net, "net.0.weight": f32([3, 2], [0, 0, 0, 2 ** 55, 0, 0]) };
    refuse(
      large,
      /layer 1, input 1, output 1: with R = 8 .*more than 64 bits\. Lower fixedPoint\.R/,
    );
    assert.throws(
      () => load(large),
      (e: Error) => !e.message.includes(String(2 ** 55)),
    );
    refuse({ ...net, "net.2.bias": f32([1], [2 ** 60]) }, /layer 2, bias, output 0/);
    const least = { ...net, "net.2.bias": f32([1], [-(2 ** 55)]) };
    assert.equal(load(least)[1]![3], -(2n ** 63n));
  });

  it("rounds to the nearest integer, half up, for any double", () => {
    assert.deepEqual(
      [0.5, -0.5, 1.5, -1.5, 0.49999999999999994, 2 ** 51 + 0.5].map((v) => toWeight(v, 0)),
      [1n, 0n, 2n, -1n, 0n, 2n ** 51n + 1n],
    );
    fc.assert(
      fc.property(fc.double({ min: -1e5, max: 1e5, noNaN: true }), fc.nat(40), (value, bits) => {
        // In units of 2^-1100, every double is an integer.
        const big = toInteger(value, 1100);
        const shift = 1100n - BigInt(bits);
        assert.equal(toWeight(value, bits), (big + (1n << (shift - 1n))) >> shift);
      }),
    );
  });

  /** value · 2^bits, for a bits that leaves no fraction. */
  const toInteger = (value: number, bits: number): bigint => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    const raw = view.getBigUint64(0);
    const exponent = Number((raw >> 52n) & 2047n);
    const fraction = (raw & ((1n << 52n) - 1n)) | (exponent === 0 ? 0n : 1n << 52n);
    const size = fraction << BigInt(Math.max(exponent, 1) - 1075 + bits);
    return raw >> 63n ? -size : size;
  };

  it("rounds to half precision and bfloat16 as their own numbers lie: nearest, ties to even", () => {
    const toHalf = (value: number) => throughType(value, "F16");
    const toBfloat = (value: number) => throughType(value, "BF16");
    for (const [through, read] of [
      [toHalf, halfToNumber],
      [toBfloat, bfloat16ToNumber],
    ] as const)
      for (let bits = 0; bits < 0x7b00; bits += 7) {
        const [low, high] = [read(bits), read(bits + 1)];
        assert.equal(through(low), low, `${bits}`);
        assert.equal(through((low + high) / 2), bits % 2 === 0 ? low : high, `${bits}, between`);
        assert.equal(through(-high), -high);
      }
  });

  const trained: Weights = { widths, layers: exact.map((layer) => BigInt64Array.from(layer)) };
  const meta = { R, step: 1, runId: `0x${"00".repeat(32)}` };

  it("reads what a run wrote: exact integers as they are, float32 rounded", () => {
    for (const encode of [encodeWeights, encodeFloatWeights]) {
      const got = decodeStartWeights(encode(trained, meta), "w", { widths, R });
      assert.deepEqual(got.layers, trained.layers);
    }
  });

  it("refuses exact integers of other widths or fraction bits", () => {
    const bytes = encodeWeights(trained, meta);
    for (const fit of [
      { widths, R: 16 },
      { widths: [2, 3, 2], R },
    ])
      assert.throws(() => decodeStartWeights(bytes, "w", fit), /exact weights of 2-3-1 with R = 8/);
    const floats = encodeFloatWeights(trained, meta);
    assert.throws(() => decodeStartWeights(floats, "w", { widths: [2, 3, 2], R }), ModelFileError);
  });

  it("finds a file equal to exact weights in its own type, and the first entry that is not", () => {
    const large: Weights = {
      widths: [1, 1],
      layers: [BigInt64Array.from([123456789012345n, -987654321n])],
    };
    const at32 = large.layers[0]!;
    const floats = [...at32].map((w) => Number(w) / 2 ** 32);
    const fit = { widths: [1, 1], R: 32 };
    const differs = (weight: Tensor, bias: Tensor) =>
      differenceFrom(file({ "l.weight": weight, "l.bias": bias }), "f", fit, large);
    const f64 = (value: number): Tensor => ({
      type: "F64",
      shape: [1],
      bytes: new Uint8Array(Float64Array.of(value).buffer),
    });
    const [w, b] = floats as [number, number];
    assert.equal(differs(f32([1, 1], [w]), f32([1], [b])), undefined);
    assert.equal(differs({ ...f64(w), shape: [1, 1] }, f64(b)), undefined);
    assert.deepEqual(differs(f32([1, 1], [w * (1 + 2 ** -22)]), f32([1], [b])), {
      layer: 1,
      entry: 0,
    });
    // A float32 that stands in a F64 tensor has lost digits.
    assert.deepEqual(differs({ ...f64(w), shape: [1, 1] }, f64(Math.fround(b))), {
      layer: 1,
      entry: 1,
    });
    const own = { ...fit, names: undefined };
    const exactFile = encodeWeights(large, { ...meta, R: 32 });
    assert.equal(differenceFrom(exactFile, "f", { widths: own.widths, R: 32 }, large), undefined);
    const other = { ...large, layers: [BigInt64Array.from([123456789012345n, -987654322n])] };
    assert.deepEqual(differenceFrom(exactFile, "f", { widths: own.widths, R: 32 }, other), {
      layer: 1,
      entry: 1,
    });
  });
});
