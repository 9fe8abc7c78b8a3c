import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromHex, readUint256, toHex } from "../../src/protocol/bytes.ts";
import {
  add,
  batchInverse,
  encodeScalars,
  inverse,
  mod,
  mul,
  pow,
  R,
  readScalar,
  sub,
} from "../../src/protocol/field.ts";
import { deriveGenerator, type GeneratorFamily } from "../../src/protocol/generators.ts";
import { hash512 } from "../../src/protocol/hash.ts";
import { encodePoints, type Point, readPoint } from "../../src/protocol/points.ts";
import { SampleList } from "../../src/protocol/samples.ts";
import { batchIndices, epochPermutation } from "../../src/protocol/schedule.ts";
import { type Frame, Transcript } from "../../src/protocol/transcript.ts";
import { initialBound, initialWeights, weightDigest } from "../../src/protocol/weights.ts";

const load = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8")) as T;
const scalar = (hex: string): bigint => readUint256(fromHex(hex));
const hex = (value: bigint): string => toHex(encodeScalars([value]));

describe("golden vectors", () => {
  it("field", () => {
    const v = load<{
      pairs: Record<"a" | "b" | "sum" | "difference" | "product", string>[];
      inverses: Record<"a" | "inverse", string>[];
      powers: { a: string; exponent: number; power: string }[];
      integers: { integer: string; scalar: string }[];
      hash512: { message: string; scalar: string }[];
    }>("field");
    for (const { a, b, sum, difference, product } of v.pairs) {
      assert.equal(hex(add(scalar(a), scalar(b))), sum);
      assert.equal(hex(sub(scalar(a), scalar(b))), difference);
      assert.equal(hex(mul(scalar(a), scalar(b))), product);
    }
    const values = v.inverses.map(({ a }) => scalar(a));
    assert.deepEqual(
      batchInverse(values).map(hex),
      v.inverses.map((one) => one.inverse),
    );
    for (const { a, inverse: expected } of v.inverses) {
      assert.equal(hex(inverse(scalar(a))), expected);
      assert.equal(mul(scalar(a), scalar(expected)), 1n);
    }
    for (const { a, exponent, power } of v.powers)
      assert.equal(hex(pow(scalar(a), BigInt(exponent))), power);
    for (const { integer, scalar: expected } of v.integers)
      assert.equal(hex(mod(BigInt(integer))), expected);
    for (const { message, scalar: expected } of v.hash512)
      assert.equal(hex(mod(hash512(fromHex(message)))), expected);
  });

  it("generators", () => {
    const v = load<{ points: { family: GeneratorFamily; index: number; point: string }[] }>(
      "generators",
    );
    for (const { family, index, point } of v.points)
      assert.equal(toHex(encodePoints([deriveGenerator(family, index)])), point);
  });

  it("transcript", () => {
    interface Absorb {
      absorb: string;
      type: "B" | "U" | "S" | "P";
      payload: string;
    }
    interface Challenge {
      challenge: string;
      scalars: string[];
    }
    const v = load<{ steps: (Absorb | Challenge)[]; frames: Frame[] }>("transcript");
    const frames: Frame[] = [];
    const transcript = new Transcript((frame) => frames.push(frame));
    for (const step of v.steps) {
      if ("challenge" in step) {
        const { challenge, scalars } = step;
        assert.deepEqual(transcript.challenge(challenge, scalars.length).map(hex), scalars);
        continue;
      }
      const { absorb, type, payload } = step;
      const bytes = fromHex(payload);
      const parts = (size: number): Uint8Array[] =>
        Array.from({ length: bytes.length / size }, (_, i) =>
          bytes.slice(size * i, size * (i + 1)),
        );
      if (type === "B") transcript.absorbBytes(absorb, bytes);
      if (type === "U")
        transcript.absorbU64s(
          absorb,
          parts(8).map((part) => BigInt(`0x${toHex(part)}`)),
        );
      if (type === "S")
        transcript.absorbScalars(
          absorb,
          parts(32).map((p) => readScalar(p)!),
        );
      if (type === "P")
        transcript.absorbPoints(
          absorb,
          parts(64).map((p) => readPoint(p) as Point),
        );
    }
    assert.deepEqual(frames, v.frames);
  });

  it("schedule", () => {
    interface Vector {
      scheduleSeed: string;
      samples: number;
      tau: number;
      beta: number;
      firstStep: number;
      epoch0: number[];
      indices: number[];
    }
    for (const v of load<Vector[]>("schedule")) {
      const scheduleSeed = fromHex(v.scheduleSeed);
      const permute = epochPermutation(scheduleSeed, 0n, v.samples);
      assert.deepEqual(
        v.epoch0.map((_, q) => permute(q)),
        v.epoch0,
      );
      const parameters = {
        ...v,
        scheduleSeed,
        samples: BigInt(v.samples),
        firstStep: BigInt(v.firstStep),
      };
      assert.deepEqual([...batchIndices(parameters)], v.indices);
    }
  });

  it("initial weights", () => {
    interface Vector {
      seed: string;
      R: number;
      layer: number;
      inputs: number;
      outputs: number;
      bound: string;
      first: string[];
      sum: string;
    }
    for (const v of load<Vector[]>("weights")) {
      const all = initialWeights(fromHex(v.seed), v.R, v);
      assert.equal(String(initialBound(v.R, v.inputs)), v.bound);
      assert.deepEqual(Array.from(all.subarray(0, v.first.length), String), v.first);
      assert.equal(String(all.reduce((sum, weight) => sum + weight, 0n)), v.sum);
    }
  });

  it("data roots and weight digests", () => {
    const v = load<{
      dataRoots: {
        features: number;
        labels: number;
        fA: number;
        sigma: number;
        x0: number;
        y0: number;
        list: string;
        dataRoot: string;
      }[];
      weightDigests: { widths: number[]; R: number; kappa: number; rows: string; digest: string }[];
    }>("commitments");
    for (const one of v.dataRoots)
      assert.equal(toHex(new SampleList(fromHex(one.list)).root(one)), one.dataRoot);
    for (const one of v.weightDigests)
      assert.equal(toHex(weightDigest(one, fromHex(one.rows))), one.digest);
  });
});

describe("encodings", () => {
  it("a scalar is below r, a point canonical, on the curve and not the identity", () => {
    assert.equal(readScalar(fromHex(R.toString(16).padStart(64, "0"))), undefined);
    assert.equal(readScalar(encodeScalars([R - 1n])), R - 1n);
    assert.equal(readPoint(new Uint8Array(64)), "the identity");
    assert.equal(readPoint(new Uint8Array(64).fill(255)), "not canonical");
    assert.equal(readPoint(new Uint8Array(64).fill(1)), "not on the curve");
  });

  it("hexadecimal is read strictly", () => {
    assert.deepEqual(fromHex("0x0aFf"), Uint8Array.of(10, 255));
    for (const text of ["0", "0x0", "zz", "0x 1", "aa\n"])
      assert.throws(() => fromHex(text), RangeError);
  });

  it("zero has no inverse", () => {
    assert.throws(() => inverse(0n), RangeError);
    assert.throws(() => batchInverse([1n, 0n]), RangeError);
  });
});
