import { mod, mul } from "../../protocol/field.ts";
import type { LayerShape } from "../../protocol/shape.ts";
import { type Affine, combine, constant } from "../affine.ts";
import type { Context } from "../context.ts";
import { initialSums } from "../initialSums.ts";
import { chi, chiRange, type CubePoint, lessThan, powers } from "../mle.ts";
import { rounds, sumcheck } from "../sumcheck.ts";
import type { Backward } from "./backward.ts";
import type { Forward } from "./forward.ts";

/** A claim on the weights of one layer, at feature points in and out (PROTOCOL §13's table). */
export interface WeightClaim {
  /** F: from the forward relation; B: from the backward one; O: on the output weights. */
  readonly kind: "F" | "B" | "O";
  readonly layer: LayerShape;
  readonly inPoint: CubePoint;
  readonly outPoint: CubePoint;
  /** Rows k of W in question: with the bias row for F and O, without for B. */
  readonly rows: number;
  /** δ^c. */
  readonly scale: bigint;
}

/** The claims that the update relation leaves. */
export interface Update {
  readonly claims: readonly WeightClaim[];
  /** Σ_c δ^c W^in[c], hidden where W^in is committed; a public number needs no opening. */
  readonly vIn: Affine | undefined;
  readonly vOut: Affine;
  /** p_w, at which the range of W^in is claimed; no coordinates but for startKind 2. */
  readonly range: CubePoint;
  /** t^u, i^u: where the sumcheck ended, and there A_c (without its constant) and G_c. */
  readonly tEnd: CubePoint;
  readonly iEnd: CubePoint;
  readonly A: readonly Affine[];
  readonly G: readonly Affine[];
}

/** Weights at every step are W^in less η times all earlier gradients; W^out is after the last. */
export function update(ctx: Context, fwd: Forward, bwd: Backward | undefined): Update {
  const { statement, shape, ledger, transcript } = ctx;
  const { tau, beta, fA, eta } = statement;
  const { layers, J, K, startBits } = shape;
  const committed = statement.startKind !== 0;
  const at = transcript.challenge("update.point", K + J + startBits);
  const [oK, oJ, range] = [at.slice(0, K), at.slice(K, K + J), at.slice(K + J)];
  const delta = transcript.challenge("update.delta", 1)[0]!;

  interface Row extends Omit<WeightClaim, "scale"> {
    /** Point of the time weight Σ_{t'>t} χ_{t'}; without one the weight is 1. */
    readonly time?: CubePoint;
    readonly value?: Affine;
  }
  const rows: Row[] = layers.map((layer, l) => ({
    kind: "F",
    layer,
    inPoint: fwd.kEnd,
    outPoint: fwd.pJ,
    rows: layer.inputs + 1,
    time: fwd.tEnd,
    value: fwd.w[l]!,
  }));
  if (bwd !== undefined)
    for (const [l, layer] of layers.slice(1).entries())
      rows.push({
        kind: "B",
        layer,
        inPoint: bwd.pK,
        outPoint: bwd.jEnd,
        rows: layer.inputs,
        time: bwd.tEnd,
        value: bwd.w[l]!,
      });
  for (const layer of layers)
    rows.push({ kind: "O", layer, inPoint: oK, outPoint: oJ, rows: layer.inputs + 1 });
  const scales = powers(delta, rows.length);
  const claims: WeightClaim[] = rows.map((row, c) => ({ ...row, scale: scales[c]! }));

  const said = ledger.say("update.weights", committed ? 2 : 1);
  const vIn = committed ? said[0]! : constant(initialValue(ctx, claims));
  const vOut = said.at(-1)!;
  const start = combine([
    [1n, vIn],
    [-1n, vOut],
    ...rows.flatMap(({ value }, c) => (value ? [[-scales[c]!, value] as const] : [])),
  ]);
  const { claim, point } = sumcheck(ctx, "update", start, [...rounds(beta, 2), ...rounds(tau, 3)]);
  const [tEnd, iEnd] = [point.slice(0, tau), point.slice(tau)];

  const count = rows.length;
  const values = ledger.say("update.values", 3 * count);
  const A = values.slice(0, count);
  const G = values.slice(count, 2 * count);
  const P = values.slice(2 * count);
  const final: (readonly [bigint, Affine])[] = [[1n, claim]];
  rows.forEach(({ kind, layer, inPoint, time }, c) => {
    const bias = kind === "B" ? 0n : chi(layer.inputs, inPoint) << BigInt(fA);
    ledger.product(combine([[1n, A[c]!]], bias), G[c]!, P[c]!);
    const weight = time === undefined ? 1n : lessThan(tEnd, time);
    final.push([-mod(eta * mul(scales[c]!, weight)), P[c]!]);
  });
  ledger.zero(combine(final)); // C = η·Σ_c δ^c ũ_c P_c
  return { claims, vIn: committed ? vIn : undefined, vOut, range, tEnd, iEnd, A, G };
}

/** Σ_c δ^c Σ_{k,j} χ_k(in_c) χ_j(out_c) W(k, j) over the public initial weights. */
function initialValue({ statement }: Context, claims: readonly WeightClaim[]): bigint {
  let sum = 0n;
  for (const layer of new Set(claims.map((claim) => claim.layer))) {
    const own = claims.filter((claim) => claim.layer === layer);
    const functionals = own.map(({ inPoint, outPoint, rows }) => ({
      ins: chiRange(inPoint, 0, rows),
      outs: chiRange(outPoint, 0, layer.outputs),
    }));
    const values = initialSums(statement.start, statement.R, layer, functionals);
    own.forEach(({ scale }, c) => (sum += scale * values[c]!));
  }
  return mod(sum);
}
