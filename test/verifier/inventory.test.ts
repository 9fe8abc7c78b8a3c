import assert from "node:assert/strict";
import { log2c } from "../../src/protocol/field.ts";
import type { Frame } from "../../src/protocol/transcript.ts";
import { type Shape, shapeOf } from "../../src/protocol/shape.ts";
import type { Statement } from "../../src/protocol/statement.ts";
import { verify } from "../../src/verifier/index.ts";
import { GENERATORS, toy } from "../model/toy.ts";

/** PROTOCOL §20's table, written out: the frames of a statement in order, as "label type count". */
function inventory(s: Statement, statementBytes: number): string[] {
  const shape = shapeOf(s);
  const { TB, rows, J, K, L, omega } = shape;
  const committed = s.startKind === 1 || s.startKind === 2;
  const list: string[] = [];
  const frame = (label: string, type: string, count: number): void => {
    if (type !== "C" || count > 0) list.push(`${label} ${type}${count}`);
  };
  const rounds = (name: string, count: number, degree: number): void => {
    for (let k = 0; k < count; k++) {
      frame(`${name}.round`, "S", degree);
      frame(`${name}.r`, "C", 1);
    }
  };
  frame("version", "B", 12);
  frame("statement", "B", statementBytes);
  frame("generators", "B", 32);
  frame("samples", "P", TB);
  if (committed) frame("weights.in", "P", rows.W);
  frame("weights.out", "P", rows.W);
  frame("D", "P", rows.D);
  frame("M", "P", rows.M);
  frame("mu", "P", rows.mu);
  frame("K", "P", 1);
  frame("lookup.alpha", "C", 1);
  frame("lookup.roots", "S", 7);
  const [Lambda, rangeRows] = s.startKind === 2 ? undisclosed(s, shape) : [0, 0];
  const U = shape.kinds * shape.features + rangeRows;
  const d1 = omega + log2c(U + s.widths[0]! + s.widths.at(-1)!);
  for (const [name, depth] of [
    ["tree1", d1],
    ["tree2", s.b],
  ] as const)
    for (let level = 0; level < depth; level++) {
      frame(`${name}.lambda`, "C", 1);
      rounds(name, level, 3);
      frame(`${name}.children`, "S", 6);
      frame(`${name}.child`, "C", 1);
    }
  frame("forward.point", "C", s.tau + s.beta + J);
  frame("forward.lambda", "C", 1);
  frame("forward.sum", "S", 1);
  rounds("forward", K, 2);
  rounds("forward", s.tau, 3);
  frame("forward.values", "S", 3 * L);
  if (L > 1) {
    frame("backward.point", "C", s.tau + s.beta + J);
    frame("backward.lambda", "C", 1);
    frame("backward.sum", "S", 1);
    rounds("backward", J, 2);
    rounds("backward", s.tau, 3);
    frame("backward.values", "S", 3 * L - 3);
  }
  frame("update.point", "C", K + J + Lambda);
  frame("update.delta", "C", 1);
  frame("update.weights", "S", committed ? 2 : 1);
  rounds("update", s.beta, 2);
  rounds("update", s.tau, 3);
  frame("update.values", "S", 9 * L - 3);
  const variables = log2c(shape.features) + omega;
  frame("zkrelu.epsilon", "C", 2);
  frame("zkrelu.omega", "C", variables);
  frame("zkrelu.labels", "S", 1);
  rounds("zkrelu", variables, 3);
  frame("zkrelu.values", "S", L > 1 ? 6 : 4);
  frame("opening.xi", "C", 1);
  rounds("opening", shape.openingBits, 2);
  frame("opening.values", "S", committed ? 6 : 5);
  frame("opening.lambda", "C", 3);
  frame("sigma.masks", "P", 2);
  frame("sigma.form", "S", 1);
  frame("sigma.cross", "P", 2);
  frame("sigma.x", "C", 1);
  frame("sigma.answer", "S", 2 ** s.kappa + shape.hiddenValues + 3);
  frame("sigma.psi", "C", 1);
  return list;
}

/** Λ and d_w·N_w of PROTOCOL §5. */
function undisclosed(s: Statement, { weightEntries, TB }: Shape): [number, number] {
  let w = 1;
  while (2n ** BigInt(w - 1) < s.W0) w++;
  return [log2c(weightEntries), (w / s.b) * Math.ceil(weightEntries / TB)];
}

describe("verify: the transcript's inventory is PROTOCOL §20's", () => {
  for (const [widths, tau, beta] of [
    [[1, 1], 0, 0],
    [[3, 2], 1, 1],
    [[2, 3, 2], 0, 1],
    [[3, 1, 4, 2], 2, 0],
  ] as const)
    it(`widths ${widths.join("-")}, tau ${tau}, beta ${beta}, all starts`, () => {
      const first = toy({ widths, tau, beta });
      for (const one of [
        first,
        toy({ after: first }),
        toy({ widths, tau, beta, undisclosed: {} }),
      ]) {
        const frames: string[] = [];
        const onFrame = ({ label, type, count }: Frame): unknown =>
          frames.push(`${label} ${type}${count}`);
        verify(one.bytes, one.proof, one, { generators: GENERATORS, onFrame });
        assert.deepEqual(frames, inventory(one.statement, one.bytes.length));
      }
    });
});
