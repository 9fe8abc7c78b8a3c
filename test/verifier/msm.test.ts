import assert from "node:assert/strict";
import { add, encodeScalars, inverse, pow, R } from "../../src/protocol/field.ts";
import { encodePoints, type Point, Q } from "../../src/protocol/points.ts";
import { engine } from "../../src/protocol/wasm/engine.ts";
import * as byBytes from "../../src/verifier/msm.ts";
import { msmModule } from "../../src/verifier/wasm/msmModule.ts";
import { msmPairModule } from "../../src/verifier/wasm/msmPairModule.ts";
import { Random } from "../model/random.ts";
import { GENERATORS } from "../model/toy.ts";

const random = new Random("msm");
const modules = { "relaxed vectors": msmPairModule, "no vectors": msmModule };

type Msm = (terms: { points: readonly Point[]; scalars: readonly bigint[] }) => Point | undefined;
const ofLists =
  (by: byBytes.Msm): Msm =>
  ({ points, scalars }) =>
    by({ points: encodePoints(points), scalars: encodeScalars(scalars) });
const { wasmMsm } = byBytes;
const wasm = (module: string): Msm => ofLists(wasmMsm(engine, module)!);
const [msm, nobleMsm] = [ofLists(byBytes.msm), ofLists(byBytes.nobleMsm)];

const negative = ({ x, y }: Point): Point => ({ x, y: Q - y });
const points = Array.from({ length: 40 }, (_, i) => GENERATORS.G(i));

/** The i-th of any number of points that are cheap to make: ±G, with repetitions. */
const mixed = (i: number): Point => {
  const point = GENERATORS.G(i % 5 === 0 ? 0 : i % 701);
  return i % 7 === 3 ? negative(point) : point;
};

/** Its form in 2^255 is q/2, where a reduced number changes its sign. */
const middleOfMontgomery = (((Q - 1n) / 2n) * inverse(2n ** 255n, Q)) % Q;

/**
 * Abscissae whose differences two by two, a = x_(2i+1) − x_(2i) in the vector module's form, multiply to
 * −1.0026·q in it, before it is reduced: found by search, each of nearly all differences of ±q.
 */
const beyondField = [
  0x147574a8301dadb0393d814fa22ad353f7ff671209cdac04c8403ef3cf87a70an,
  0x283d4bfc78c3f52e185d086c870b4f04a566d03333a8d70a6020a1ee5cefed23n,
  0x29f38f1a60143d4a7baf944cbd21bdbf21fb60e13213f92259ce8d860171e6aen,
  0xe4a1909e58050b7c5c559cfaa16c955377c550c30d3d3e305cfa31355efdc00n,
  0x2b806bd0caa09d4fdfa65262c7cc955b8f1979e9aaf1136d6d7ff0ca76fcc85fn,
  0x19e1c221da8d10799082c9be68973c5a978241d47e4355ef67840c3bad838309n,
  0x1330c8a0372f6231e5d0c64601409d2d9c35d96601052af86ec0fad236b9ea1cn,
  0x1f671680ef45fdf3dace4f01ec8f3fb06bf875aabeace9602d136a65bc33f2c8n,
  0x19805bb9597eb20a3800321ed438c8b232bfaa2a7d6f53f8a2236018870562cn,
  0x6e6ebdf372a2149b70ff9d920ed649ba34212128a5e950e827ef225d2448575n,
  0x2caa1fefa190f8bf35e662812b3c4404bd545018948248c7ee0c0c813454a49cn,
  0x20cd40065661dc025681572ef982184359262c96424d22021dd91e45cdb53077n,
  0x2038f31aee395233c70eddb48391ef2eb8ae09713d48b6d10fe441a686f985ben,
  0x30375c83ea1cf58c274627daa4dbec337ce0780306dfd6fa06d7ece2980d0578n,
  0x1b4d6d6062106ef910c7e93fcf25c2a870f7433a8b145d9e6217abbd6fe86c31n,
  0x283d4bfc78c3f52e185d086c870b4f04a566d03333a8d70a6020a1ee5cefed23n,
  0x105b961d62b0d205ba4fdb1f76d3f151c3d1606f2698d150176b5189c00784b3n,
  0x16393f231b56383b81b09affc7b98545a62a1e1a39266141ee09adcf868117a7n,
  0x229b3c66320a4bb05db7df385b2930e79eccb1914956fe08800b0713a0d26b4an,
  0x283d4bfc78c3f52e185d086c870b4f04a566d03333a8d70a6020a1ee5cefed23n,
];
const onCurve = (x: bigint): Point => ({ x, y: pow((x * x * x + 3n) % Q, (Q + 1n) / 4n, Q) });

