import { mod, mul, sub } from "../../protocol/field.ts";
import { type Affine, combine, constant } from "../affine.ts";
import type { Context } from "../context.ts";
import { chiPrefix, type CubePoint, eq } from "../mle.ts";
import { rounds, sumcheck } from "../sumcheck.ts";

/** Claims that the lookup leaves to the opening (PROTOCOL §10). */
export interface Lookup {
  /** DX: on the rows of D and, after them, of X, at (row, column) of tree 1's leaves. */
  readonly dx: { readonly row: CubePoint; readonly column: CubePoint; readonly value: Affine };
  /** MU: on the multiplicities. */
  readonly mu: { readonly point: CubePoint; readonly value: Affine };
}

interface Leaves {
  readonly p: Affine;
  readonly q: Affine;
  readonly point: CubePoint;
}

/** Every digit is in [0, 2^b), every feature and label within its offset of it (PROTOCOL §10). */
export function lookup(ctx: Context): Lookup {
  const { statement, shape, ledger, transcript } = ctx;
  const alpha = transcript.challenge("lookup.alpha", 1)[0]!;
  const [P1, Q1, P2, Q2, c1, c2, inv] = ledger.say("lookup.roots", 7) as Roots;
  ledger.product(P1, Q2, c1); // P1/Q1 = P2/Q2 …
  ledger.product(P2, Q1, c1);
  ledger.product(Q1, Q2, c2);
  ledger.product(c2, inv, constant(1n)); // … and neither denominator is 0

  const first = fractionTree(ctx, "tree1", P1, Q1, shape.d1);
  const second = fractionTree(ctx, "tree2", P2, Q2, statement.b);

  const split = shape.d1 - shape.omega;
  const row = first.point.slice(0, split);
  const U = shape.digitRows;
  const [toDigits, toFeatures, toLabels] = [U, U + shape.n0, U + shape.n0 + shape.nL].map((end) =>
    chiPrefix(end, row),
  ) as [bigint, bigint, bigint];
  ledger.zero(combine([[1n, first.p]], -toLabels));
  const offsets =
    BigInt(statement.x0) * sub(toFeatures, toDigits) +
    BigInt(statement.y0) * sub(toLabels, toFeatures);
  const dx = combine([[-1n, first.q]], mul(alpha, toLabels) + 1n - toLabels - offsets);

  const word = second.point.reduce((sum, e) => mod(2n * sum + e), 0n); // Σ 2^k e_k
  ledger.zero(combine([[1n, second.q]], word - alpha));
  return {
    dx: { row, column: first.point.slice(split), value: dx },
    mu: { point: second.point, value: second.p },
  };
}

type Roots = [Affine, Affine, Affine, Affine, Affine, Affine, Affine];
type Children = [Affine, Affine, Affine, Affine, Affine, Affine];

/** Descends a tree of fractions from its root's p, q to a claim on its leaves at a point. */
function fractionTree(ctx: Context, name: string, p: Affine, q: Affine, depth: number): Leaves {
  const { ledger, transcript } = ctx;
  let at: Leaves = { p, q, point: [] };
  for (let level = 0; level < depth; level++) {
    const lambda = transcript.challenge(`${name}.lambda`, 1)[0]!;
    const claim = combine([
      [lambda, at.p],
      [1n, at.q],
    ]);
    const { claim: end, point } = sumcheck(ctx, name, claim, rounds(level, 3));
    const [p0, p1, q0, q1, s, t] = ledger.say(`${name}.children`, 6) as Children;
    const left = combine([
      [lambda, p0],
      [1n, q0],
    ]);
    ledger.product(q1, left, s); // s = q1·(λ·p0 + q0)
    ledger.product(p1, q0, t); // t = p1·q0
    const weight = eq(at.point, point);
    ledger.zero(
      combine([
        [1n, end],
        [-weight, s],
        [-mul(weight, lambda), t],
      ]),
    );
    const c = transcript.challenge(`${name}.child`, 1)[0]!;
    const between = (zero: Affine, one: Affine): Affine =>
      combine([
        [1n - c, zero],
        [c, one],
      ]);
    at = { p: between(p0, p1), q: between(q0, q1), point: [...point, c] };
  }
  return at;
}
