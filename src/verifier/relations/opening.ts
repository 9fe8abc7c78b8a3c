import { mod, mul } from "../../protocol/field.ts";
import { type Affine, combine, constant } from "../affine.ts";
import { chiSums } from "../chiSums.ts";
import type { Context } from "../context.ts";
import { chiPrefix, type CubePoint, eq, eqPrefix, eqShifted, powers } from "../mle.ts";
import { rounds, sumcheck } from "../sumcheck.ts";
import type { Forward } from "./forward.ts";
import type { Lookup } from "./lookup.ts";
import type { Update, WeightClaim } from "./update.ts";
import type { ZkRelu } from "./zkrelu.ts";

/** The committed matrices in the order in which λ_O numbers them (PROTOCOL §15). */
export const MATRICES = ["D", "M", "mu", "WIn", "WOut", "X"] as const;
export type Matrix = (typeof MATRICES)[number];

/** One opening for all claims: Σ_k λ_O^k value_k must be ⟨u, χ(y)⟩ for the combined row u. */
export interface Opening {
  /** The weight of each matrix present: λ_O^k. */
  readonly scales: ReadonlyMap<Matrix, bigint>;
  /** Σ_k λ_O^k value_k. */
  readonly value: Affine;
  /** Row variables and column variables of the point. */
  readonly x: CubePoint;
  readonly y: CubePoint;
  /** ν and γ, which batch affine and product constraints. */
  readonly nu: bigint;
  readonly gamma: bigint;
}

export interface Claims {
  readonly lookup: Lookup;
  readonly forward: Forward;
  readonly update: Update;
  readonly zkrelu: ZkRelu;
}

/** A claimed value of a linear functional; `weights` gives its extension's value at a point. */
interface OpeningClaim {
  readonly value: Affine;
  readonly weights: (at: At) => Partial<Record<Matrix, bigint>>;
}

/** A point of the opening, split as the matrices' addresses are. */
interface At {
  readonly point: CubePoint;
  /** Low ω coordinates (t, i) and the rest, which index rows of D and M. */
  readonly time: CubePoint;
  readonly aboveTime: CubePoint;
  /** x, y. */
  readonly row: CubePoint;
  readonly column: CubePoint;
}

export function opening(ctx: Context, claims: Claims): Opening {
  const { statement, shape, ledger, transcript } = ctx;
  const xi = transcript.challenge("opening.xi", 1)[0]!;
  const list = openingClaims(ctx, claims);
  const scales = powers(xi, list.length);
  const start = combine(list.map(({ value }, c) => [scales[c]!, value] as const));
  const { claim, point } = sumcheck(ctx, "opening", start, rounds(shape.openingBits, 2));

  const present = MATRICES.filter((name) => name !== "WIn" || statement.startKind !== 0);
  const values = ledger.say("opening.values", present.length);
  const split = shape.openingBits - statement.kappa;
  const at: At = {
    point,
    time: point.slice(shape.openingBits - shape.omega),
    aboveTime: point.slice(0, shape.openingBits - shape.omega),
    row: point.slice(0, split),
    column: point.slice(split),
  };
  const weights = new Map<Matrix, bigint>(present.map((name) => [name, 0n]));
  list.forEach((one, c) => {
    for (const [name, weight] of Object.entries(one.weights(at)) as [Matrix, bigint][])
      weights.set(name, mod(weights.get(name)! + scales[c]! * weight));
  });
  ledger.zero(
    combine([[1n, claim], ...present.map((name, k) => [-weights.get(name)!, values[k]!] as const)]),
  );

  const [lambda, nu, gamma] = transcript.challenge("opening.lambda", 3) as [bigint, bigint, bigint];
  const lambdas = powers(lambda, present.length);
  return {
    scales: new Map(present.map((name, k) => [name, lambdas[k]!])),
    value: combine(values.map((value, k) => [lambdas[k]!, value] as const)),
    x: at.row,
    y: at.column,
    nu,
    gamma,
  };
}

