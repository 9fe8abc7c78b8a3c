import assert from "node:assert/strict";
import fc from "fast-check";
import { add, mod, mul, R, sub } from "../../src/protocol/field.ts";
import {
  chi,
  chiPrefix,
  chiRange,
  eq,
  eqPrefix,
  eqShifted,
  inner,
  lagrange,
  lessThan,
  powers,
} from "../../src/verifier/mle.ts";
import { chi as vertexWeight, eqTable } from "../model/dense.ts";
import { Random } from "../model/random.ts";

const random = new Random("mle");
const pointOf = (n: number): bigint[] => Array.from({ length: n }, () => random.scalar());
const sum = (values: readonly bigint[]): bigint => values.reduce(add, 0n);

describe("multilinear extensions", () => {
  it("chiRange gives the vertices' weights of any range", () => {
    for (const n of [0, 1, 2, 5]) {
      const point = pointOf(n);
      for (let start = 0; start < 2 ** n; start++)
        for (let count = 0; start + count <= 2 ** n; count++)
          assert.deepEqual(
            chiRange(point, start, count),
            Array.from({ length: count }, (_, i) => vertexWeight(point, start + i)),
          );
    }
    assert.throws(() => chiRange([1n], 1, 2), RangeError);
  });

  it("chi takes indices beyond 2^32", () => {
    const point = pointOf(36);
    assert.equal(chi(2 ** 35 + 3, point), vertexWeight(point, 2 ** 35 + 3));
  });

  it("chiPrefix and eqPrefix are sums over the first indices", () => {
    for (const n of [0, 1, 3, 4]) {
      const [p, q] = [pointOf(n), pointOf(n)];
      const [P, Q] = [eqTable(p), eqTable(q)];
      for (let count = 0; count <= 2 ** n; count++) {
        assert.equal(chiPrefix(count, p), sum(P.slice(0, count)));
        assert.equal(eqPrefix(count, p, q), inner(P.slice(0, count), Q.slice(0, count)));
      }
      assert.equal(eq(p, q), inner(P, Q));
    }
    assert.throws(() => chiPrefix(5, [1n, 1n]), RangeError);
  });

  it("a shorter point stands for indices with zeros in their upper bits", () => {
    const [short, long] = [pointOf(2), pointOf(4)];
    const [S, Lg] = [eqTable(short), eqTable(long)];
    assert.equal(eq(short, long), inner(S, Lg.slice(0, 4)));
    for (let count = 0; count <= 4; count++)
      assert.equal(eqPrefix(count, long, short), inner(S.slice(0, count), Lg));
  });

  describe("eqShifted", () => {
    /** By its definition, index by index. */
    const slow = (count: number, a: bigint[], b: bigint[], shift: number): bigint =>
      sum(
        Array.from({ length: count }, (_, i) =>
          mul(vertexWeight(a, i), vertexWeight(b, shift + i)),
        ),
      );

    it("is the sum of shifted products for every count and shift of small cubes", () => {
      for (const [n, m] of [
        [0, 0],
        [0, 2],
        [1, 3],
        [2, 2],
        [3, 2],
        [3, 4],
      ] as const) {
        const [a, b] = [pointOf(n), pointOf(m)];
        for (let count = 0; count <= Math.min(2 ** n, 2 ** m); count++)
          for (let shift = 0; shift + count <= 2 ** m; shift++)
            assert.equal(eqShifted(count, a, b, shift), slow(count, a, b, shift));
      }
    });

    it("is that sum for ragged counts and shifts across borders of larger cubes", () => {
      fc.assert(
        fc.property(fc.nat(7), fc.nat(3), fc.nat(), fc.nat(), (n, more, x, y) => {
          const [a, b] = [pointOf(n), pointOf(n + more)];
          const count = x % (2 ** n + 1);
          const shift = y % (2 ** (n + more) - count + 1);
          assert.equal(eqShifted(count, a, b, shift), slow(count, a, b, shift));
        }),
        { numRuns: 300, seed: 5 },
      );
    });

    it("is eqPrefix without a shift, and takes indices beyond 2^32 in no time", () => {
      const [a, b] = [pointOf(34), pointOf(37)];
      assert.equal(eqShifted(2 ** 33 + 5, a, b, 0), eqPrefix(2 ** 33 + 5, a, b));
      // Σ over [0, n) is Σ over [0, h) and over [h, n): the second half by its upper coordinate alone
      const half = 2 ** 33;
      const whole = eqShifted(half + 7, a, b, half);
      const second = mul(a[0]!, eqShifted(7, a.slice(1), b, 2 * half));
      const first = mul(sub(1n, a[0]!), eqShifted(half, a.slice(1), b, half));
      assert.equal(whole, add(first, second));
    });

    it("refuses indices beyond the cubes", () => {
      assert.throws(() => eqShifted(3, [1n], [1n, 1n], 0), RangeError);
      assert.throws(() => eqShifted(2, [1n], [1n, 1n], 3), RangeError);
    });
  });

  it("lessThan sums over later times", () => {
    for (const n of [0, 1, 2, 4]) {
      const [a, b] = [pointOf(n), pointOf(n)];
      const [A, B] = [eqTable(a), eqTable(b)];
      const expected = sum(A.map((x, t) => mul(x, sum(B.slice(t + 1)))));
      assert.equal(lessThan(a, b), expected);
    }
  });

  it("lagrange interpolates polynomials of degrees 1 to 3", () => {
    for (const degree of [1, 2, 3]) {
      const coefficients = pointOf(degree + 1);
      const at = (x: bigint): bigint => coefficients.reduce((value, c) => mod(value * x + c), 0n);
      for (const r of [0n, 1n, 2n, 3n, R - 1n, random.scalar()]) {
        const values = Array.from({ length: degree + 1 }, (_, i) => at(BigInt(i)));
        assert.equal(inner(lagrange(degree, r), values), at(r));
      }
    }
  });

  it("powers start with the first", () => {
    assert.deepEqual(powers(3n, 4), [3n, 9n, 27n, 81n]);
    assert.deepEqual(powers(3n, 0), []);
  });
});