for (const [name, module] of Object.entries(modules))
  describe(`msm by WebAssembly, ${name}`, () => {
    const by = wasm(module);
    const agree = (terms: { points: Point[]; scalars: bigint[] }, label: string): void =>
      assert.deepEqual(by(terms), nobleMsm(terms), label);

    it("agrees with noble's for random, small and extreme scalars and repeated points", () => {
      for (const count of [...Array.from({ length: 40 }, (_, i) => i + 1), 100, 700, 3000]) {
        const points = Array.from({ length: count }, (_, i) => mixed(i));
        const scalars = points.map((_, i) => {
          if (i % 3 === 0) return BigInt(random.integer(0, 40));
          return i % 11 === 1 ? R - BigInt(random.integer(1, 40)) : random.scalar();
        });
        agree({ points, scalars }, `${count} points`);
      }
    });

    it("agrees with noble's for 3000 random terms", () => {
      const points = Array.from({ length: 3000 }, (_, i) => GENERATORS.G(i % 701));
      agree({ points, scalars: points.map(() => random.scalar()) }, "random");
    });

    it("agrees with noble's where all terms fall into one bucket", () => {
      const points = [0, 1, 1, 2, 2, 2, 3, 1].map((i) => GENERATORS.G(i));
      points.push(negative(points[1]!), negative(points[2]!));
      for (const scalar of [1n, 4n, 5n, R - 1n, R - 4n, (R - 1n) / 2n, 2n ** 253n])
        agree({ points, scalars: points.map(() => scalar) }, String(scalar));
    });

    it("agrees with noble's for each power of two and its negative", () => {
      for (let k = 0n; k < 254n; k++)
        for (const scalar of [2n ** k, 2n ** k - 1n, R - 2n ** k])
          if (scalar < R)
            agree({ points: [points[0]!, points[1]!], scalars: [scalar, 1n] }, `${k}`);
    });

    it("agrees with noble's where all points and all scalars are equal", () => {
      for (const count of [2, 3, 8, 31, 32, 33, 700])
        for (const scalar of [0n, 1n, 16n, 17n, R - 1n, R - 2n ** 40n, random.scalar()]) {
          const all = Array.from({ length: count }, () => points[7]!);
          agree({ points: all, scalars: all.map(() => scalar) }, `${count} times ${scalar}`);
        }
    });

    it("agrees with noble's where terms cancel, all or all but one", () => {
      for (const count of [1, 2, 5, 40]) {
        const some = points.slice(0, count);
        const scalars = some.map(() => random.scalar());
        const all = [...some, ...some.map(negative)];
        assert.equal(by({ points: all, scalars: [...scalars, ...scalars] }), undefined);
        const opposite = scalars.map((scalar) => R - scalar);
        assert.equal(
          by({ points: [...some, ...some], scalars: [...scalars, ...opposite] }),
          undefined,
        );
        const rest = { points: [...all, points[0]!], scalars: [...scalars, ...scalars, R - 1n] };
        assert.deepEqual(by(rest), negative(points[0]!));
      }
    });

    it("refuses scalars that are not below r, and a scalar too few", () => {
      const P = points[0]!;
      for (const scalar of [R, R + 1n, 2n ** 254n, 2n ** 256n - 1n])
        assert.throws(() => by({ points: [P], scalars: [scalar] }), RangeError);
      assert.throws(() => by({ points: [P, P], scalars: [1n] }), RangeError);
      assert.throws(() => by({ points: [P, P], scalars: [1n, R] }), /scalar 1 is not below r/);
    });

    it("keeps nothing of an earlier call, larger or smaller", () => {
      const terms = { points: [points[0]!, points[1]!], scalars: [3n, R - 5n] };
      const before = by(terms);
      agree({ points, scalars: points.map(() => random.scalar()) }, "between");
      assert.deepEqual(by(terms), before);
    });

    it("agrees with noble's where many terms are equal or opposite in pairs, windows apart", () => {
      for (const count of [6, 64, 500]) {
        const some = Array.from({ length: count }, (_, i) => points[(i >> 1) % 3]!);
        some.forEach((point, i) => i % 4 === 1 && (some[i] = negative(point)));
        const shift = (i: number): bigint => 2n ** BigInt(3 * (i % 60));
        agree({ points: some, scalars: some.map((_, i) => shift(i)) }, `${count} shifts`);
        agree({ points: some, scalars: some.map(() => 12345n) }, `${count} equal scalars`);
      }
    });

    it("agrees with noble's for points with coordinates at the ends and in the middle of the field", () => {
      const extreme: Point[] = [{ x: 1n, y: 2n }];
      for (const from of [0n, Q / 2n - 40n, Q - 80n, middleOfMontgomery - 40n])
        for (let x = from; x < from + 80n && x < Q; x++) {
          const square = (x * x * x + 3n) % Q;
          const y = pow(square, (Q + 1n) / 4n, Q);
          if ((y * y) % Q === square) extreme.push({ x, y }, { x, y: Q - y });
        }
      assert.ok(extreme.length > 100);
      const weights = extreme.map((_, i) => BigInt(1 + (i % 4)));
      agree({ points: extreme, scalars: weights }, "small scalars");
      agree({ points: extreme, scalars: extreme.map(() => random.scalar()) }, "random scalars");
      const twice = [...extreme, ...extreme];
      agree({ points: twice, scalars: twice.map(() => 7n) }, "twice");
    });

    it("agrees with noble's where a product of differences is as large as it can be", () => {
      // A round's additions take the vector's lanes in turn: each pair twice is the same in both.
      const pairs = beyondField.flatMap((_, i) =>
        i % 2 === 0 ? [i, i + 1, i, i + 1].map((k) => onCurve(beyondField[k]!)) : [],
      );
      agree({ points: pairs, scalars: pairs.map(() => 1n) }, "both lanes");
    });
  });