/** The opening claims in the order of PROTOCOL §15. */
function openingClaims(ctx: Context, { lookup, forward, update, zkrelu }: Claims): OpeningClaim[] {
  const { statement: s, shape } = ctx;
  const { n0, nL, digitRows, features, firstKind, dr } = shape;
  const { inner } = chiSums();
  const list: OpeningClaim[] = [];
  const claim = (value: Affine, weights: OpeningClaim["weights"]): void => {
    list.push({ value, weights });
  };

  claim(lookup.dx.value, ({ time, aboveTime, row, column }) => {
    const { row: leaf, column: leafTime } = lookup.dx;
    const batch = inner({ point: leaf, start: digitRows }, { point: column, start: 0 }, n0 + nL);
    return {
      D: mul(eq(leafTime, time), eqPrefix(digitRows, leaf, aboveTime)),
      X: mul(eq(leafTime, row), batch),
    };
  });
  claim(lookup.mu.value, ({ point }) => ({ mu: eq(lookup.mu.point, point) }));
  claim(zkrelu.m, ({ time, aboveTime }) => ({
    M: mul(eq(zkrelu.time, time), eqPrefix(features, zkrelu.feature, aboveTime)),
  }));

  // Σ_i 2^(b·i)·(digit i): rows (kind + i)·Φ + φ of D
  const digits = (value: Affine, kind: number, count: number): void => {
    claim(value, ({ time, aboveTime }) => {
      const own = { point: zkrelu.feature, start: 0 };
      let sum = 0n;
      for (let i = 0; i < count; i++) {
        const rows = { point: aboveTime, start: (kind + i) * features };
        sum += inner(own, rows, features) << BigInt(s.b * i);
      }
      return { D: mul(eq(zkrelu.time, time), mod(sum)) };
    });
  };
  digits(zkrelu.v, firstKind.v, s.dv);
  digits(zkrelu.r, firstKind.r, dr);
  if (zkrelu.g) digits(zkrelu.g, firstKind.g, s.dg);
  if (zkrelu.h) digits(zkrelu.h, firstKind.h, dr);

  if (update.vIn) claim(update.vIn, ({ point }) => ({ WIn: weightsAt(update.claims, point) }));
  const outputs = update.claims.filter(({ kind }) => kind === "O");
  claim(update.vOut, ({ point }) => ({ WOut: weightsAt(outputs, point) }));

  const inputs = (value: Affine, time: CubePoint, f: CubePoint): void => {
    claim(value, ({ row, column }) => ({ X: mul(eq(time, row), eqPrefix(n0, f, column)) }));
  };
  inputs(forward.a[0]!, [...forward.tEnd, ...forward.pI], forward.kEnd);
  update.claims.forEach(({ layer, inPoint }, c) => {
    if (layer.layer === 1) inputs(update.A[c]!, [...update.tEnd, ...update.iEnd], inPoint);
  });
  claim(zkrelu.labels, ({ row, column }) => {
    const labels = { point: column, start: n0 };
    const sum = zkrelu.labelClaims.reduce(
      (total, { scale, point, time }) =>
        total + mul(scale, eq(time, row)) * inner({ point, start: 0 }, labels, nL),
      0n,
    );
    return { X: mod(sum) };
  });
  if (s.startKind === 2) list.push(rangeClaim(ctx, update.range));
  return list;
}

/** Each W^in_a + 2^(w−1) is the sum of its digits Σ_i 2^(b·i) D(kinds·Φ + i·N_w, a): all a at once, at p_w (PROTOCOL §15.13). */
function rangeClaim({ statement: s, shape }: Context, range: CubePoint): OpeningClaim {
  const { kinds, features, TB, startDigits, startRows, weightEntries } = shape;
  return {
    value: constant(s.W0 * chiPrefix(weightEntries, range)), // W0 = 2^(w−1)
    weights: ({ point }) => {
      let digits = 0n;
      for (let i = 0; i < startDigits; i++) {
        const first = (kinds * features + i * startRows) * TB;
        digits += eqShifted(weightEntries, range, point, first) << BigInt(s.b * i);
      }
      return { D: mod(digits), WIn: mod(-eqPrefix(weightEntries, range, point)) };
    },
  };
}

/**
 * Σ_c δ^c Σ_{k,j} χ_k(in_c) χ_j(out_c) χ_address(point). An address is (base/2^s + k)·2^s + j, so the
 * sum over j and the sum over k part.
 */
function weightsAt(claims: readonly WeightClaim[], point: CubePoint): bigint {
  const { inner } = chiSums();
  let sum = 0n;
  for (const { layer, inPoint, outPoint, rows, scale } of claims) {
    const split = point.length - layer.columnBits;
    const rowPoint = { point: point.slice(0, split), start: layer.base / 2 ** layer.columnBits };
    const overRows = inner({ point: inPoint, start: 0 }, rowPoint, rows);
    const overColumns = eqPrefix(layer.outputs, outPoint, point.slice(split));
    sum += scale * mul(overRows, overColumns);
  }
  return mod(sum);
}
