import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromHex, toHex } from "../../src/protocol/bytes.ts";
import { checkStatement, weightBound } from "../../src/protocol/check.ts";
import { ProtocolError } from "../../src/protocol/errors.ts";
import { shapeOf } from "../../src/protocol/shape.ts";
import {
  decodeStatement,
  encodeStatement,
  type Statement,
  statementDigest,
} from "../../src/protocol/statement.ts";

interface Vector {
  bytes: string;
  digest: string;
  weightBound: string;
  shape: unknown;
}
const vectors = JSON.parse(
  readFileSync(new URL("../vectors/statement.json", import.meta.url), "utf8"),
) as Vector[];

const base: Statement = { ...decodeStatement(fromHex(vectors[0]!.bytes)), firstStep: 0n };

describe("statement bytes", () => {
  it("decode and encode to themselves, with the vectors' digest, bound and shape", () => {
    for (const vector of vectors) {
      const bytes = fromHex(vector.bytes);
      const statement = decodeStatement(bytes);
      assert.equal(toHex(encodeStatement(statement)), vector.bytes);
      assert.equal(toHex(statementDigest(bytes)), vector.digest);
      assert.equal(String(weightBound(statement)), vector.weightBound);
      assert.deepEqual(shapeOf(statement), vector.shape);
    }
  });

  it("every field survives the round trip", () => {
    const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
    const all: Statement = {
      runId: bytes(1),
      scheduleSeed: bytes(2),
      firstStep: 2n ** 64n - 1n,
      tau: 3,
      beta: 4,
      kappa: 5,
      b: 6,
      R: 7,
      dv: 8,
      dg: 9,
      fA: 10,
      fG: 11,
      sigma: 12,
      eta: 2n ** 63n,
      x0: 2 ** 32 - 1,
      y0: 13,
      samples: 2n ** 40n,
      W0: 2n ** 256n - 1n,
      startKind: 255,
      start: bytes(14),
      weightsOut: bytes(15),
      dataRoot: bytes(16),
      widths: [17, 18, 2 ** 32 - 1],
    };
    assert.deepEqual(decodeStatement(encodeStatement(all)), all);
  });

  it("what was read does not share memory with the bytes", () => {
    const bytes = Buffer.from(encodeStatement(base));
    const statement = decodeStatement(bytes);
    bytes.fill(0);
    assert.deepEqual(statement, base);
  });

  it("a value that does not fit its field is refused", () => {
    for (const change of [
      { tau: 256 },
      { tau: -1 },
      { x0: 2 ** 32 },
      { firstStep: 2n ** 64n },
      { W0: 2n ** 256n },
      { W0: -1n },
      { runId: new Uint8Array(31) },
      { widths: [1, 2 ** 32] },
    ])
      assert.throws(() => encodeStatement({ ...base, ...change }), RangeError);
  });

  it("every truncation, a longer one, and a wrong magic are V1.1", () => {
    const bytes = encodeStatement(base);
    const refused = (changed: Uint8Array): void => {
      assert.throws(
        () => decodeStatement(changed),
        (error) => error instanceof ProtocolError && error.check === "V1.1",
      );
    };
    for (let length = 0; length < bytes.length; length++) refused(bytes.slice(0, length));
    refused(Uint8Array.from([...bytes, 0]));
    for (let at = 0; at < 4; at++) refused(bytes.with(at, bytes[at]! ^ 1));
  });
});

const undisclosed = { startKind: 2, W0: 2n ** 31n };
/** The base with digits of 8 bits. */
const bytewise = { b: 8, dv: 4, dg: 4, sigma: 7 };

