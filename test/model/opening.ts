/** PROTOCOL §15: all claims on committed matrices as one, with dense tables of weights. */
import { mod } from "../../src/protocol/field.ts";
import type { Rows } from "./commit.ts";
import type { Model } from "./context.ts";
import { startDigitAddress } from "./training.ts";
import { chi, eqTable, extend, pow, rounds, sumOf } from "./dense.ts";
import type { LookupPoints } from "./lookup.ts";
import type { Product, Update, WeightClaim } from "./products.ts";
import type { ZkRelu } from "./zkrelu.ts";

export type MatrixName = "D" | "M" | "mu" | "WIn" | "WOut" | "X";
/** Adds a claim's weights at linear addresses. */
export type OpeningClaim = (add: Add) => void;
type Add = (name: MatrixName, address: number, weight: bigint) => void;

/** The combined row u and its blinding. */
export interface Opened {
  readonly u: bigint[];
  readonly blinding: bigint;
}

export function proveOpening(
  model: Model,
  rows: Readonly<Record<MatrixName, Rows>>,
  claims: { lookup: LookupPoints; forward: Product; update: Update; zkrelu: ZkRelu },
  cheat?: (claims: OpeningClaim[]) => void,
): Opened {
  const { s, shape, committed, prover, columns } = model;
  const xi = prover.ask("opening.xi");
  const all: MatrixName[] = ["D", "M", "mu", "WIn", "WOut", "X"];
  const names = all.filter((name) => name !== "WIn" || s.startKind !== 0);
  const cells = 2 ** shape.openingBits;
  const weights = new Map(names.map((name) => [name, extend([], cells)]));
  const list = listClaims(model, claims);
  cheat?.(list);
  list.forEach((fill, c) => {
    const scale = pow(xi, c + 1);
    fill((name, address, weight) => {
      const table = weights.get(name)!;
      table[address] = mod(table[address]! + scale * weight);
    });
  });
  const { point, values } = prover.sumcheck(
    "opening",
    rounds(shape.openingBits, 2),
    names.flatMap((name) => [weights.get(name)!, extend(committed[name].map(mod), cells)]),
    (x) => sumOf(names.length, (k) => x[2 * k]! * x[2 * k + 1]!),
  );
  prover.say(
    "opening.values",
    names.map((_, k) => values[2 * k + 1]!),
  );
  const [lambda] = prover.transcript.challenge("opening.lambda", 3) as [bigint];
  const x = point.slice(0, shape.openingBits - s.kappa);
  const u = extend([], columns);
  let blinding = 0n;
  names.forEach((name, k) => {
    rows[name].blindings.forEach((rowBlinding, row) => {
      const weight = mod(pow(lambda, k + 1) * chi(x, row));
      blinding = mod(blinding + weight * rowBlinding);
      for (let i = 0; i < columns; i++)
        u[i] = mod(u[i]! + weight * (committed[name][row * columns + i] ?? 0n));
    });
  });
  return { u, blinding };
}

/** The claims in the order of PROTOCOL §15: each adds its weights at linear addresses. */
function listClaims(
  { s, shape, columns }: Model,
  {
    lookup,
    forward,
    update,
    zkrelu,
  }: { lookup: LookupPoints; forward: Product; update: Update; zkrelu: ZkRelu },
): OpeningClaim[] {
  const { TB, n0, nL, features, digitRows, firstKind, dr, omega, layers } = shape;
  const list: OpeningClaim[] = [];
  const each = (rowCount: number, columnCount: number): [number, number][] =>
    Array.from({ length: rowCount * columnCount }, (_, i) => [
      Math.floor(i / columnCount),
      i % columnCount,
    ]);
  /** X(c, first + j), j < count */
  const onX = (
    add: Add,
    first: number,
    count: number,
    time: readonly bigint[],
    f: readonly bigint[],
  ) => {
    for (const [c, j] of each(TB, count)) add("X", c * columns + first + j, time[c]! * f[j]!);
  };

  const split = shape.d1 - omega;
  const [leafRow, leafTime] = [lookup.tree1.slice(0, split), eqTable(lookup.tree1.slice(split))];
  list.push((add) => {
    const rows = eqTable(leafRow);
    for (const [row, c] of each(digitRows, TB)) add("D", row * TB + c, rows[row]! * leafTime[c]!);
    onX(add, 0, n0 + nL, leafTime, rows.slice(digitRows));
  });
  list.push((add) => {
    eqTable(lookup.tree2).forEach((x, word) => {
      add("mu", word, x);
    });
  });
  const { feature, time } = zkrelu;
  list.push((add) => {
    for (const [f, c] of each(features, TB)) add("M", f * TB + c, feature[f]! * time[c]!);
  });
  const digits = (kind: number, count: number): void => {
    list.push((add) => {
      for (let i = 0; i < count; i++)
        for (const [f, c] of each(features, TB))
          add(
            "D",
            ((kind + i) * features + f) * TB + c,
            (feature[f]! * time[c]!) << BigInt(s.b * i),
          );
    });
  };
  digits(firstKind.v, s.dv);
  digits(firstKind.r, dr);
  if (shape.L > 1) digits(firstKind.g, s.dg);
  if (shape.L > 1) digits(firstKind.h, dr);

  const weights = (name: "WIn" | "WOut", wanted: (claim: WeightClaim) => boolean): void => {
    list.push((add) => {
      update.claims.forEach((claim, c) => {
        if (!wanted(claim)) return;
        const { inputs, outputs, base, columnBits } = layers[claim.layer - 1]!;
        const [ins, outs] = [eqTable(claim.inPoint), eqTable(claim.outPoint)];
        const scale = pow(update.delta, c + 1);
        for (const [k, j] of each(inputs + (claim.bias ? 1 : 0), outputs))
          add(name, base + k * 2 ** columnBits + j, scale * mod(ins[k]! * outs[j]!));
      });
    });
  };
  if (s.startKind !== 0) weights("WIn", () => true);
  weights("WOut", ({ output }) => output);

  list.push((add) => {
    onX(add, 0, n0, eqTable(forward.tEnd, forward.pI), eqTable(forward.kEnd));
  });
  for (const { layer, inPoint } of update.claims)
    if (layer === 1)
      list.push((add) => {
        onX(add, 0, n0, update.time, eqTable(inPoint));
      });
  list.push((add) => {
    for (const one of zkrelu.labels) onX(add, n0, nL, one.time, one.weights);
  });
  if (s.startKind === 2) {
    const chiW = extend(eqTable(update.range), shape.weightEntries);
    list.push((add) => {
      for (let a = 0; a < shape.weightEntries; a++) {
        for (let i = 0; i < shape.startDigits; i++)
          add("D", startDigitAddress(shape, i, a), chiW[a]! << BigInt(s.b * i));
        add("WIn", a, -chiW[a]!);
      }
    });
  }
  return list;
}
