import assert from "node:assert/strict";
import { writeUint256 } from "../../src/protocol/bytes.ts";
import { encodeScalars, R } from "../../src/protocol/field.ts";
import {
  bigintFirstFault,
  type FirstFault,
  PointList,
  readPoints,
  wasmFirstFault,
} from "../../src/protocol/pointList.ts";
import { encodePoints, type Point, Q } from "../../src/protocol/points.ts";
import { canonicalScalars, readScalars, ScalarList } from "../../src/protocol/scalarList.ts";
import { engine } from "../../src/protocol/wasm/engine.ts";
import { Random } from "../model/random.ts";
import { GENERATORS } from "../model/toy.ts";

const random = new Random("lists");
const points = Array.from({ length: 40 }, (_, i) => GENERATORS.G(i));
const numbers = (...values: bigint[]): Uint8Array => {
  const bytes = new Uint8Array(32 * values.length);
  values.forEach((value, i) => writeUint256(bytes, 32 * i, value));
  return bytes;
};
const WHOLE = 2n ** 256n;

/** Numbers at the ends of every range that a reader could confuse. */
const EDGES = [0n, 1n, 2n, 3n, Q - 2n, Q - 1n, Q, Q + 1n, Q + 2n, 2n * Q, 2n * Q + 1n];
EDGES.push(R, R - 1n, 2n ** 253n, 2n ** 254n, 2n ** 255n, WHOLE - 1n, WHOLE - 2n, 5n * Q + 1n);
for (let k = 29n; k < 256n; k += 29n) EDGES.push(2n ** k, 2n ** k - 1n, Q - 2n ** k);

const wasm: FirstFault = wasmFirstFault(engine)!;

for (const [name, by] of Object.entries({ wasm, bigintFirstFault }))
  describe(`points in a list: ${name}`, () => {
    const faultOf = (bytes: Uint8Array) => by(bytes)?.fault;

    it("takes points, whatever their number", () => {
      for (const count of [0, 1, 2, 39, 40])
        assert.equal(by(encodePoints(points.slice(0, count))), undefined, `${count}`);
      const many = Array.from({ length: 3000 }, (_, i) => points[i % 40]!);
      assert.equal(by(encodePoints(many)), undefined);
      assert.equal(by(encodePoints([{ x: 1n, y: 2n }])), undefined);
      assert.equal(by(encodePoints([{ x: 1n, y: Q - 2n }])), undefined);
    });

    it("agrees with the equation at the edges of both coordinates", () => {
      for (const x of EDGES)
        for (const y of EDGES) {
          const bytes = numbers(x, y);
          const canonical = x < Q && y < Q;
          const on = canonical && (y * y - x * x * x - 3n) % Q === 0n;
          assert.equal(by(bytes) === undefined, on, `${x} ${y}`);
          if (!canonical) assert.equal(faultOf(bytes), "not canonical", `${x} ${y}`);
        }
    });

    it("refuses another encoding of a point", () => {
      for (const { x, y } of [{ x: 1n, y: 2n }, ...points]) {
        for (let k = 1n; x + k * Q < WHOLE; k++)
          assert.equal(faultOf(numbers(x + k * Q, y)), "not canonical");
        for (let k = 1n; y + k * Q < WHOLE; k++)
          assert.equal(faultOf(numbers(x, y + k * Q)), "not canonical");
      }
    });

    it("refuses the identity and its other encodings", () => {
      assert.equal(faultOf(numbers(0n, 0n)), "the identity");
      for (const [x, y] of [
        [Q, 0n],
        [0n, Q],
        [Q, Q],
      ] as const)
        assert.equal(faultOf(numbers(x, y)), "not canonical");
    });

    it("refuses each point with one bit changed", () => {
      for (const point of points.slice(0, 4))
        for (let bit = 0; bit < 512; bit++) {
          const bytes = encodePoints([point]);
          bytes[bit >> 3]! ^= 1 << (bit & 7);
          assert.ok(["not canonical", "not on the curve"].includes(faultOf(bytes)!), `${bit}`);
        }
    });

    it("refuses random pairs of numbers", () => {
      for (let i = 0; i < 300; i++)
        assert.equal(faultOf(numbers(random.scalar(), random.scalar())), "not on the curve");
    });

    it("names the first fault, also beyond a thousand points", () => {
      const bytes = encodePoints(Array.from({ length: 3000 }, (_, i) => points[i % 40]!));
      for (const index of [2999, 2048, 2047, 1024, 1023, 700, 0]) {
        bytes[64 * index + 63]! ^= 1;
        assert.deepEqual(by(bytes), { index, fault: "not on the curve" });
      }
    });
  });

describe("lists of points and scalars", () => {
  class Refused {
    constructor() {
      throw new RangeError("forbidden");
    }
  }

  it("have no module where the engine is missing, refuses, or has no memory", () => {
    class Full {
      exports = { memory: { buffer: new ArrayBuffer(0) }, buffer: () => 0 };
    }
    assert.equal(wasmFirstFault(undefined), undefined);
    assert.equal(wasmFirstFault({ ...engine!, Module: Refused }), undefined);
    assert.equal(wasmFirstFault({ Module: Object, Instance: Full }), undefined);
  });

  it("are copies: a change of the bytes after the check changes nothing", () => {
    const bytes = encodePoints(points);
    const list = readPoints(bytes) as PointList;
    bytes.fill(0);
    assert.deepEqual(list.toArray(), points);
    const scalars = encodeScalars([5n, 6n]);
    const read = readScalars(scalars) as ScalarList;
    scalars.fill(255);
    assert.deepEqual(read.values, [5n, 6n]);
  });

  it("give their elements", () => {
    const list = PointList.of(points);
    assert.equal(list.length, 40);
    assert.deepEqual(list.at(7), points[7] as Point);
    const scalars = ScalarList.of([1n, R - 1n, 0n]);
    assert.equal(scalars.length, 3);
    assert.deepEqual(scalars.values, [1n, R - 1n, 0n]);
    assert.deepEqual(scalars.part(1, 2), encodeScalars([R - 1n]));
  });

  it("name the first scalar that is not below r", () => {
    for (const value of EDGES) {
      assert.equal(canonicalScalars(numbers(value)), value < R ? 1 : 0, String(value));
      const read = readScalars(numbers(1n, value, R));
      assert.equal(read, value < R ? 2 : 1, String(value));
    }
    // each word decides
    for (let k = 0n; k < 256n; k += 32n) {
      assert.equal(canonicalScalars(numbers(R + 2n ** k)), 0, `+2^${k}`);
      assert.equal(canonicalScalars(numbers(R - 2n ** k)), 1, `-2^${k}`);
    }
    assert.equal(canonicalScalars(new Uint8Array()), 0);
  });
});
