/** What one measured case says: seconds, and how often each operation was done. */
export interface Observation {
  readonly terms: readonly number[];
  readonly seconds: number;
}

/**
 * Factors ≥ 0 with terms · factors near the seconds: the least sum of squared relative errors. Each set of factors that may be
 * positive is tried, which for a handful of terms is exact and short.
 */
export function fitFactors(observations: readonly Observation[]): number[] {
  const count = observations[0]?.terms.length ?? 0;
  // A relative error: each equation is divided by its seconds.
  const rows = observations.map(({ terms, seconds }) => terms.map((term) => term / seconds));
  // Terms are of very different sizes: columns are scaled to 1, for the arithmetic's sake.
  const scales = Array.from({ length: count }, (_, i) =>
    Math.max(...rows.map((row) => Math.abs(row[i]!)), Number.MIN_VALUE),
  );
  let best = { error: Infinity, factors: Array<number>(count).fill(0) };
  for (let set = 1; set < 2 ** count; set++) {
    const chosen = Array.from({ length: count }, (_, i) => i).filter((i) => (set >> i) & 1);
    const matrix = rows.map((row) => chosen.map((i) => row[i]! / scales[i]!));
    const solution = solveNormal(matrix);
    if (solution === undefined || solution.some((x) => x < 0)) continue;
    const error = matrix.reduce(
      (sum, row) => sum + (row.reduce((a, x, i) => a + x * solution[i]!, 0) - 1) ** 2,
      0,
    );
    if (error >= best.error) continue;
    const factors = Array<number>(count).fill(0);
    chosen.forEach((term, i) => (factors[term] = solution[i]! / scales[term]!));
    best = { error, factors };
  }
  return best.factors;
}

/** x that minimises |A x − 1|², by the normal equations and elimination with pivots; undefined for dependent columns. */
function solveNormal(A: readonly (readonly number[])[]): number[] | undefined {
  const n = A[0]!.length;
  const system = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) => A.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    A.reduce((sum, row) => sum + row[i]!, 0),
  ]);
  for (let i = 0; i < n; i++) {
    const pivot = system.slice(i).reduce((a, b) => (Math.abs(b[i]!) > Math.abs(a[i]!) ? b : a));
    if (Math.abs(pivot[i]!) < 1e-12) return undefined;
    system.splice(system.indexOf(pivot), 1, system[i]!);
    system[i] = pivot;
    for (const row of system.filter((other) => other !== pivot)) {
      const factor = row[i]! / pivot[i]!;
      row.forEach((_, j) => (row[j]! -= factor * pivot[j]!));
    }
  }
  return system.map((row, i) => row[n]! / row[i]!);
}
