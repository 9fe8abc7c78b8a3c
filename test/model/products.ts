/** The matrix products: forward, backward and update (PROTOCOL §11 to §13). */
import { mod } from "../../src/protocol/field.ts";
import type { Model } from "./context.ts";
import { chi, dot, eqTable, pow, power2, rounds, sumOf } from "./dense.ts";
import { type Matrix, withConstant } from "./training.ts";

/** What forward and backward leave: where their sumchecks began and ended, and what they said. */
export interface Product {
  /** Points of time, batch and feature at which the sum was taken; λ. */
  readonly pT: bigint[];
  readonly pI: bigint[];
  readonly pJ: bigint[];
  readonly lambda: bigint;
  readonly sum: bigint;
  readonly tEnd: bigint[];
  readonly kEnd: bigint[];
  /** Claims on the left factors' tensors. */
  readonly left: bigint[];
}

/** A table over t·2^bits + k. */
const grid = ({ shape }: Model, bits: number, f: (t: number, k: number) => bigint): bigint[] =>
  Array.from({ length: shape.T * 2 ** bits }, (_, a) =>
    mod(f(Math.floor(a / 2 ** bits), a % 2 ** bits)),
  );

/** Σ_i χ_i(point) tensor(t, i, k), zero beyond the tensor's width. */
const overBatch = (
  { shape }: Model,
  tensor: Matrix,
  point: bigint[],
  t: number,
  k: number,
): bigint => {
  const weights = eqTable(point);
  return sumOf(shape.B, (i) => weights[i]! * (tensor[t * shape.B + i]![k] ?? 0n));
};

export function proveForward(model: Model): Product {
  const { s, shape, trace, prover } = model;
  const { L, K, TB, layers } = shape;
  const [pT, pI, pJ] = prover.askParts("forward.point", s.tau, s.beta, shape.J);
  const lambda = prover.ask("forward.lambda");
  const [chiT, chiTime, chiJ] = [eqTable(pT), eqTable(pT, pI), eqTable(pJ)];
  const sum = sumOf(L, (l) =>
    mod(pow(lambda, l + 1) * sumOf(TB, (c) => chiTime[c]! * dot(trace.Z[l + 1]![c]!, chiJ))),
  );
  prover.say("forward.sum", [sum]);
  const { point, values } = prover.sumcheck(
    "forward",
    [...rounds(K, 2), ...rounds(s.tau, 3)],
    [
      grid(model, K, (t) => chiT[t]!),
      ...layers.flatMap(({ layer, inputs }) => {
        const input = trace.A[layer - 1]!;
        return [
          grid(model, K, (t, k) =>
            k === inputs ? power2(s.fA) : overBatch(model, input, pI, t, k),
          ),
          grid(model, K, (t, k) => (k <= inputs ? dot(trace.W[t]![layer]![k]!, chiJ) : 0n)),
          grid(model, K, (t, k) => (k < inputs ? overBatch(model, input, pI, t, k) : 0n)),
        ];
      }),
    ],
    ([x, ...rest]) => x! * sumOf(L, (l) => pow(lambda, l + 1) * rest[3 * l]! * rest[3 * l + 1]!),
  );
  const [tEnd, kEnd] = [point.slice(0, s.tau), point.slice(s.tau)];
  const left = layers.map((_, l) => values[3 * l + 3]!);
  const w = layers.map((_, l) => values[3 * l + 2]!);
  const products = layers.map(
    ({ inputs }, l) => (left[l]! + power2(s.fA) * chi(kEnd, inputs)) * w[l]!,
  );
  prover.say("forward.values", [...left, ...w, ...products]);
  return { pT, pI, pJ, lambda, sum, tEnd, kEnd, left };
}

export function proveBackward(model: Model): Product | undefined {
  const { s, shape, trace, prover } = model;
  const { L, J, TB } = shape;
  if (L === 1) return undefined;
  const above = shape.layers.slice(1);
  const [pT, pI, pJ] = prover.askParts("backward.point", s.tau, s.beta, J);
  const lambda = prover.ask("backward.lambda");
  const [chiT, chiTime, chiK] = [eqTable(pT), eqTable(pT, pI), eqTable(pJ)];
  const sum = sumOf(L - 1, (l) =>
    mod(pow(lambda, l + 1) * sumOf(TB, (c) => chiTime[c]! * dot(trace.GA[l + 1]![c]!, chiK))),
  );
  prover.say("backward.sum", [sum]);
  const { point, values } = prover.sumcheck(
    "backward",
    [...rounds(J, 2), ...rounds(s.tau, 3)],
    [
      grid(model, J, (t) => chiT[t]!),
      ...above.flatMap(({ layer, inputs, outputs }) => [
        grid(model, J, (t, j) => overBatch(model, trace.G[layer]!, pI, t, j)),
        grid(model, J, (t, j) =>
          j < outputs ? sumOf(inputs, (k) => chiK[k]! * trace.W[t]![layer]![k]![j]!) : 0n,
        ),
      ]),
    ],
    ([x, ...rest]) =>
      x! * sumOf(L - 1, (l) => pow(lambda, l + 1) * rest[2 * l]! * rest[2 * l + 1]!),
  );
  const left = above.map((_, l) => values[2 * l + 1]!);
  const w = above.map((_, l) => values[2 * l + 2]!);
  prover.say("backward.values", [...left, ...w, ...left.map((g, l) => g * w[l]!)]);
  const [tEnd, kEnd] = [point.slice(0, s.tau), point.slice(s.tau)];
  return { pT, pI, pJ, lambda, sum, tEnd, kEnd, left };
}

