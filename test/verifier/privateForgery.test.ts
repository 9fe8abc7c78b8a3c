import assert from "node:assert/strict";
import { shapeOf } from "../../src/protocol/shape.ts";
import { verify } from "../../src/verifier/index.ts";
import type { OpeningClaim } from "../model/opening.ts";
import { digitsOf, paddingOf, setDigit, setPadding, setStartDigits } from "../model/startDigits.ts";
import { GENERATORS, toy, type ToyOptions } from "../model/toy.ts";
import { type Committed, startDigitAddress } from "../model/training.ts";

const options = { generators: GENERATORS };
// TB = 8 does not divide |W| = 20.
const base: ToyOptions = { widths: [2, 3, 2], tau: 1, beta: 2, seed: "private", undisclosed: {} };
const honest = toy(base);
const shape = shapeOf(honest.statement);
const end = honest.statement.W0;
const [padding] = paddingOf(honest.statement) as [number];

type Change = Pick<ToyOptions, "cheat" | "corruptCommitted" | "undisclosed">;
type Corrupt = NonNullable<ToyOptions["corruptCommitted"]>;

const attempt = (change: Change): string => {
  const one = toy({ ...base, ...change });
  const verdict = verify(one.bytes, one.proof, one, options);
  return verdict.ok ? "accepted" : verdict.check;
};
/** Weight a is `value`, all others are small. */
const startWith = (a: number, value: bigint): NonNullable<ToyOptions["undisclosed"]> => ({
  weight: (address) => (address === a ? value : BigInt(address)),
});

/** The last opening claim, with its weights changed on one matrix: 13, the range of W^in. */
const alterRange =
  (matrix: "D" | "WIn", alter: (weight: bigint) => bigint) =>
  (claims: OpeningClaim[]): void => {
    const range = claims.pop()!;
    claims.push((add) => {
      range((name, address, weight) => {
        add(name, address, name === matrix ? alter(weight) : weight);
      });
    });
  };
const dropRange = (claims: OpeningClaim[]): void => void claims.pop();

describe("verify: undisclosed weights and digits that do not bear out their range", () => {
  it("the honest proof is accepted", () => {
    assert.equal(attempt({}), "accepted");
  });

  const forgeries: Record<string, Change> = {
    "a lowest digit out of range, made good in the next": {
      corruptCommitted: (committed, s) => {
        const [low, high] = digitsOf(s, committed.WIn[2]!) as [bigint, bigint];
        setStartDigits(committed, s, 2, [low + 256n, high - 1n]);
      },
    },
    "a lowest digit below zero, made good in the next": {
      corruptCommitted: (committed, s) => {
        const [low, high] = digitsOf(s, committed.WIn[2]!) as [bigint, bigint];
        setStartDigits(committed, s, 2, [low - 256n, high + 1n]);
      },
    },
    "digits in range that are another weight's": {
      corruptCommitted: (committed, s) => {
        setStartDigits(committed, s, 2, digitsOf(s, committed.WIn[2]! + 1n));
      },
    },
    "the last weight's digits another weight's": {
      corruptCommitted: (committed, s) => {
        const a = shape.weightEntries - 1;
        setStartDigits(committed, s, a, digitsOf(s, committed.WIn[a]! ^ 1n));
      },
    },
    "two weights' digits exchanged": {
      corruptCommitted: (committed, s) => {
        setStartDigits(committed, s, 1, digitsOf(s, committed.WIn[2]!));
        setStartDigits(committed, s, 2, digitsOf(s, committed.WIn[1]!));
      },
    },
    "digits of the weights without 2^(w−1)": {
      undisclosed: { weight: BigInt },
      corruptCommitted: (committed, s) => {
        committed.WIn.forEach((weight, a) => {
          setStartDigits(committed, s, a, digitsOf(s, weight - s.W0));
        });
      },
    },
    "digits in the order of the weights, not digit by digit": {
      corruptCommitted: (committed, s) => {
        const first = startDigitAddress(shape, 0, 0);
        const all = committed.WIn.flatMap((weight) => digitsOf(s, weight));
        const room = shape.startDigits * shape.startRows * shape.TB;
        for (let i = 0; i < room; i++) setDigit(committed, first + i, all[i] ?? 0n);
      },
    },
    "a padding entry with digits that are not its own": {
      corruptCommitted: (committed) => void (committed.WIn[padding] = 1n),
    },
    "a digit beyond the weights out of range": {
      corruptCommitted: (committed) => {
        assert.ok(shape.startRows * shape.TB > shape.weightEntries);
        setDigit(committed, startDigitAddress(shape, 0, shape.weightEntries), 256n);
      },
    },
    "a digit beyond the last digit's weights out of range": {
      corruptCommitted: (committed) => {
        const last = startDigitAddress(shape, shape.startDigits, 0) - 1;
        setDigit(committed, last, -1n);
      },
    },
  };
  for (const [name, change] of Object.entries(forgeries))
    it(`${name} is rejected`, () => {
      assert.match(attempt(change), /^V[45]$/);
    });
});

