import assert from "node:assert/strict";
import { pippenger } from "@noble/curves/abstract/curve.js";
import { bn254 } from "@noble/curves/bn254.js";
import { add, R } from "../../src/protocol/field.ts";
import { type Point, Q } from "../../src/protocol/points.ts";
import { msm } from "../../src/verifier/msm.ts";
import { Random } from "../model/random.ts";
import { GENERATORS } from "../model/toy.ts";

const random = new Random("msm");

/** What noble's own implementation gives. */
function expected(points: Point[], scalars: bigint[]): Point | undefined {
  const G1 = bn254.G1.Point;
  const sum = pippenger(
    G1,
    points.map((point) => G1.fromAffine(point)),
    scalars,
  );
  return sum.is0() ? undefined : sum.toAffine();
}

const negative = ({ x, y }: Point): Point => ({ x, y: Q - y });

describe("msm", () => {
  it("agrees with noble's for random, small and extreme scalars and repeated points", () => {
    for (const count of [1, 2, 3, 7, 20, 100, 700]) {
      const points = Array.from({ length: count }, (_, i) => {
        const point = GENERATORS.G(i % 5 === 0 ? 0 : i);
        return i % 7 === 3 ? negative(point) : point;
      });
      const scalars = points.map((_, i) => {
        if (i % 3 === 0) return BigInt(random.integer(0, 40));
        return i % 11 === 1 ? R - BigInt(random.integer(1, 40)) : random.scalar();
      });
      assert.deepEqual(msm({ points, scalars }), expected(points, scalars), `${count} points`);
    }
  });

  it("agrees with noble's where all terms fall into one bucket", () => {
    for (const scalar of [1n, 4n, 5n, R - 1n, R - 4n, (R - 1n) / 2n, 2n ** 253n]) {
      const points = [0, 1, 1, 2, 2, 2, 3, 1].map((i) => GENERATORS.G(i));
      points.push(negative(points[1]!), negative(points[2]!));
      const scalars = points.map(() => scalar);
      assert.deepEqual(msm({ points, scalars }), expected(points, scalars), String(scalar));
    }
  });

  const points = Array.from({ length: 40 }, (_, i) => GENERATORS.G(i));

  it("is linear, and the identity is undefined", () => {
    const a = points.map(() => random.scalar());
    const b = points.map((_, i) => (i % 3 === 0 ? 0n : random.scalar()));
    const left = msm({ points, scalars: a.map((x, i) => add(x, b[i]!)) })!;
    const [A, B] = [msm({ points, scalars: a })!, msm({ points, scalars: b })!];
    assert.deepEqual(msm({ points: [A, B], scalars: [1n, 1n] }), left);
    assert.equal(msm({ points: [A, B, left], scalars: [1n, 1n, R - 1n] }), undefined);
    assert.equal(msm({ points: [], scalars: [] }), undefined);
    assert.equal(msm({ points, scalars: points.map(() => 0n) }), undefined);
  });

  it("agrees with repeated addition on small and repeated terms", () => {
    const P = GENERATORS.H;
    const five = msm({ points: [P], scalars: [5n] });
    assert.deepEqual(msm({ points: [P, P, P], scalars: [1n, 1n, 3n] }), five);
    assert.deepEqual(msm({ points: [P, P], scalars: [6n, R - 1n] }), five);
    assert.equal(msm({ points: [P, P], scalars: [7n, R - 7n] }), undefined);
  });

  it("takes the extremes of scalars", () => {
    const P = GENERATORS.G(9);
    assert.deepEqual(msm({ points: [P], scalars: [1n] }), P);
    const minus = msm({ points: [P], scalars: [R - 1n] })!;
    assert.equal(minus.x, P.x);
    assert.equal(msm({ points: [P, minus], scalars: [1n, 1n] }), undefined);
  });
});