/** A weight claim of PROTOCOL §13's table. */
export interface WeightClaim {
  readonly layer: number;
  readonly inPoint: bigint[];
  readonly outPoint: bigint[];
  readonly bias: boolean;
  /** O: on the output weights. */
  readonly output: boolean;
  /** u(t) */
  readonly time: bigint[];
}

export interface Update {
  readonly claims: readonly WeightClaim[];
  readonly delta: bigint;
  /** p_w */
  readonly range: bigint[];
  readonly A: bigint[];
  readonly G: bigint[];
  /** χ of (t^u, i^u). */
  readonly time: bigint[];
}

export function proveUpdate(model: Model, fwd: Product, bwd: Product | undefined): Update {
  const { s, shape, trace, prover } = model;
  const { T, B, TB, layers } = shape;
  const [oK, oJ, range] = prover.askParts("update.point", shape.K, shape.J, shape.startBits);
  const delta = prover.ask("update.delta");
  /** Σ_{t'>t} χ_{t'}(point) for each t. */
  const later = (point: bigint[]): bigint[] => {
    const table = eqTable(point);
    return table.map((_, t) => sumOf(T - 1 - t, (i) => table[t + 1 + i]!));
  };
  const claims: WeightClaim[] = layers.map(({ layer }) => ({
    layer,
    inPoint: fwd.kEnd,
    outPoint: fwd.pJ,
    bias: true,
    output: false,
    time: later(fwd.tEnd),
  }));
  if (bwd)
    for (const { layer } of layers.slice(1)) {
      const points = { inPoint: bwd.pJ, outPoint: bwd.kEnd, time: later(bwd.tEnd) };
      claims.push({ layer, ...points, bias: false, output: false });
    }
  const always = new Array<bigint>(T).fill(1n);
  for (const { layer } of layers)
    claims.push({ layer, inPoint: oK, outPoint: oJ, bias: true, output: true, time: always });

  const value = (weights: Matrix[], { layer, inPoint, outPoint, bias }: WeightClaim): bigint => {
    const [ins, outs, matrix] = [eqTable(inPoint), eqTable(outPoint), weights[layer]!];
    return sumOf(matrix.length - (bias ? 0 : 1), (k) => ins[k]! * dot(matrix[k]!, outs));
  };
  const batched = (weights: Matrix[], outputOnly: boolean): bigint =>
    sumOf(claims.length, (c) =>
      outputOnly && !claims[c]!.output ? 0n : pow(delta, c + 1) * value(weights, claims[c]!),
    );
  const [vIn, vOut] = [batched(trace.W[0]!, false), batched(trace.W[T]!, true)];
  prover.say("update.weights", s.startKind !== 0 ? [vIn, vOut] : [vOut]);

  const overTime = (f: (t: number, c: number) => bigint): bigint[] =>
    Array.from({ length: TB }, (_, c) => mod(f(Math.floor(c / B), c)));
  const { point, values } = prover.sumcheck(
    "update",
    [...rounds(s.beta, 2), ...rounds(s.tau, 3)],
    claims.flatMap(({ layer, inPoint, outPoint, bias, time }) => {
      const [ins, outs, input] = [eqTable(inPoint), eqTable(outPoint), trace.A[layer - 1]!];
      return [
        overTime((t) => time[t]!),
        overTime((_, c) => dot(bias ? withConstant(input[c]!, s.fA) : input[c]!, ins)),
        overTime((_, c) => dot(trace.G[layer]![c]!, outs)),
        overTime((_, c) => dot(input[c]!, ins)),
      ];
    }),
    (x) =>
      s.eta *
      sumOf(claims.length, (c) => pow(delta, c + 1) * x[4 * c]! * x[4 * c + 1]! * x[4 * c + 2]!),
  );
  const A = claims.map((_, c) => values[4 * c + 3]!);
  const G = claims.map((_, c) => values[4 * c + 2]!);
  prover.say("update.values", [...A, ...G, ...G.map((g, c) => values[4 * c + 1]! * g)]);
  return { claims, delta, range, A, G, time: eqTable(point) };
}
