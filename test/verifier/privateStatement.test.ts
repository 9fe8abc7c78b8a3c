import assert from "node:assert/strict";
import { shapeOf } from "../../src/protocol/shape.ts";
import { encodeStatement, type Statement } from "../../src/protocol/statement.ts";
import { weightDigest } from "../../src/protocol/weights.ts";
import { verify } from "../../src/verifier/index.ts";
import { GENERATORS, type Toy, toy, type ToyOptions } from "../model/toy.ts";

const options = { generators: GENERATORS };
const base: ToyOptions = { widths: [2, 3, 2], tau: 1, beta: 1, seed: "private", undisclosed: {} };
const honest = toy(base);

const verdictOn = (one: Toy, changes: Partial<Toy> = {}): string => {
  const changed = { ...one, ...changes };
  const verdict = verify(changed.bytes, changed.proof, changed, options);
  return verdict.ok ? "accepted" : verdict.check;
};

describe("verify: statements and commitments of undisclosed weights", () => {
  const changed = (one: Toy, change: Partial<Statement>): Partial<Toy> => ({
    bytes: encodeStatement({ ...one.statement, ...change }),
  });

  it("weights that are missing, or rows in another order, are V2.5", () => {
    const { weightsIn, ...rest } = honest;
    const verdict = verify(rest.bytes, rest.proof, rest, options);
    assert.ok(!verdict.ok);
    assert.equal(verdict.check, "V2.5");
    assert.match(verdict.reason, /missing, a segment of startKind 2/);
    const rows = weightsIn!;
    const other = Uint8Array.from([
      ...rows.slice(64, 128),
      ...rows.slice(0, 64),
      ...rows.slice(128),
    ]);
    assert.equal(verdictOn(honest, { weightsIn: other }), "V2.5");
    const start = weightDigest(honest.statement, other);
    assert.equal(verdictOn(honest, { weightsIn: other, ...changed(honest, { start }) }), "V4");
  });

  it("a row that is no point is V2.5", () => {
    const weightsIn = honest.weightsIn!.with(63, honest.weightsIn![63]! ^ 1);
    const start = weightDigest(honest.statement, weightsIn);
    assert.equal(verdictOn(honest, { weightsIn, ...changed(honest, { start }) }), "V2.5");
  });

  it("a row of W^in that is another's is rejected", () => {
    const one = toy({ ...base, seed: "another" });
    const mixed = Uint8Array.from([...one.weightsIn!.slice(0, 64), ...honest.weightsIn!.slice(64)]);
    const start = weightDigest(honest.statement, mixed);
    assert.equal(verdictOn(honest, { weightsIn: mixed, ...changed(honest, { start }) }), "V4");
  });

  // Of one size, so that a proof of one kind is as long as one of the other.
  const small: ToyOptions = { widths: [1, 1], tau: 1, beta: 1, kappa: 5 };
  const own = toy({ ...small, undisclosed: { w: 16 } });
  const parent = toy(small);
  const child = toy({ after: parent, parameters: { firstStep: 0n, W0: 2n ** 15n } });

  it("a start of one kind is none of the other", () => {
    assert.equal(verdictOn(own), "accepted");
    assert.equal(verdictOn(child), "accepted");
    assert.equal(shapeOf(own.statement).proofBytes, shapeOf(child.statement).proofBytes);
    assert.equal(verdictOn(own, changed(own, { startKind: 1 })), "V4");
    assert.equal(verdictOn(child, changed(child, { startKind: 2 })), "V4");
  });

  it("kinds and bounds that there are not are V1", () => {
    for (const [check, change] of [
      ["V1.24", { startKind: 3 }],
      ["V1.26", { firstStep: 4n }],
      ["V1.29", { W0: own.statement.W0 + 1n }],
      ["V1.29", { W0: own.statement.W0 - 1n }],
      ["V1.30", { W0: own.statement.W0 * 2n }],
      ["V1.30", { W0: 2n ** 71n }],
    ] as const)
      assert.equal(verdictOn(own, changed(own, change)), check);
  });

  it("another bound of the same form is another proof", () => {
    assert.match(verdictOn(own, changed(own, { W0: 2n ** 7n })), /^V(3\.1|4)$/);
    assert.match(verdictOn(own, changed(own, { W0: 2n ** 31n })), /^V(3\.1|4)$/);
  });
});
