import { mod, mul } from "../../protocol/field.ts";
import type { LayerShape } from "../../protocol/shape.ts";
import { type Affine, combine } from "../affine.ts";
import { chiSums } from "../chiSums.ts";
import type { Context } from "../context.ts";
import { type CubePoint, eq, powers } from "../mle.ts";
import { rounds, sumcheck } from "../sumcheck.ts";
import type { Backward } from "./backward.ts";
import type { Forward } from "./forward.ts";
import type { Update } from "./update.ts";

/** What a claim is on: pre-activations, backpropagated or masked gradients, activations (§14). */
type Tensor = "Z" | "GA" | "A" | "G" | "GL";

interface TensorClaim {
  readonly tensor: Tensor;
  readonly value: Affine;
  /** Feature weights: scale·χ_j(point) at feature j of the layer. */
  readonly parts: readonly FeatureWeights[];
  /** (t, i), time and batch. */
  readonly time: CubePoint;
}

interface FeatureWeights {
  readonly layer: LayerShape;
  readonly point: CubePoint;
  readonly scale: bigint;
}

/** A claim on G_L: its share of y* is on the labels (PROTOCOL §14, §15.12). */
export interface LabelClaim {
  readonly scale: bigint;
  readonly point: CubePoint;
  readonly time: CubePoint;
}

/** The claims that zkReLU leaves to the opening. */
export interface ZkRelu {
  readonly labels: Affine;
  readonly labelClaims: readonly LabelClaim[];
  /** e_φ and (e_t, e_i). */
  readonly feature: CubePoint;
  readonly time: CubePoint;
  readonly m: Affine;
  readonly v: Affine;
  readonly r: Affine;
  readonly g: Affine | undefined;
  readonly h: Affine | undefined;
}

/** Rounding, ReLU, its derivative and its backpropagation, for all layers and steps at once. */
export function zkrelu(ctx: Context, fwd: Forward, bwd: Backward | undefined, upd: Update): ZkRelu {
  const { statement: s, shape, ledger, transcript } = ctx;
  const claims = tensorClaims(shape.layers, fwd, bwd, upd);
  const [epsilon, theta] = transcript.challenge("zkrelu.epsilon", 2) as [bigint, bigint];
  const variables = shape.featureBits + shape.omega;
  const omega = transcript.challenge("zkrelu.omega", variables);
  const scales = powers(epsilon, claims.length);
  const labels = ledger.say("zkrelu.labels", 1)[0]!;

  const power = (exponent: number): bigint => 1n << BigInt(exponent);
  const start = combine([
    ...claims.map(({ value }, c) => [scales[c]!, value] as const),
    [power(s.fG - s.sigma), labels],
  ]);
  const { claim, point } = sumcheck(ctx, "zkrelu", start, rounds(variables, 3));
  const feature = point.slice(0, shape.featureBits);
  const time = point.slice(shape.featureBits);

  const deep = shape.L > 1;
  const values = ledger.say("zkrelu.values", deep ? 6 : 4);
  const [m, v, r] = values as [Affine, Affine, Affine];
  const [g, h] = deep ? [values[3]!, values[4]!] : [undefined, undefined];
  const product = values.at(-1)!;

  const weight = tensorWeights(claims, scales, feature, time);
  const guard = mul(theta, eq(omega, point));
  // s = m·(w_A·v + w_G·g + θ·eq(Ω, e)·(m − 1)), g = ĝ − 2^(b·dg−1)
  const factor = combine(
    [[weight.A, v], [guard, m], ...(g ? [[weight.G, g] as const] : [])],
    -guard - weight.G * power(s.b * s.dg - 1),
  );
  ledger.product(m, factor, product);
  // z = 2^(b·dv)(m − 1) + v
  const z = combine(
    [
      [power(s.b * s.dv), m],
      [1n, v],
    ],
    -power(s.b * s.dv),
  );
  const final: (readonly [bigint, Affine])[] = [
    [1n, claim],
    [-1n, product],
    [-(weight.Z * power(s.R) + weight.GL * power(s.fG - s.fA)), z],
    [-weight.Z, r],
  ];
  let offset = weight.Z * power(s.R - 1);
  if (g && h) {
    final.push([-weight.GA * power(s.R), g], [-weight.GA, h]);
    offset += weight.GA * (power(s.R) * power(s.b * s.dg - 1) + power(s.R - 1));
  }
  ledger.zero(combine(final, offset));

  const labelClaims = claims.flatMap(({ tensor, parts, time: at }, c) =>
    tensor === "GL" ? [{ scale: scales[c]!, point: parts[0]!.point, time: at }] : [],
  );
  return { labels, labelClaims, feature, time, m, v, r, g, h };
}

/** The tensor claims in the order of PROTOCOL §14. */
function tensorClaims(
  layers: readonly LayerShape[],
  fwd: Forward,
  bwd: Backward | undefined,
  upd: Update,
): TensorClaim[] {
  const last = layers.at(-1)!;
  const previous = (layer: LayerShape): LayerShape => layers[layer.layer - 2]!;
  const on = (
    tensor: "A" | "G",
    value: Affine,
    layer: LayerShape,
    f: CubePoint,
    time: CubePoint,
  ) => ({
    tensor: tensor === "G" && layer === last ? ("GL" as const) : tensor,
    value,
    parts: [{ layer, point: f, scale: 1n }],
    time,
  });

  const claims: TensorClaim[] = [
    {
      tensor: "Z",
      value: fwd.sum,
      parts: layers.map((layer, l) => ({ layer, point: fwd.pJ, scale: fwd.lambdas[l]! })),
      time: [...fwd.pT, ...fwd.pI],
    },
  ];
  if (bwd)
    claims.push({
      tensor: "GA",
      value: bwd.sum,
      parts: bwd.lambdas.map((scale, l) => ({ layer: layers[l]!, point: bwd.pK, scale })),
      time: [...bwd.pT, ...bwd.pI],
    });
  for (const layer of layers.slice(1))
    claims.push(
      on("A", fwd.a[layer.layer - 1]!, previous(layer), fwd.kEnd, [...fwd.tEnd, ...fwd.pI]),
    );
  if (bwd)
    for (const [l, layer] of layers.slice(1).entries())
      claims.push(on("G", bwd.g[l]!, layer, bwd.jEnd, [...bwd.tEnd, ...bwd.pI]));
  const end = [...upd.tEnd, ...upd.iEnd];
  upd.claims.forEach(({ layer, inPoint }, c) => {
    if (layer.layer > 1) claims.push(on("A", upd.A[c]!, previous(layer), inPoint, end));
  });
  upd.claims.forEach(({ layer, outPoint }, c) => {
    claims.push(on("G", upd.G[c]!, layer, outPoint, end));
  });
  return claims;
}

/** w_Z, w_GA, w_A, w_G and w_GL at e = (feature, time). */
function tensorWeights(
  claims: readonly TensorClaim[],
  scales: readonly bigint[],
  feature: CubePoint,
  time: CubePoint,
): Record<Tensor, bigint> {
  const sums: Record<Tensor, bigint> = { Z: 0n, GA: 0n, A: 0n, G: 0n, GL: 0n };
  const { inner } = chiSums();
  claims.forEach((claim, c) => {
    const onFeatures = claim.parts.reduce(
      (sum, { layer, point, scale }) =>
        sum +
        scale * inner({ point, start: 0 }, { point: feature, start: layer.offset }, layer.outputs),
      0n,
    );
    const weight = mul(mul(scales[c]!, eq(claim.time, time)), mod(onFeatures));
    sums[claim.tensor] = mod(sums[claim.tensor] + weight);
  });
  return sums;
}
