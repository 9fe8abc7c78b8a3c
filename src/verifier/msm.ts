import { pippenger } from "@noble/curves/abstract/curve.js";
import { bn254 } from "@noble/curves/bn254.js";
import type { Point } from "../protocol/points.ts";

const G1 = bn254.G1.Point;

/** A multi-scalar multiplication Σ scalar_i·point_i as a list of terms. Scalars are below r. */
export interface Terms {
  readonly points: readonly Point[];
  readonly scalars: readonly bigint[];
}

/** Σ scalar_i·point_i, or undefined for the identity. */
export function msm({ points, scalars }: Terms): Point | undefined {
  if (points.length === 0) return undefined;
  const sum = pippenger(
    G1,
    points.map(({ x, y }) => G1.fromAffine({ x, y })),
    [...scalars],
  );
  return sum.is0() ? undefined : sum.toAffine();
}