/** For each rule of V1: statements just outside it, and what the reason must name. */
const broken: [check: string, reason: RegExp, ...changes: Partial<Statement>[]][] = [
  ["V1.2", /^statement: L = /, { widths: [3] }, { widths: new Array<number>(66).fill(1) }],
  ["V1.3", /n_1 = 0/, { widths: [784, 0, 10] }],
  ["V1.3", /n_0 = 1048577/, { widths: [2 ** 20 + 1, 1, 10] }],
  ["V1.4", /b = 12/, { b: 12 }],
  ["V1.4", /b = 0/, { b: 0 }],
  ["V1.5", /R = 0/, { R: 0 }],
  ["V1.5", /R = 64/, { R: 64 }],
  ["V1.6", /R = 24 is no multiple of b = 16/, { R: 24 }],
  ["V1.7", /dv = 0/, { dv: 0 }],
  ["V1.7", /dv = 3 is not in 1 … 2/, { dv: 3 }],
  ["V1.8", /dg = 0/, { dg: 0 }],
  ["V1.8", /dg = 3 is not in 1 … 2/, { dg: 3 }],
  ["V1.9", /fG = 41/, { fG: 41 }],
  ["V1.10", /fA = 17 is not in 0 … 16 \(fG\)/, { fA: 17 }],
  ["V1.11", /sigma = 16/, { sigma: 16, fG: 20 }],
  ["V1.11", /sigma = 8/, { sigma: 8, fG: 7, fA: 7 }],
  ["V1.12", /eta is 0/, { eta: 0n }],
  ["V1.13", /x0 = 65536/, { x0: 65536 }],
  ["V1.14", /y0 = 65536/, { y0: 65536 }],
  ["V1.15", /kappa = 14/, { kappa: 14 }],
  ["V1.16", /n_0 \+ n_L = 794 is not in 2 … 512 \(2\^kappa\)/, { kappa: 9 }],
  ["V1.17", /tau = 17/, { tau: 17, beta: 0 }],
  ["V1.18", /beta = 17/, { tau: 0, beta: 17, samples: 2n ** 20n }],
  ["V1.19", /tau \+ beta = 25/, { tau: 16, beta: 9 }],
  ["V1.20", /samples = 63 is not in 64 … /, { samples: 63n }],
  ["V1.20", /samples = 4294967297/, { samples: 2n ** 32n + 1n }],
  ["V1.21", /firstStep \+ T/, { firstStep: 2n ** 40n - 63n }],
  ["V1.22", /depth of the lookup/, { tau: 16, beta: 8, widths: [784, 4000, 4000, 10] }],
  ["V1.23", /\|W\|/, { widths: [2, 2 ** 17, 2 ** 17, 2] }],
  ["V1.24", /startKind = (3|255) is not in 0 … 2/, { startKind: 3 }, { startKind: 255 }],
  ["V1.26", /startKind 0 needs firstStep 0/, { startKind: 0, firstStep: 1n }],
  ["V1.26", /startKind 2 needs firstStep 0, not 64/, { ...undisclosed, firstStep: 64n }],
  ["V1.27", /wrap/, { W0: 2n ** 250n }],
  ["V1.27", /wrap/, { eta: 2n ** 63n, beta: 6, fG: 40, fA: 0, sigma: 0, tau: 8, W0: 2n ** 200n }],
  ["V1.28", /W0 = 1 is below/, { startKind: 0, W0: 1n }],
  [
    "V1.29",
    /W0 = \d+ is no power of two/,
    { ...undisclosed, W0: 0n },
    { ...undisclosed, W0: 2n ** 31n - 1n },
    { ...undisclosed, W0: 2n ** 31n + 1n },
    { ...undisclosed, W0: 3n * 2n ** 30n },
  ],
  [
    "V1.30",
    /W0 = 2\^\d+, but .* a multiple of b up to 64/,
    ...[0n, 7n, 14n, 16n, 23n, 30n, 32n, 64n, 79n].map((e) => ({ ...undisclosed, W0: 2n ** e })),
  ],
  ["V1.30", /w = 72 bits in digits of b = 8/, { ...bytewise, ...undisclosed, W0: 2n ** 71n }],
];

