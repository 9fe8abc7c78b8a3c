/** PROTOCOL §14: rounding, ReLU and their backpropagation, from dense weight tables. */
import { mod } from "../../src/protocol/field.ts";
import type { Model } from "./context.ts";
import { dot, eqTable, extend, pow, power2, rounds, sumOf } from "./dense.ts";
import type { Product, Update } from "./products.ts";

/** A claim on a tensor: weights of features by layer, and of (t, i). */
interface TensorClaim {
  readonly tensor: "Z" | "GA" | "A" | "G" | "GL";
  readonly value: bigint;
  readonly parts: readonly (readonly [layer: number, weights: readonly bigint[]])[];
  readonly time: readonly bigint[];
}

export interface ZkRelu {
  /** χ of e_φ and of (e_t, e_i). */
  readonly feature: bigint[];
  readonly time: bigint[];
  /** The claims on G_L: scaled weights of labels, and of (t, i). */
  readonly labels: readonly { readonly weights: bigint[]; readonly time: readonly bigint[] }[];
}

export function proveZkRelu(
  model: Model,
  fwd: Product,
  bwd: Product | undefined,
  upd: Update,
): ZkRelu {
  const { s, shape, trace, committed, prover } = model;
  const { TB, features, firstKind, dr } = shape;
  const claims = tensorClaims(model, fwd, bwd, upd);
  const [[epsilon, theta], omega] = [
    prover.transcript.challenge("zkrelu.epsilon", 2) as [bigint, bigint],
    prover.transcript.challenge("zkrelu.omega", shape.featureBits + shape.omega),
  ];
  const labels = claims.flatMap(({ tensor, parts, time }, c) =>
    tensor === "GL"
      ? [{ weights: parts[0]![1].map((x) => mod(x * pow(epsilon, c + 1))), time }]
      : [],
  );
  const yStar = labels.map(({ weights, time }) =>
    sumOf(TB, (c) => time[c]! * dot(trace.Y[c]!, weights)),
  );
  prover.say("zkrelu.labels", [yStar.reduce((sum, y) => sum + y)]);

  const size = 2 ** (shape.featureBits + shape.omega);
  const weightsOf = (tensor: TensorClaim["tensor"]): bigint[] => {
    const table = new Array<bigint>(size).fill(0n);
    claims.forEach((claim, index) => {
      if (claim.tensor !== tensor) return;
      for (const [layer, weights] of claim.parts)
        for (let j = 0; j < s.widths[layer]!; j++)
          for (let c = 0; c < TB; c++)
            table[(shape.layers[layer - 1]!.offset + j) * TB + c]! +=
              mod(pow(epsilon, index + 1) * weights[j]!) * claim.time[c]!;
    });
    return table.map(mod);
  };
  const digits = (kind: number, count: number): bigint[] =>
    Array.from({ length: size }, (_, a) =>
      a >= features * TB
        ? 0n
        : sumOf(count, (i) => committed.D[(kind + i) * features * TB + a]! << BigInt(s.b * i)),
    );
  const deep = shape.L > 1;
  const halfG = power2(s.b * s.dg - 1);
  const product = ([m, v, , g, , guard, , , wA, wG]: readonly bigint[]): bigint =>
    m! * (wA! * v! + wG! * (g! - halfG) + theta * guard! * (m! - 1n));
  const { point, values } = prover.sumcheck(
    "zkrelu",
    rounds(shape.featureBits + shape.omega, 3),
    [
      extend(committed.M, size),
      digits(firstKind.v, s.dv),
      digits(firstKind.r, dr),
      digits(firstKind.g, deep ? s.dg : 0),
      digits(firstKind.h, deep ? dr : 0),
      eqTable(omega),
      weightsOf("Z"),
      weightsOf("GA"),
      weightsOf("A"),
      weightsOf("G"),
      weightsOf("GL"),
    ],
    (x) => {
      const [m, v, r, g, h, , wZ, wGA, , , wGL] = x as (bigint & {})[];
      const z = power2(s.b * s.dv) * (m! - 1n) + v!;
      return (
        product(x) +
        wZ! * (power2(s.R) * z + r! - power2(s.R - 1)) +
        wGA! * (power2(s.R) * (g! - halfG) + h! - power2(s.R - 1)) +
        wGL! * power2(s.fG - s.fA) * z
      );
    },
  );
  prover.say("zkrelu.values", [...values.slice(0, deep ? 5 : 3), product(values)]);
  return {
    feature: eqTable(point.slice(0, shape.featureBits)),
    time: eqTable(point.slice(shape.featureBits)),
    labels,
  };
}

/** The claims in the order of PROTOCOL §14. */
function tensorClaims(
  { shape }: Model,
  fwd: Product,
  bwd: Product | undefined,
  upd: Update,
): TensorClaim[] {
  const { L, layers } = shape;
  const on = (tensor: "A" | "G", value: bigint, layer: number, f: bigint[], time: bigint[]) => ({
    tensor: tensor === "G" && layer === L ? ("GL" as const) : tensor,
    value,
    parts: [[layer, eqTable(f)] as const],
    time,
  });
  const scaled = ({ lambda, pJ }: Product, count: number): TensorClaim["parts"] =>
    layers
      .slice(0, count)
      .map(({ layer }) => [layer, eqTable(pJ).map((x) => x * pow(lambda, layer))]);
  const claims: TensorClaim[] = [
    { tensor: "Z", value: fwd.sum, parts: scaled(fwd, L), time: eqTable(fwd.pT, fwd.pI) },
  ];
  if (bwd)
    claims.push({
      tensor: "GA",
      value: bwd.sum,
      parts: scaled(bwd, L - 1),
      time: eqTable(bwd.pT, bwd.pI),
    });
  for (let l = 2; l <= L; l++)
    claims.push(on("A", fwd.left[l - 1]!, l - 1, fwd.kEnd, eqTable(fwd.tEnd, fwd.pI)));
  bwd?.left.forEach((value, i) => {
    claims.push(on("G", value, i + 2, bwd.kEnd, eqTable(bwd.tEnd, bwd.pI)));
  });
  upd.claims.forEach(({ layer, inPoint }, c) => {
    if (layer > 1) claims.push(on("A", upd.A[c]!, layer - 1, inPoint, upd.time));
  });
  upd.claims.forEach(({ layer, outPoint }, c) => {
    claims.push(on("G", upd.G[c]!, layer, outPoint, upd.time));
  });
  return claims;
}
