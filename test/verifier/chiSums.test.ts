import assert from "node:assert/strict";
import { encodeScalars, mod, R } from "../../src/protocol/field.ts";
import { ScalarList } from "../../src/protocol/scalarList.ts";
import { engine } from "../../src/protocol/wasm/engine.ts";
import { bigintChiSums, type ChiSums, chiSums, wasmChiSums } from "../../src/verifier/chiSums.ts";
import { chi } from "../../src/verifier/mle.ts";
import { Random } from "../model/random.ts";

const random = new Random("chi sums");
const wasm = wasmChiSums(engine)!;
const EXTREME = [0n, 1n, R - 1n, (R - 1n) / 2n, (R + 1n) / 2n, 2n ** 253n, 2n ** 29n, 2n];
const extreme = (i: number): bigint => EXTREME[i % EXTREME.length]!;
const values = (list: Uint8Array): readonly bigint[] => new ScalarList(list).values;

/** Points with random coordinates, and with those at the ends of the field. */
const pointsOf = (n: number): bigint[][] => [
  Array.from({ length: n }, () => random.scalar()),
  Array.from({ length: n }, (_, k) => extreme(k)),
  Array.from({ length: n }, () => R - 1n),
];

for (const [name, by] of Object.entries<ChiSums>({ wasm, bigintChiSums }))
  describe(`sums over χ: ${name}`, () => {
    it("evaluates a vector of any length at a point", () => {
      for (let n = 0; n <= 6; n++)
        for (const point of pointsOf(n))
          for (let count = 0; count <= 2 ** n; count++) {
            const vector = Array.from({ length: count }, (_, i) =>
              i % 3 === 0 ? extreme(i + count) : random.scalar(),
            );
            const expected = mod(vector.reduce((sum, v, i) => sum + v * chi(i, point), 0n));
            assert.equal(by.evaluate(point, encodeScalars(vector)), expected, `${n} ${count}`);
          }
    });

    it("multiplies any range of one point's weights with any of another's", () => {
      for (const [n, m] of [
        [3, 3],
        [4, 2],
        [1, 5],
        [0, 3],
      ] as const)
        for (const a of pointsOf(n))
          for (const b of pointsOf(m).slice(0, 2))
            for (let count = 0; count <= Math.min(2 ** n, 2 ** m); count++)
              for (let start = 0; start + count <= 2 ** n; start++)
                for (let other = 0; other + count <= 2 ** m; other += 3) {
                  let expected = 0n;
                  for (let i = 0; i < count; i++) expected += chi(start + i, a) * chi(other + i, b);
                  const sum = by.inner({ point: a, start }, { point: b, start: other }, count);
                  assert.equal(sum, mod(expected), `${n} ${m} ${start} ${other} ${count}`);
                }
    });

    it("scales weights by several factors, reduced or not, with their numbers", () => {
      for (const point of pointsOf(5)) {
        const parts = [3n, -1n, 0n, R, random.scalar() * random.scalar()].map(
          (factor, i) => [factor, [32, 1, 17, 0, 31][i]!] as const,
        );
        by.scaled(point, parts).forEach((bytes, k) => {
          const [factor, count] = parts[k]!;
          const expected = Array.from({ length: count }, (_, i) => mod(factor * chi(i, point)));
          assert.deepEqual(values(bytes), expected);
        });
      }
    });

    it("scales scalars", () => {
      const scalars = [...EXTREME, ...Array.from({ length: 100 }, () => random.scalar())];
      for (const factor of [...EXTREME, -1n, R, random.scalar()])
        assert.deepEqual(
          values(by.times(factor, encodeScalars(scalars))),
          scalars.map((value) => mod(factor * value)),
        );
      assert.deepEqual(by.times(5n, new Uint8Array()), new Uint8Array());
    });

    it("refuses indices beyond the cube", () => {
      const point = [5n, 6n];
      const at = (start: number) => ({ point, start });
      assert.throws(() => by.evaluate(point, new Uint8Array(32 * 5)), RangeError);
      assert.throws(() => by.inner(at(0), at(1), 4), RangeError);
      assert.throws(() => by.inner(at(2), at(0), 3), RangeError);
      assert.throws(() => by.scaled(point, [[1n, 5]]), RangeError);
    });
  });

describe("sums over χ: the two agree", () => {
  it("for the sizes of a segment", () => {
    const [x, y] = [pointsOf(13)[0]!, pointsOf(11)[0]!];
    const scalars = encodeScalars(Array.from({ length: 2048 }, () => random.scalar()));
    assert.equal(wasm.evaluate(y, scalars), bigintChiSums.evaluate(y, scalars));
    const ranges = [{ point: x, start: 1234 }, { point: y, start: 57 }, 1901] as const;
    assert.equal(wasm.inner(...ranges), bigintChiSums.inner(...ranges));
    const parts = [4096, 1656, 51].map((count) => [random.scalar(), count] as const);
    assert.deepEqual(wasm.scaled(x, parts), bigintChiSums.scaled(x, parts));
  });

  it("for points of many coordinates, in or beyond 32-bit indices", () => {
    for (const n of [31, 32, 40, 63, 64, 65]) {
      const point = pointsOf(n)[0]!;
      for (const start of [0, 5, 2 ** 31 - 7, 2 ** 31 - 3]) {
        if (start + 7 > 2 ** n) continue;
        const ranges = [{ point, start }, { point: point.slice(0, 9), start: 3 }, 7] as const;
        assert.equal(wasm.inner(...ranges), bigintChiSums.inner(...ranges), `${n} ${start}`);
      }
    }
  });

  it("and bigints serve where there is no engine or no memory", () => {
    class Full {
      exports = { memory: { buffer: new ArrayBuffer(0) }, layout: () => 0 };
    }
    assert.equal(wasmChiSums(undefined), undefined);
    const full = wasmChiSums({ Module: Object, Instance: Full })!;
    const point = [5n, 6n];
    const scalars = encodeScalars([1n, 2n, 3n]);
    assert.equal(full.evaluate(point, scalars), wasm.evaluate(point, scalars));
    const range = { point, start: 1 };
    assert.equal(full.inner(range, range, 3), wasm.inner(range, range, 3));
    assert.deepEqual(full.times(7n, scalars), wasm.times(7n, scalars));
    assert.deepEqual(full.scaled(point, [[7n, 3]]), wasm.scaled(point, [[7n, 3]]));
    assert.ok(chiSums().evaluate(point, scalars) > 0n);
  });
});