describe("msm without WebAssembly", () => {
  class Refused {
    constructor() {
      throw new RangeError("forbidden");
    }
  }

  it("has no module where the engine is missing or refuses to compile or to instantiate", () => {
    assert.equal(wasmMsm(undefined, msmModule), undefined);
    assert.equal(wasmMsm({ ...engine!, Module: Refused }, msmModule), undefined);
    const refuses = { Module: engine!.Module, Instance: Refused as never };
    assert.equal(wasmMsm(refuses, msmModule), undefined);
  });

  it("has no module of relaxed vectors where the engine rounds twice", () => {
    class Unfused {
      exports = { fused: () => 0 };
    }
    assert.equal(wasmMsm({ Module: Object, Instance: Unfused }, msmPairModule), undefined);
  });

  it("takes noble's where there is no memory for the terms", () => {
    class Full {
      exports = { memory: { buffer: new ArrayBuffer(0) }, layout: () => 0, fused: () => 1 };
    }
    const full = ofLists(wasmMsm({ Module: Object, Instance: Full }, msmModule)!);
    const terms = { points, scalars: points.map(() => random.scalar()) };
    assert.deepEqual(full(terms), nobleMsm(terms));
  });
});

const all = { msm, pair: wasm(msmPairModule), one: wasm(msmModule), nobleMsm };
for (const [name, by] of Object.entries(all))
  describe(`msm: ${name}`, () => {
    it("is linear, and the identity is undefined", () => {
      const a = points.map(() => random.scalar());
      const b = points.map((_, i) => (i % 3 === 0 ? 0n : random.scalar()));
      const left = by({ points, scalars: a.map((x, i) => add(x, b[i]!)) })!;
      const [A, B] = [by({ points, scalars: a })!, by({ points, scalars: b })!];
      assert.deepEqual(by({ points: [A, B], scalars: [1n, 1n] }), left);
      assert.equal(by({ points: [A, B, left], scalars: [1n, 1n, R - 1n] }), undefined);
      assert.equal(by({ points: [], scalars: [] }), undefined);
      assert.equal(by({ points, scalars: points.map(() => 0n) }), undefined);
    });

    it("agrees with repeated addition on small and repeated terms", () => {
      const P = GENERATORS.H;
      const five = by({ points: [P], scalars: [5n] });
      assert.deepEqual(by({ points: [P, P, P], scalars: [1n, 1n, 3n] }), five);
      assert.deepEqual(by({ points: [P, P], scalars: [6n, R - 1n] }), five);
      assert.equal(by({ points: [P, P], scalars: [7n, R - 7n] }), undefined);
    });

    it("takes the extremes of scalars", () => {
      const P = GENERATORS.G(9);
      assert.deepEqual(by({ points: [P], scalars: [1n] }), P);
      const minus = by({ points: [P], scalars: [R - 1n] })!;
      assert.deepEqual(minus, negative(P));
      assert.equal(by({ points: [P, minus], scalars: [1n, 1n] }), undefined);
    });
  });
