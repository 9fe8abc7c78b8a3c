import { inverse, mod } from "../../src/protocol/field.ts";
import type { Model } from "./context.ts";
import { eqTable, rounds } from "./dense.ts";
import type { Cheat } from "./sigma.ts";

/** The points of the two trees' leaves. */
export interface LookupPoints {
  readonly tree1: bigint[];
  readonly tree2: bigint[];
}

/** PROTOCOL §10, with every level of both trees in memory. */
export function proveLookup(model: Model, cheat?: Cheat["leaves"]): LookupPoints {
  const { s, shape, committed, prover, columns } = model;
  const { TB, n0, nL, digitRows } = shape;
  const alpha = prover.ask("lookup.alpha");
  const leafP = new Array<bigint>(2 ** shape.d1).fill(0n);
  const leafQ = new Array<bigint>(2 ** shape.d1).fill(1n);
  const leaf = (row: number, c: number, word: bigint): void => {
    leafP[row * TB + c] = 1n;
    leafQ[row * TB + c] = mod(alpha - word);
  };
  committed.D.slice(0, digitRows * TB).forEach((digit, a) => {
    leaf(Math.floor(a / TB), a % TB, digit);
  });
  for (let c = 0; c < TB; c++)
    for (let f = 0; f < n0 + nL; f++) {
      const offset = BigInt(f < n0 ? s.x0 : s.y0);
      leaf(digitRows + f, c, committed.X[c * columns + f]! + offset);
    }
  cheat?.(1, leafP, leafQ, alpha);
  const tree1 = new FractionTree(leafP, leafQ);
  const words = committed.mu.map((_, w) => mod(alpha - BigInt(w)));
  const counts = [...committed.mu];
  cheat?.(2, counts, words, alpha);
  const tree2 = new FractionTree(counts, words);

  const [P1, Q1] = tree1.root();
  const [P2, Q2] = tree2.root();
  const c2 = mod(Q1 * Q2);
  prover.say("lookup.roots", [P1, Q1, P2, Q2, P1 * Q2, c2, inverse(c2)]);
  return { tree1: tree1.prove(model, "tree1"), tree2: tree2.prove(model, "tree2") };
}

/** Levels of a tree of fractions (p, q), level 0 the root. */
class FractionTree {
  readonly #p: bigint[][];
  readonly #q: bigint[][];

  constructor(leafP: bigint[], leafQ: bigint[]) {
    this.#p = [leafP];
    this.#q = [leafQ];
    while (this.#p[0]!.length > 1) {
      const [below, belowQ] = [this.#p[0]!, this.#q[0]!];
      const parent = (f: (left: number, right: number) => bigint): bigint[] =>
        Array.from({ length: below.length / 2 }, (_, a) => mod(f(2 * a, 2 * a + 1)));
      this.#p.unshift(parent((x, y) => below[x]! * belowQ[y]! + below[y]! * belowQ[x]!));
      this.#q.unshift(parent((x, y) => belowQ[x]! * belowQ[y]!));
    }
  }

  root(): [bigint, bigint] {
    return [this.#p[0]![0]!, this.#q[0]![0]!];
  }

  /** From the root to a point of the leaves. */
  prove({ prover }: Model, name: string): bigint[] {
    const half = (table: bigint[], bit: number): bigint[] => table.filter((_, a) => a % 2 === bit);
    let e: bigint[] = [];
    for (let level = 0; level + 1 < this.#p.length; level++) {
      const lambda = prover.ask(`${name}.lambda`);
      const [p, q] = [this.#p[level + 1]!, this.#q[level + 1]!];
      const { point, values } = prover.sumcheck(
        name,
        rounds(level, 3),
        [eqTable(e), half(p, 0), half(p, 1), half(q, 0), half(q, 1)],
        ([w, p0, p1, q0, q1]) => w! * (q1! * (lambda * p0! + q0!) + lambda * p1! * q0!),
      );
      const [, p0, p1, q0, q1] = values as [bigint, bigint, bigint, bigint, bigint];
      prover.say(`${name}.children`, [p0, p1, q0, q1, q1 * (lambda * p0 + q0), p1 * q0]);
      e = [...point, prover.ask(`${name}.child`)];
    }
    return e;
  }
}
