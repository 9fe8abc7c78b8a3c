import assert from "node:assert/strict";
import fc from "fast-check";
import { writeUint256 } from "../../src/protocol/bytes.ts";
import { R } from "../../src/protocol/field.ts";
import { GENERATOR_TABLE_BYTES } from "../../src/protocol/generators.ts";
import { Q } from "../../src/protocol/points.ts";
import { type ProofField, proofLayout } from "../../src/protocol/proof.ts";
import { SampleList } from "../../src/protocol/samples.ts";
import { shapeOf } from "../../src/protocol/shape.ts";
import { encodeStatement, type Statement } from "../../src/protocol/statement.ts";
import { checkStatement } from "../../src/protocol/check.ts";
import { weightDigest } from "../../src/protocol/weights.ts";
import { type Verdict, verify } from "../../src/verifier/index.ts";
import { GENERATORS, toy } from "../model/toy.ts";

const first = toy({ widths: [3, 4, 2], tau: 1, beta: 1 });
const next = toy({ after: first, seed: "next" });
const shape = shapeOf(first.statement);
const options = { generators: GENERATORS };

const rejected = (verdict: Verdict, check: string, reason: RegExp = /./): void => {
  assert.equal(verdict.ok, false);
  assert.equal(verdict.check, check, verdict.reason);
  assert.match(verdict.reason, reason);
};
const verifyProof = (proof: Uint8Array): Verdict => verify(first.bytes, proof, first, options);

/** First byte of each field of the proof. */
const offsets = new Map<ProofField, number>();
let end = 4;
for (const { field, type, count } of proofLayout(first.statement, shape)) {
  offsets.set(field, end);
  end += count * (type === "P" ? 64 : 32);
}

describe("verify: proofs that are no proofs", () => {
  it("every truncation at a border of fields or elements, and of one byte, is V3.1", () => {
    const lengths = new Set([0, 1, 3, 4, 5, first.proof.length - 1, first.proof.length - 32]);
    for (const at of offsets.values()) for (const d of [-1, 0, 1, 31, 32, 64]) lengths.add(at + d);
    for (const length of lengths)
      rejected(verifyProof(first.proof.slice(0, length)), "V3.1", /the statement implies/);
  });

  it("trailing bytes are V3.1", () => {
    for (const extra of [1, 32, 64, 4096]) {
      const longer = new Uint8Array(first.proof.length + extra);
      longer.set(first.proof);
      rejected(verifyProof(longer), "V3.1");
    }
  });

  it("a wrong magic is V3.2", () => {
    for (let at = 0; at < 4; at++)
      rejected(verifyProof(first.proof.with(at, first.proof[at]! ^ 32)), "V3.2", /TPP1/);
  });

  for (const { field, type, count } of proofLayout(first.statement, shape))
    for (const i of new Set([0, count - 1]))
      it(`${field}[${i}] out of its range is V3, naming it`, () => {
        const size = type === "P" ? 64 : 32;
        const at = offsets.get(field)! + size * i;
        const bad = (...values: bigint[]): Uint8Array => {
          const proof = Uint8Array.from(first.proof);
          values.forEach((value, k) => {
            writeUint256(proof, at + 32 * k, value);
          });
          return proof;
        };
        const name = new RegExp(`${field}\\[${i}\\]`);
        if (type === "S") {
          for (const value of [R, R + 1n, 2n ** 256n - 1n])
            rejected(verifyProof(bad(value)), "V3.3", name);
          return;
        }
        const { x, y } = GENERATORS.G(3);
        for (const [values, reason] of [
          [[0n, 0n], /the identity/],
          [[x + Q, y], /not canonical/],
          [[x, y + Q], /not canonical/],
          [[Q, y], /not canonical/],
          [[x, y + 1n], /not on the curve/],
          [[0n, y], /not on the curve/],
          [[1n, 3n], /not on the curve/],
        ] as const) {
          rejected(verifyProof(bad(...values)), "V3.4", name);
          rejected(verifyProof(bad(...values)), "V3.4", reason);
        }
      });
});

