import assert from "node:assert/strict";
import { decodeProof, type Proof } from "../../src/protocol/proof.ts";
import { shapeOf } from "../../src/protocol/shape.ts";
import { Transcript } from "../../src/protocol/transcript.ts";
import { Ledger } from "../../src/verifier/ledger.ts";
import { backward } from "../../src/verifier/relations/backward.ts";
import { forward } from "../../src/verifier/relations/forward.ts";
import { lookup } from "../../src/verifier/relations/lookup.ts";
import { opening } from "../../src/verifier/relations/opening.ts";
import { update } from "../../src/verifier/relations/update.ts";
import { zkrelu } from "../../src/verifier/relations/zkrelu.ts";
import { toy, type ToyOptions } from "../model/toy.ts";

/** The number of affine and of product constraints after each relation. */
function count(
  widths: number[],
  start: Pick<ToyOptions, "undisclosed">,
): { relation: string; zeros: number; products: number }[] {
  const one = toy({ widths, tau: 1, beta: 0, ...start });
  const shape = shapeOf(one.statement);
  const proof = decodeProof(one.proof, one.statement, shape) as Proof;
  const transcript = new Transcript();
  const ledger = new Ledger(proof.hidden, transcript);
  const ctx = { statement: one.statement, shape, transcript, ledger };
  const list: ReturnType<typeof count> = [];
  const after = <T>(relation: string, result: T): T => {
    list.push({ relation, zeros: ledger.zeros.length, products: ledger.products.length });
    return result;
  };
  const lkp = after("lookup", lookup(ctx));
  const fwd = after("forward", forward(ctx));
  const bwd = after("backward", backward(ctx));
  const upd = after("update", update(ctx, fwd, bwd));
  const zkr = after("zkrelu", zkrelu(ctx, fwd, bwd, upd));
  after("opening", opening(ctx, { lookup: lkp, forward: fwd, update: upd, zkrelu: zkr }));
  assert.equal(ledger.said, shape.hiddenValues);
  for (const { terms } of ledger.zeros) assert.ok(terms.size > 0, "a constraint on nothing");
  return list;
}

describe("constraints: each relation makes those of its section, and no fewer", () => {
  for (const widths of [
    [3, 2],
    [2, 3, 2],
    [2, 1, 3, 2],
  ])
    for (const start of [{}, { undisclosed: {} }])
      it(`widths ${widths.join("-")}, ${start.undisclosed ? "an undisclosed" : "a public"} start`, () => {
        const L = widths.length - 1;
        const { d1 } = shapeOf(toy({ widths, tau: 1, beta: 0, ...start }).statement);
        let [zeros, products] = [d1 + 8 + 2, 4 + 2 * (d1 + 8)];
        const expected = [{ relation: "lookup", zeros, products }];
        for (const [relation, more, moreProducts] of [
          ["forward", 1, L],
          ["backward", L > 1 ? 1 : 0, L - 1],
          ["update", 1, 3 * L - 1],
          ["zkrelu", 1, 1],
          ["opening", 1, 0],
        ] as const) {
          zeros += more;
          products += moreProducts;
          expected.push({ relation, zeros, products });
        }
        assert.deepEqual(count(widths, start), expected);
      });
});
