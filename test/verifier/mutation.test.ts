import assert from "node:assert/strict";
import { decodeProof, encodeProof, type Proof, proofLayout } from "../../src/protocol/proof.ts";
import { PointList } from "../../src/protocol/pointList.ts";
import type { Point } from "../../src/protocol/points.ts";
import { shapeOf } from "../../src/protocol/shape.ts";
import { encodeStatement, type Statement } from "../../src/protocol/statement.ts";
import { verify } from "../../src/verifier/index.ts";
import { GENERATORS, toy } from "../model/toy.ts";

const options = { generators: GENERATORS };
const first = toy({ widths: [3, 4, 2], tau: 1, beta: 1 });
const toys = {
  "public start": first,
  "committed start": toy({ after: first, seed: "next" }),
  "undisclosed start": toy({ widths: [3, 4, 2], tau: 1, beta: 1, undisclosed: {} }),
};

/** How each statement field is changed, and the check that must notice. */
const statementMutations: Record<keyof Statement, [(s: Statement) => Partial<Statement>, RegExp]> =
  {
    runId: [(s) => ({ runId: flip(s.runId) }), /^V4$/],
    scheduleSeed: [(s) => ({ scheduleSeed: flip(s.scheduleSeed) }), /^V4$/],
    firstStep: [(s) => ({ firstStep: s.firstStep + 2n }), /^V(1\.26|4)$/],
    tau: [(s) => ({ tau: s.tau + 1 }), /^V3\.1$/],
    beta: [(s) => ({ beta: s.beta - 1 }), /^V3\.1$/],
    kappa: [(s) => ({ kappa: s.kappa + 1 }), /^V3\.1$/],
    b: [() => ({ b: 16 }), /^V1\.8$/],
    R: [(s) => ({ R: s.R + 8 }), /^V(1|3\.1)/],
    dv: [(s) => ({ dv: s.dv + 1 }), /^V3\.1$/],
    dg: [(s) => ({ dg: s.dg + 1 }), /^V3\.1$/],
    fA: [(s) => ({ fA: s.fA + 1 }), /^V2\.2$/],
    fG: [(s) => ({ fG: s.fG + 1 }), /^V4$/],
    sigma: [(s) => ({ sigma: s.sigma + 1 }), /^V2\.2$/],
    eta: [(s) => ({ eta: s.eta + 1n }), /^V4$/],
    x0: [(s) => ({ x0: s.x0 + 1 }), /^V2\.2$/],
    y0: [(s) => ({ y0: s.y0 + 1 }), /^V2\.2$/],
    samples: [(s) => ({ samples: s.samples - 1n }), /^V2\.1$/],
    W0: [(s) => ({ W0: s.W0 + 1n }), /^V(1\.29|4)$/],
    startKind: [(s) => ({ startKind: s.startKind === 0 ? 1 : 0 }), /^V(1\.2[68]|3\.1)$/],
    start: [(s) => ({ start: flip(s.start) }), /^V(2\.5|4)$/],
    weightsOut: [(s) => ({ weightsOut: flip(s.weightsOut) }), /^V2\.4$/],
    dataRoot: [(s) => ({ dataRoot: flip(s.dataRoot) }), /^V2\.2$/],
    widths: [() => ({ widths: [3, 3, 2] }), /^V(2\.4|3\.1)$/],
  };

const flip = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, i) => (i === 31 ? byte ^ 1 : byte));

for (const [name, one] of Object.entries(toys)) {
  const shape = shapeOf(one.statement);
  const proof = decodeProof(one.proof, one.statement, shape) as Proof;

  describe(`verify: every field of the statement is bound (${name})`, () => {
    it("accepts the unchanged pair", () => {
      assert.deepEqual(verify(one.bytes, one.proof, one, options), { ok: true });
    });

    it("the manifest has every field", () => {
      assert.deepEqual(Object.keys(statementMutations).sort(), Object.keys(one.statement).sort());
    });

    for (const [field, [change, check]] of Object.entries(statementMutations))
      it(field, () => {
        const changed = encodeStatement({ ...one.statement, ...change(one.statement) });
        assert.notDeepEqual(changed, one.bytes);
        const verdict = verify(changed, one.proof, one, options);
        assert.equal(verdict.ok, false);
        assert.match(verdict.check, check, verdict.reason);
      });

    it("every single byte", () => {
      for (let at = 0; at < one.bytes.length; at++) {
        const changed = Uint8Array.from(one.bytes);
        changed[at]! ^= 1;
        assert.equal(verify(changed, one.proof, one, options).ok, false, `byte ${at}`);
      }
    }).timeout(120_000);
  });

  describe(`verify: every field of the proof is bound (${name})`, () => {
    const layout = proofLayout(one.statement, shape);

    it("the manifest has every field, and decoding what was encoded gives the same", () => {
      assert.deepEqual(layout.map(({ field }) => field).sort(), Object.keys(proof).sort());
      assert.deepEqual(encodeProof(proof), one.proof);
    });

    for (const { field, type, count } of layout)
      it(`${field}: its first, a middle and its last of ${count}`, () => {
        for (const i of new Set([0, Math.floor(count / 2), count - 1])) {
          const list = proof[field];
          const part: readonly (Point | bigint)[] =
            list instanceof PointList ? list.toArray() : list.values;
          const other = type === "P" ? GENERATORS.G(77) : (part[i] as bigint) ^ 1n;
          const changed = part.with(i, other);
          const verdict = verify(
            one.bytes,
            encodeProof({ ...proof, [field]: changed }),
            one,
            options,
          );
          assert.equal(verdict.ok, false, `${field}[${i}]`);
          // z_ρ enter the group equation only
          assert.equal(verdict.check, field === "answerBlindings" ? "V5" : "V4", `${field}[${i}]`);
        }
      });

    it("every hidden value", () => {
      proof.hidden.values.forEach((value, n) => {
        const hidden = proof.hidden.values.with(n, value ^ 1n);
        const verdict = verify(one.bytes, encodeProof({ ...proof, hidden }), one, options);
        assert.equal(verdict.ok, false, `hidden[${n}]`);
      });
    }).timeout(120_000);

    it("two rows of D exchanged, two answers exchanged", () => {
      const exchange = <T>([first, second, ...rest]: readonly T[]): T[] => [
        second!,
        first!,
        ...rest,
      ];
      const rows = exchange(proof.D.toArray());
      const answers = exchange(proof.answerPads.values);
      for (const change of [{ D: rows }, { answerPads: answers }])
        assert.equal(
          verify(one.bytes, encodeProof({ ...proof, ...change }), one, options).ok,
          false,
        );
    });
  });
}
