import assert from "node:assert/strict";
import { inverse, mod } from "../../src/protocol/field.ts";
import { verify } from "../../src/verifier/index.ts";
import { GENERATORS, toy, type ToyOptions } from "../model/toy.ts";

/**
 * Provers that lie so that all constraints hold but one: each is accepted by a verifier without that constraint. Most have a digit out
 * of range, or a count that is not the leaves'.
 */
const base: ToyOptions = { widths: [3, 4, 2], tau: 1, beta: 1, seed: "adaptive" };
const TB = 4;
const features = 6;

const attempt = (change: Pick<ToyOptions, "cheat" | "corruptCommitted" | "tamper">): string => {
  const one = toy({ ...base, ...change });
  const verdict = verify(one.bytes, one.proof, one, { generators: GENERATORS });
  return verdict.ok ? "accepted" : verdict.check;
};

/** A digit of v that is 256 too large, made good in the next. */
const outOfRange: NonNullable<ToyOptions["corruptCommitted"]> = ({ D, mu }) => {
  for (const [kind, by] of [
    [0, 256n],
    [1, -1n],
  ] as const) {
    const address = (kind * features + 1) * TB + 2;
    const digit = D[address]! + by;
    mu[Number(D[address])]! -= 1n;
    if (digit >= 0n && digit < 256n) mu[Number(digit)]! += 1n;
    D[address] = digit;
  }
};
/** What the table lacks, and the words in whose places it is put. */
let extraWords: bigint[] = [];
let extraPlaces: number[] = [];
/** The i-th word that nobody looks up. */
const unused = (mu: readonly bigint[], i: number): number =>
  [...mu.keys()].filter((word) => mu[word] === 0n)[i]!;

/** The roots as the prover found them, and P1 as it would have to be: P1/Q1 = P2/Q2. */
function wantedRoot([P1, Q1, P2, Q2]: readonly bigint[]): { difference: bigint; P1: bigint } {
  const wanted = mod(P2! * Q1! * inverse(mod(Q2!)));
  return { difference: mod(wanted - P1!), P1: wanted };
}
/** Says the wanted P1 and what follows from it, and lets `children` lie at the first level of tree 1. */
function falseRoot(children: (values: bigint[], difference: bigint) => void) {
  let difference = 0n;
  return (label: string, occurrence: number, values: bigint[]): void => {
    if (label === "lookup.roots") {
      const wanted = wantedRoot(values);
      difference = wanted.difference;
      values[0] = wanted.P1;
      values[4] = mod(wanted.P1 * values[3]!);
    }
    if (label === "tree1.children" && occurrence === 0) children(values, difference);
  };
}

describe("verify: lies that keep all constraints of the lookup but one", () => {
  const lies: Record<string, Parameters<typeof attempt>[0]> = {
    "P1·Q2 = c1": {
      corruptCommitted: outOfRange,
      tamper: (label, _, values) => {
        if (label === "lookup.roots") values[4] = mod(values[2]! * values[1]!);
      },
    },
    "P2·Q1 = c1": { corruptCommitted: outOfRange },
    "Q1·Q2 = c2": {
      tamper: (label, _, values) => {
        if (label === "lookup.roots") [values[5], values[6]] = [7n, inverse(7n)];
      },
    },
    "c2·inv = 1": {
      tamper: (label, _, values) => {
        if (label === "lookup.roots") values[6] = 0n;
      },
    },
    "s = q1·(λ·p0 + q0)": {
      corruptCommitted: outOfRange,
      tamper: falseRoot((values, difference) => {
        const [p0, , q0, q1, s] = values as [bigint, bigint, bigint, bigint, bigint];
        const lambda = mod((mod(s) * inverse(mod(q1)) - q0) * inverse(mod(p0)));
        values[4] = mod(s + lambda * difference);
      }),
    },
    "t = p1·q0": {
      corruptCommitted: outOfRange,
      tamper: falseRoot((values, difference) => {
        values[5] = mod(values[5]! + difference);
      }),
    },
    "a node is its children's sum": {
      corruptCommitted: outOfRange,
      tamper: falseRoot(() => undefined),
    },
    "tree 1's numerators are 1": {
      corruptCommitted: outOfRange,
      cheat: {
        leaves: (tree, p, q, alpha) => {
          if (tree === 2) return;
          q.forEach((denominator, a) => {
            if (p[a] === 1n && mod(alpha - denominator) > 255n) p[a] = 0n;
          });
        },
      },
    },
    "tree 2's denominators are the table's": {
      corruptCommitted: (committed, s) => {
        outOfRange(committed, s);
        extraWords = committed.D.filter((digit) => digit < 0n || digit > 255n);
        extraPlaces = extraWords.map((_, i) => unused(committed.mu, i));
        for (const place of extraPlaces) committed.mu[place] = 1n;
      },
      cheat: {
        leaves: (tree, _, q, alpha) => {
          if (tree === 1) return;
          extraPlaces.forEach((place, i) => (q[place] = mod(alpha - extraWords[i]!)));
        },
      },
    },
  };
  for (const [name, change] of Object.entries(lies))
    it(`${name}: without it the proof would be accepted, with it is not`, () => {
      assert.match(attempt(change), /^V[45]$/);
    });
});