describe("V1: the rules of a statement", () => {
  it("accepts what is in range", () => {
    assert.equal(checkStatement(base), undefined);
    for (const change of [
      { widths: [1, 1] },
      { fA: 0, fG: 0, sigma: 0 },
      { samples: 64n },
      { samples: 2n ** 32n },
      { firstStep: 2n ** 40n - 64n },
      { kappa: 13 },
      { x0: 65535, y0: 65535 },
      { startKind: 0 },
      { startKind: 1, W0: 0n }, // only initial weights have a least bound
      ...[15n, 31n, 47n, 63n].map((e) => ({ ...undisclosed, W0: 2n ** e })),
      { ...bytewise, ...undisclosed, W0: 2n ** 7n },
      { ...bytewise, ...undisclosed, W0: 2n ** 55n },
    ])
      assert.equal(checkStatement({ ...base, ...change }), undefined);
  });

  for (const [check, reason, ...changes] of broken)
    it(`${check}: ${reason.source}`, () => {
      for (const change of changes) {
        const fault = checkStatement({ ...base, ...change });
        assert.equal(fault?.check, check, fault?.reason);
        assert.match(fault.reason, reason);
      }
    });

  it("every rule has a test", () => {
    // V1.25, N ≤ 4096, follows from the rules before it: L = 64, depths 36 and 16, tau = beta = 16,
    // J = 20, K = 21, o = 37 would give N = 3980.
    const numbers = new Set([...broken.map(([check]) => Number(check.slice(3))), 25]);
    assert.deepEqual(
      [...numbers].sort((a, b) => a - b),
      Array.from({ length: 29 }, (_, i) => i + 2),
    );
  });

  it("the weight bound is W0 + η·B·A·Γ·T, whichever terms of A and Γ are the greatest", () => {
    const growth = (change: Partial<Statement>): bigint => {
      const s = { ...base, tau: 1, beta: 2, eta: 3n, W0: 5n, ...change };
      assert.equal(checkStatement(s), undefined);
      return (weightBound(s) - 5n) / (3n * 4n * 2n);
    };
    // A = 2^fA; Γ by labels and outputs
    const fine = { b: 16, dv: 1, dg: 1, fA: 20, fG: 20, sigma: 8 };
    assert.equal(growth(fine), 2n ** 20n * (2n ** 16n + 2n ** (20n - 8n + 16n)));
    // Γ = 2^(b·dg − 1)
    const steep = { b: 8, dv: 1, dg: 4, fA: 8, fG: 8, sigma: 7 };
    assert.equal(growth(steep), 2n ** 8n * 2n ** 31n);
    // A = 2^(b·dv)
    const wide = { b: 8, dv: 4, dg: 1, fA: 2, fG: 3, sigma: 1 };
    assert.equal(growth(wide), 2n ** 32n * (2n ** (1n + 32n) + 2n ** (3n - 1n + 8n)));
  });

  it("V1.28 takes the bound of the layer with the fewest inputs, wherever it is", () => {
    for (const widths of [
      [3, 50, 2],
      [50, 3, 2],
      [50, 3, 50, 2],
    ]) {
      const s = { ...base, startKind: 0, widths };
      const exact = 92681n; // ⌊√(6·2^32 / 3)⌋
      assert.equal(checkStatement({ ...s, W0: exact }), undefined);
      assert.equal(checkStatement({ ...s, W0: exact - 1n })?.check, "V1.28");
    }
  });

  it("V1.27 and V1.28 are exact", () => {
    // (785)·W·max(A, Γ) < r/2 with W = W0 + the growth of the weights
    const growth = weightBound({ ...base, W0: 0n });
    const widest = { ...base, W0: 0n };
    let [low, high] = [0n, 2n ** 254n];
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (checkStatement({ ...widest, W0: middle }) === undefined) low = middle;
      else high = middle;
    }
    const A = 2n ** 32n;
    const gamma = 2n ** (8n + 32n) + 2n ** (8n + 16n);
    const half =
      21888242871839275222246405745257275088548364400416034343698204186575808495617n / 2n;
    const most = A > gamma ? A : gamma;
    assert.ok(785n * (low + growth) * most <= half && 785n * (low + 1n + growth) * most > half);
    const start = { ...base, startKind: 0 };
    const exact = 14188n; // ⌊√(6·2^32 / 128)⌋, the narrower layer's bound
    assert.equal(checkStatement({ ...start, W0: exact })?.check, undefined);
    assert.equal(checkStatement({ ...start, W0: exact - 1n })?.check, "V1.28");
  });
});
