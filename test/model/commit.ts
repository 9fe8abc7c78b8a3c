import { encodeScalars, mod } from "../../src/protocol/field.ts";
import type { Generators } from "../../src/protocol/generators.ts";
import { encodePoints, type Point } from "../../src/protocol/points.ts";
import { msm } from "../../src/verifier/msm.ts";
import type { Random } from "./random.ts";

/** Row commitments and their blindings. */
export interface Rows {
  readonly points: Point[];
  readonly blindings: bigint[];
}

/** Σ_i values_i·bases_i + blinding·H. */
export function commit(
  values: readonly bigint[],
  blinding: bigint,
  base: (index: number) => Point,
  H: Point,
): Point {
  const used = [...values.keys()].filter((i) => values[i] !== 0n);
  const sum = msm({
    points: encodePoints([...used.map(base), H]),
    scalars: encodeScalars([...used.map((i) => mod(values[i]!)), blinding]),
  });
  if (sum === undefined) throw new Error("commit: the identity");
  return sum;
}

/** Points of rows by their values and blinding: tests prove variants of one trace many times. */
const known = new Map<string, Point>();

/** Commits a matrix in rows of `columns`. */
export function commitRows(
  values: readonly bigint[],
  columns: number,
  generators: Generators,
  random: Random,
): Rows {
  const rows: Rows = { points: [], blindings: [] };
  for (let start = 0; start < values.length; start += columns) {
    const blinding = random.scalar();
    const row = values.slice(start, start + columns);
    const key = `${row.join()};${blinding}`;
    const point = known.get(key) ?? commit(row, blinding, generators.G, generators.H);
    known.set(key, point);
    rows.points.push(point);
    rows.blindings.push(blinding);
  }
  return rows;
}