describe("verify: commitments that are not the statement's", () => {
  const withSamples = (bytes: Uint8Array): Verdict =>
    verify(first.bytes, first.proof, { ...first, samples: new SampleList(bytes) }, options);
  const list = first.samples.bytes;

  it("a sample list too short, too long, or ragged is V2.1", () => {
    for (const length of [0, 1, 63, 64, list.length - 64, list.length - 1])
      rejected(withSamples(list.slice(0, length)), "V2.1");
    rejected(withSamples(Uint8Array.from([...list, ...list.slice(0, 64)])), "V2.1");
  });

  it("any changed byte, or two samples exchanged, is V2.2", () => {
    for (let at = 0; at < list.length; at += 13)
      rejected(withSamples(list.with(at, list[at]! ^ 1)), "V2.2");
    const exchanged = Uint8Array.from([
      ...list.slice(64, 128),
      ...list.slice(0, 64),
      ...list.slice(128),
    ]);
    rejected(withSamples(exchanged), "V2.2");
  });

  it("an invalid point under the right root is V2.3 where it is used", () => {
    const bad = Uint8Array.from(list).fill(0);
    const samples = new SampleList(bad);
    const { fA, sigma, x0, y0 } = first.statement;
    const dataRoot = samples.root({ features: 3, labels: 2, fA, sigma, x0, y0 });
    const statement = encodeStatement({ ...first.statement, dataRoot });
    rejected(verify(statement, first.proof, { ...first, samples }, options), "V2.3", /identity/);
  });

  it("output weights too short, changed, or with an invalid point are V2.4", () => {
    const withOut = (weightsOut: Uint8Array, statement = first.bytes): Verdict =>
      verify(statement, first.proof, { ...first, weightsOut }, options);
    const out = first.weightsOut;
    rejected(withOut(out.slice(64)), "V2.4", /rows need/);
    rejected(withOut(new Uint8Array()), "V2.4");
    rejected(withOut(out.with(100, out[100]! ^ 1)), "V2.4", /digest/);
    const bad = out.with(63, out[63]! ^ 1);
    const weightsOut = weightDigest(first.statement, bad);
    rejected(
      withOut(bad, encodeStatement({ ...first.statement, weightsOut })),
      "V2.4",
      /weightsOut\[0\]: the point is not on the curve/,
    );
  });

  it("input weights missing, unwanted, changed or invalid are V2.5", () => {
    const { samples, weightsOut } = next;
    const weightsIn = next.weightsIn!;
    rejected(verify(next.bytes, next.proof, { samples, weightsOut }, options), "V2.5", /missing/);
    rejected(
      verify(first.bytes, first.proof, { ...first, weightsIn: first.weightsOut }, options),
      "V2.5",
      /given/,
    );
    const changed = weightsIn.with(5, weightsIn[5]! ^ 1);
    rejected(verify(next.bytes, next.proof, { ...next, weightsIn: changed }, options), "V2.5");
    const statement = encodeStatement({
      ...next.statement,
      start: weightDigest(next.statement, changed),
    });
    rejected(
      verify(statement, next.proof, { ...next, weightsIn: changed }, options),
      "V2.5",
      /the point is/,
    );
  });

  it("generators other than the protocol's are refused", () => {
    rejected(
      verify(first.bytes, first.proof, first, {
        generators: new Uint8Array(GENERATOR_TABLE_BYTES),
      }),
      "setup",
      /digest/,
    );
  });
});

describe("verify: total", () => {
  it("a statement that claims a huge shape costs nothing before its proof has the length", () => {
    const huge: Partial<Statement>[] = [
      { tau: 16, beta: 2 },
      { kappa: 13, widths: [4000, 2 ** 16, 2 ** 15, 4000], tau: 0, beta: 0 },
    ];
    for (const change of huge) {
      const s = { ...first.statement, ...change, startKind: 1 };
      assert.equal(checkStatement(s), undefined);
      const start = process.hrtime.bigint();
      rejected(verify(encodeStatement(s), first.proof, first, options), "V3.1");
      assert.ok(process.hrtime.bigint() - start < 1_000_000_000n);
    }
  });

  const never = (f: () => Verdict): void => {
    assert.equal(f().ok, false);
  };

  it("random statements", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        never(() => verify(bytes, first.proof, first, options));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it("statements with random bytes from some place on", () => {
    fc.assert(
      fc.property(
        fc.nat(first.bytes.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        (at, tail) => {
          const bytes = Uint8Array.from(first.bytes);
          bytes.set(tail.subarray(0, bytes.length - at), at);
          if (Buffer.compare(bytes, first.bytes) === 0) return;
          never(() => verify(bytes, first.proof, first, options));
        },
      ),
      { numRuns: 1000, seed: 2 },
    );
  });

  it("random proofs of the right length and magic, random commitments", () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 200 }), (at, noise) => {
        const proof = Uint8Array.from(first.proof);
        proof.set(noise, 4 + (at % (proof.length - 4 - noise.length)));
        if (Buffer.compare(proof, first.proof) === 0) return;
        never(() => verifyProof(proof));
        const samples = new SampleList(noise);
        never(() => verify(first.bytes, first.proof, { ...first, samples }, options));
        never(() => verify(first.bytes, first.proof, { ...first, weightsOut: noise }, options));
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it("a proof for another statement", () => {
    never(() => verify(first.bytes, next.proof, first, options));
    never(() => verify(next.bytes, first.proof, next, options));
  });
});
