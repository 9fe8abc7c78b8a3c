import assert from "node:assert/strict";
import { verify } from "../../src/verifier/index.ts";
import type { Statement } from "../../src/protocol/statement.ts";
import { GENERATORS, toy, type ToyOptions } from "../model/toy.ts";
import type { Committed, Trace } from "../model/training.ts";

const base: ToyOptions = { widths: [3, 4, 2], tau: 1, beta: 1, seed: "soundness" };
const honest = toy(base);
const shape = { features: 6, TB: 4 };

/** Proves a corrupted trace with the model prover and gives the verdict. */
function attempt(change: Pick<ToyOptions, "corrupt" | "corruptCommitted" | "tamper">): string {
  const one = toy({ ...base, ...change });
  const verdict = verify(one.bytes, one.proof, one, { generators: GENERATORS });
  return verdict.ok ? "accepted" : verdict.check;
}

const bump = (matrix: bigint[][], row: number, column: number, by: bigint): void => {
  matrix[row]![column]! += by;
};
const digitOf = (kind: number, feature: number, c: number): number =>
  (kind * shape.features + feature) * shape.TB + c;

/** Cheats that change what training computed; what follows from the change is left as it was. */
const traces: Record<string, (trace: Trace, s: Statement) => void> = {
  "a flipped mask bit": ({ m }) => (m[1]![1]![2] = 1n - m[1]![1]![2]!),
  "a mask that is no bit": ({ m }) => (m[1]![1]![2] = 2n),
  "a mask of the last layer that is no bit": ({ m }) => (m[2]![0]![1] = 5n),
  "a pre-activation off by one": ({ v }) => {
    bump(v[1]!, 2, 1, 1n);
  },
  "an output off by one": ({ v }) => {
    bump(v[2]!, 2, 1, 1n);
  },
  "a remainder off by one": ({ r }) => {
    bump(r[1]!, 0, 3, 1n);
  },
  "a gradient off by one": ({ g }) => {
    bump(g[1]!, 3, 0, 1n);
  },
  "a gradient's remainder off by one": ({ h }) => {
    bump(h[1]!, 3, 0, -1n);
  },
  "an activation off by one, with what the relations see of it": ({ A }) => {
    bump(A[1]!, 1, 1, 1n);
  },
  "a masked gradient off by one": ({ G }) => {
    bump(G[1]!, 1, 1, 1n);
  },
  "an output gradient off by one": ({ G }) => {
    bump(G[2]!, 1, 1, 1n);
  },
  "a product Z off by one": ({ Z }) => {
    bump(Z[1]!, 1, 1, 1n);
  },
  "a backpropagated gradient off by one": ({ GA }) => {
    bump(GA[1]!, 1, 1, 1n);
  },
  "a changed feature": ({ X }) => {
    bump(X, 1, 1, 1n);
  },
  "a wrong label": ({ Y }) => {
    bump(Y, 2, 0, 1n);
  },
  "two samples of a batch exchanged": ({ X, Y }) => {
    [X[0], X[1]] = [X[1]!, X[0]!];
    [Y[0], Y[1]] = [Y[1]!, Y[0]!];
  },
  "an output weight off by one": ({ W }) => {
    bump(W.at(-1)![1]!, 1, 1, 1n);
  },
  "an output bias off by one": ({ W }) => {
    bump(W.at(-1)![2]!, 4, 1, -1n);
  },
  "a public start weight off by one": ({ W }) => {
    bump(W[0]![1]!, 0, 0, 1n);
  },
  "a skipped last update": ({ W }) => {
    W[2] = W[1]!;
  },
  "a last update with another step size": ({ W }, { eta }) => {
    W[2] = W[1]!.map((matrix, l) =>
      matrix.map((row, k) => row.map((w, j) => w + ((W[2]![l]![k]![j]! - w) * (eta + 1n)) / eta)),
    );
  },
  "a batch order that is not the schedule's": ({ X, Y, A, Z, m, v, r, GA, g, h, G }) => {
    for (const tensor of [X, Y, ...[Z, m, v, r, GA, g, h, G].flat(), ...A.slice(1)])
      [tensor[2], tensor[3]] = [tensor[3]!, tensor[2]!]; // the same step: all sums stay
  },
  "one layer's backward pass replaced by zeros": ({ W, GA, g, h, G }, { R }) => {
    for (const tensor of [GA, g, h, G]) tensor[1] = tensor[1]!.map((row) => row.map(() => 0n));
    h[1] = h[1]!.map((row) => row.map(() => 1n << BigInt(R - 1)));
    for (const weights of W) weights[1] = W[0]![1]!;
  },
  "a weight in the middle off by one": ({ W }) => {
    bump(W[1]![2]!, 0, 1, 1n);
  },
};

/** Cheats in the committed digits that keep every value and break only their range or their count. */
const digits: Record<string, (committed: Committed) => void> = {
  "a digit of v out of range": ({ D }) => {
    D[digitOf(0, 1, 2)]! += 256n;
    D[digitOf(1, 1, 2)]! -= 1n;
  },
  "a digit of r out of range": ({ D }) => {
    D[digitOf(2, 1, 2)]! -= 256n;
    D[digitOf(3, 1, 2)]! += 1n;
  },
  "a digit of g out of range": ({ D }) => {
    D[digitOf(4, 1, 2)]! += 256n;
    D[digitOf(5, 1, 2)]! -= 1n;
  },
  "a digit of h out of range": ({ D }) => {
    D[digitOf(7, 1, 2)]! += 256n;
    D[digitOf(8, 1, 2)]! -= 1n;
  },
  "a remainder off by 2^R, made good in v": ({ D }) => {
    D[digitOf(3, 1, 2)]! += 256n; // r + 2^16
    D[digitOf(0, 1, 2)]! -= 1n; // z − 1
  },
  "a multiplicity off by one": ({ mu }) => {
    mu[7]! += 1n;
  },
  "a multiplicity moved": ({ mu }) => {
    mu[0]! += 1n;
    mu[1]! -= 1n;
  },
  "a committed digit that the relations do not know": ({ D, mu }) => {
    const digit = Number(D[0]);
    mu[digit]! -= 1n;
    mu[digit ^ 1]! += 1n;
    D[0] = BigInt(digit ^ 1);
  },
};

describe("verify: a prover that cheats in the computation", () => {
  it("the honest trace is accepted", () => {
    assert.equal(attempt({}), "accepted");
  });
  for (const [name, corrupt] of Object.entries(traces))
    it(`${name} is rejected`, () => {
      assert.match(attempt({ corrupt }), /^V[45]$/);
    });
  for (const [name, corruptCommitted] of Object.entries(digits))
    it(`${name} is rejected`, () => {
      assert.match(attempt({ corruptCommitted }), /^V[45]$/);
    });
});

describe("verify: a prover that lies about one hidden value", () => {
  const labels = new Map<string, { occurrences: number; count: number }>();
  attempt({
    tamper: (label, occurrence, values) => {
      labels.set(label, { occurrences: occurrence + 1, count: values.length });
    },
  });
  assert.ok(honest.proof.length > 0);
  for (const [label, { occurrences, count }] of labels)
    for (let i = 0; i < count; i++)
      it(`${label}[${i}], message ${occurrences - 1}`, () => {
        const verdict = attempt({
          tamper: (said, occurrence, values) => {
            if (said === label && occurrence === occurrences - 1) values[i]! += 1n;
          },
        });
        assert.match(verdict, /^V[45]$/);
      });
});
