import { mod } from "../../src/protocol/field.ts";
import type { Generators } from "../../src/protocol/generators.ts";
import type { Point } from "../../src/protocol/points.ts";
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
  const points = [...values.map((_, i) => base(i)), H];
  const sum = msm({ points, scalars: [...values.map(mod), blinding] });
  if (sum === undefined) throw new Error("commit: the identity");
  return sum;
}

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
    rows.points.push(commit(row, blinding, generators.G, generators.H));
    rows.blindings.push(blinding);
  }
  return rows;
}