describe("verify: undisclosed weights at the ends of their range and beyond", () => {
  const a = 4;
  for (const [name, value] of [
    ["−2^(w−1)", -end],
    ["2^(w−1) − 1", end - 1n],
  ] as const)
    it(`${name} is accepted, in a layer and in the padding`, () => {
      assert.equal(attempt({ undisclosed: startWith(a, value) }), "accepted");
      const corruptCommitted: Corrupt = (committed, s) => setPadding(committed, s, padding, value);
      assert.equal(attempt({ corruptCommitted }), "accepted");
    });

  /** Digits that a prover might try for a value out of range, and what they lack. */
  const tries: Record<string, [value: bigint, digits: bigint[]][]> = {
    "digits that recompose, one out of range": [
      [-end - 1n, [-1n, 0n]],
      [-end - 1n, [255n, -1n]],
      [end, [256n, 255n]],
      [end, [0n, 256n]],
    ],
    "digits in range that recompose modulo 2^w only": [
      [-end - 1n, [255n, 255n]],
      [end, [0n, 0n]],
    ],
  };
  for (const [name, list] of Object.entries(tries))
    for (const [value, digits] of list)
      it(`${value < 0n ? "−2^(w−1) − 1" : "2^(w−1)"} is rejected: ${name}, ${digits.join()}`, () => {
        const inLayer: Corrupt = (committed, s) => setStartDigits(committed, s, a, digits);
        const tried = attempt({ undisclosed: startWith(a, value), corruptCommitted: inLayer });
        assert.match(tried, /^V[45]$/);
        const inPadding: Corrupt = (committed, s) => {
          committed.WIn[padding] = value;
          setStartDigits(committed, s, padding, digits);
        };
        assert.match(attempt({ corruptCommitted: inPadding }), /^V[45]$/);
      });
});

describe("verify: a prover of undisclosed weights that leaves a part of the range proof out", () => {
  const outOfRange = startWith(4, end + 5n);
  const fill =
    (digits: bigint[]): Corrupt =>
    (committed, s) => {
      committed.WIn.forEach((_, address) => setStartDigits(committed, s, address, digits));
    };
  /** The digits of W^in are in no leaf, and not counted. */
  const unlooked = (committed: Committed): void => {
    const first = startDigitAddress(shape, 0, 0);
    committed.D.slice(first).forEach((digit) => {
      if (digit >= 0n && digit < 256n) committed.mu[Number(digit)]! -= 1n;
    });
  };

  const cheats: Record<string, Change> = {
    "claim 13 dropped, a weight out of range": {
      undisclosed: outOfRange,
      cheat: { claims: dropRange },
    },
    "claim 13 dropped, all in range": { cheat: { claims: dropRange } },
    "claim 13 on the digits alone, which are zero's": {
      undisclosed: outOfRange,
      corruptCommitted: fill([0n, 128n]),
      cheat: { claims: alterRange("WIn", () => 0n) },
    },
    "claim 13 on W^in alone": {
      undisclosed: { weight: () => -end },
      corruptCommitted: (committed, s) => {
        committed.WIn.fill(-end);
        fill([7n, 7n])(committed, s);
      },
      cheat: { claims: alterRange("D", () => 0n) },
    },
    "claim 13 with other weights on the digits": {
      cheat: { claims: alterRange("D", (weight) => 2n * weight) },
    },
    "claim 13 with other weights on W^in": {
      cheat: { claims: alterRange("WIn", (weight) => -weight) },
    },
    "claim 13 with the same weight for every digit": {
      undisclosed: { weight: () => 1n - end },
      corruptCommitted: (committed, s) => {
        committed.WIn.fill(1n - end);
        fill([0n, 1n])(committed, s);
      },
      cheat: {
        claims: (claims) => {
          const range = claims.pop()!;
          claims.push((add) => {
            const low = new Map<number, bigint>();
            range((name, address, weight) => {
              const from = name === "D" ? address - startDigitAddress(shape, 1, 0) : -1;
              if (name === "D" && from < 0)
                low.set(address - startDigitAddress(shape, 0, 0), weight);
              add(name, address, from < 0 ? weight : low.get(from)!);
            });
          });
        },
      },
    },
    "claim 13 without the padding": {
      corruptCommitted: (committed) => void (committed.WIn[padding] = end + 5n),
      cheat: {
        claims: (claims) => {
          const range = claims.pop()!;
          const digits = new Set([0, 1].map((i) => startDigitAddress(shape, i, padding)));
          claims.push((add) => {
            range((name, address, weight) => {
              const left = name === "D" ? digits.has(address) : address === padding;
              if (!left) add(name, address, weight);
            });
          });
        },
      },
    },
    "the digits of W^in left out of the lookup, one out of range": {
      undisclosed: startWith(4, end),
      corruptCommitted: (committed, s) => {
        setStartDigits(committed, s, 4, [0n, 256n]);
        unlooked(committed);
      },
      cheat: { shape: { digitRows: shape.kinds * shape.features } },
    },
    "p_w one coordinate short": { cheat: { shape: { startBits: shape.startBits - 1 } } },
    "no p_w": { cheat: { shape: { startBits: 0 } } },
  };
  for (const [name, change] of Object.entries(cheats))
    it(`${name} is rejected`, () => {
      assert.match(attempt(change), /^V[45]$/);
    });
});
