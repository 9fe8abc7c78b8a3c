/**
 * A prover straight from docs/PROTOCOL.md, in dense tables of field elements: a model for tests at
 * toy sizes, without any speed and without secrecy. The coefficients of the final linear form come from
 * the verifier's relations, run over the finished transcript; every value comes from the trace.
 */
import { inverse, mod, R as ORDER } from "../../src/protocol/field.ts";
import { ascii } from "../../src/protocol/bytes.ts";
import { GENERATOR_DIGEST, type Generators } from "../../src/protocol/generators.ts";
import { encodeProof, type Proof } from "../../src/protocol/proof.ts";
import type { Point } from "../../src/protocol/points.ts";
import { type Shape, shapeOf } from "../../src/protocol/shape.ts";
import { encodeStatement, type Statement } from "../../src/protocol/statement.ts";
import { Transcript } from "../../src/protocol/transcript.ts";
import { type Affine, evaluate } from "../../src/verifier/affine.ts";
import { Ledger } from "../../src/verifier/ledger.ts";
import { backward } from "../../src/verifier/relations/backward.ts";
import { forward } from "../../src/verifier/relations/forward.ts";
import { lookup } from "../../src/verifier/relations/lookup.ts";
import { opening } from "../../src/verifier/relations/opening.ts";
import { update } from "../../src/verifier/relations/update.ts";
import { zkrelu } from "../../src/verifier/relations/zkrelu.ts";
import { batchConstraints } from "../../src/verifier/sigma.ts";
import { commit, commitRows, type Rows } from "./commit.ts";
import { DenseProver, eqTable, extend, lagrangeWeights as chi, type Tamper } from "./dense.ts";
import type { Random } from "./random.ts";
import { type Committed, type Matrix, type Trace, withConstant } from "./training.ts";

/** The commitments that a proof needs, with their blindings. */
export interface Openings {
  readonly X: Rows;
  readonly WIn: Rows;
  readonly WOut: Rows;
}

const power = (exponent: number): bigint => 1n << BigInt(exponent);
const sumOf = (count: number, term: (i: number) => bigint): bigint => {
  let sum = 0n;
  for (let i = 0; i < count; i++) sum += term(i);
  return mod(sum);
};

interface TensorClaim {
  readonly tensor: "Z" | "GA" | "A" | "G";
  readonly value: bigint;
  /** [layer, weights of its features] */
  readonly parts: readonly (readonly [number, readonly bigint[]])[];
  /** χ_c of (t, i). */
  readonly time: readonly bigint[];
}

/** Where a prover may cheat in the Σ-protocol. */
export interface Cheat {
  readonly form?: (form: bigint) => bigint;
  readonly e0?: (e0: bigint) => bigint;
  readonly e1?: (e1: bigint) => bigint;
  readonly u?: (u: bigint[], columns: readonly bigint[]) => void;
  readonly committedPads?: (pads: bigint[]) => void;
}

/** A proof, and χ(y) of its opening. */
export interface Proved {
  readonly proof: Uint8Array;
  readonly columns: readonly bigint[];
}

/** Proves a trace, be it right or wrong. */
export function prove(
  s: Statement,
  trace: Trace,
  committed: Committed,
  rows: Openings,
  generators: Generators,
  random: Random,
  tamper?: Tamper,
  cheat: Cheat = {},
): Proved {
  const shape = shapeOf(s);
  const { T, B, TB, L, J, K, n0, nL, features, kinds, omega, layers } = shape;
  const columns = 2 ** s.kappa;
  const own = (values: bigint[]): Rows => commitRows(values, columns, generators, random);
  const [D, M, mu] = [own(committed.D), own(committed.M), own(committed.mu)];
  const pads = Array.from({ length: shape.hiddenValues }, () => random.scalar());
  const padBlinding = random.scalar();
  const committedPads = [...pads];
  cheat.committedPads?.(committedPads);
  const K0 = commit(committedPads, padBlinding, generators.P, generators.H);

  const begin = (): Transcript => {
    const transcript = new Transcript();
    transcript.absorbBytes("version", ascii("trainproof/1"));
    transcript.absorbBytes("statement", encodeStatement(s));
    transcript.absorbBytes("generators", GENERATOR_DIGEST);
    transcript.absorbPoints("samples", rows.X.points);
    if (s.startKind === 1) transcript.absorbPoints("weights.in", rows.WIn.points);
    transcript.absorbPoints("weights.out", rows.WOut.points);
    transcript.absorbPoints("D", D.points);
    transcript.absorbPoints("M", M.points);
    transcript.absorbPoints("mu", mu.points);
    transcript.absorbPoints("K", [K0]);
    return transcript;
  };
  const transcript = begin();
  const prover = new DenseProver(transcript, pads, tamper);
  const ask = (label: string, count: number): bigint[] => transcript.challenge(label, count);
  const ask1 = (label: string): bigint => ask(label, 1)[0]!;

  // §10 lookup
  const alpha = ask1("lookup.alpha");
  const used = kinds * features;
  const leafQ = new Array<bigint>(2 ** shape.d1).fill(1n);
  const leafP = new Array<bigint>(2 ** shape.d1).fill(0n);
  const leaf = (row: number, c: number, word: bigint): void => {
    leafP[row * TB + c] = 1n;
    leafQ[row * TB + c] = mod(alpha - word);
  };
  committed.D.forEach((digit, a) => {
    leaf(Math.floor(a / TB), a % TB, digit);
  });
  for (let c = 0; c < TB; c++) {
    for (let f = 0; f < n0; f++) leaf(used + f, c, committed.X[c * columns + f]! + BigInt(s.x0));
    for (let j = 0; j < nL; j++)
      leaf(used + n0 + j, c, committed.X[c * columns + n0 + j]! + BigInt(s.y0));
  }
  const tree1 = fractionTree(leafP, leafQ);
  const tree2 = fractionTree(
    committed.mu,
    committed.mu.map((_, w) => mod(alpha - BigInt(w))),
  );
  const [P1, Q1, P2, Q2] = [tree1.p[0]![0]!, tree1.q[0]![0]!, tree2.p[0]![0]!, tree2.q[0]![0]!];
  const c2 = mod(Q1 * Q2);
  prover.say("lookup.roots", [P1, Q1, P2, Q2, mod(P1 * Q2), c2, inverse(c2)]);
  const descend = (name: string, tree: typeof tree1): { q: bigint; p: bigint; e: bigint[] } => {
    let [p, q, e] = [tree.p[0]![0]!, tree.q[0]![0]!, [] as bigint[]];
    for (let level = 0; level < tree.p.length - 1; level++) {
      const lambda = ask1(`${name}.lambda`);
      const half = (table: bigint[], bit: number): bigint[] =>
        table.filter((_, a) => a % 2 === bit);
      const [below, belowQ] = [tree.p[level + 1]!, tree.q[level + 1]!];
      const tables = [eqTable(e), half(below, 0), half(below, 1), half(belowQ, 0), half(belowQ, 1)];
      const end = prover.sumcheck(
        name,
        new Array<number>(level).fill(3),
        tables,
        ([w, p0, p1, q0, q1]) => w! * (q1! * (lambda * p0! + q0!) + lambda * p1! * q0!),
      );
      const [, p0, p1, q0, q1] = end.values as [bigint, bigint, bigint, bigint, bigint];
      prover.say(`${name}.children`, [p0, p1, q0, q1, q1 * (lambda * p0 + q0), p1 * q0]);
      const c = ask1(`${name}.child`);
      [p, q, e] = [mod(p0 + c * (p1 - p0)), mod(q0 + c * (q1 - q0)), [...end.point, c]];
    }
    return { p, q, e };
  };
  const leaf1 = descend("tree1", tree1);
  const leaf2 = descend("tree2", tree2);

  // §11 forward
  const fp = ask("forward.point", s.tau + s.beta + J);
  const [pT, pI, pJ] = [
    fp.slice(0, s.tau),
    fp.slice(s.tau, s.tau + s.beta),
    fp.slice(s.tau + s.beta),
  ];
  const lambda = ask1("forward.lambda");
  const pow = (base: bigint, n: number): bigint =>
    Array.from({ length: n }).reduce<bigint>((x) => mod(x * base), 1n);
  const timeTable = (t: readonly bigint[], i: readonly bigint[]): bigint[] => eqTable([...t, ...i]);
  /** Σ_j weights_j·row_j */
  const dot = (row: readonly bigint[], weights: readonly bigint[]): bigint =>
    sumOf(row.length, (j) => row[j]! * weights[j]!);
  const overBatch = (tensor: Matrix, i: readonly bigint[], t: number, k: number): bigint => {
    const weights = eqTable(i);
    return sumOf(B, (b) => weights[b]! * (tensor[t * B + b]![k] ?? 0n));
  };
  const [chiJ, chiPT] = [eqTable(pJ), timeTable(pT, pI)];
  const SF = sumOf(L, (l) =>
    mod(pow(lambda, l + 1) * sumOf(TB, (c) => chiPT[c]! * dot(trace.Z[l + 1]![c]!, chiJ))),
  );
  prover.say("forward.sum", [SF]);
  const grid = (bits: number, f: (t: number, k: number) => bigint): bigint[] =>
    Array.from({ length: T * 2 ** bits }, (_, a) =>
      mod(f(Math.floor(a / 2 ** bits), a % 2 ** bits)),
    );
  const forwardTables = layers.flatMap(({ layer: l, inputs }) => [
    grid(K, (t, k) => (k === inputs ? power(s.fA) : overBatch(trace.A[l - 1]!, pI, t, k))),
    grid(K, (t, k) => (k <= inputs ? dot(trace.W[t]![l]![k]!, chiJ) : 0n)),
    grid(K, (t, k) => (k < inputs ? overBatch(trace.A[l - 1]!, pI, t, k) : 0n)),
  ]);
  const pTTable = eqTable(pT);
  const forwardEnd = prover.sumcheck(
    "forward",
    [...new Array<number>(K).fill(2), ...new Array<number>(s.tau).fill(3)],
    [grid(K, (t) => pTTable[t]!), ...forwardTables],
    ([w, ...rest]) => w! * sumOf(L, (l) => pow(lambda, l + 1) * rest[3 * l]! * rest[3 * l + 1]!),
  );
  const [tF, kF] = [forwardEnd.point.slice(0, s.tau), forwardEnd.point.slice(s.tau)];
  const a = layers.map((_, l) => forwardEnd.values[3 * l + 3]!);
  const w = layers.map((_, l) => forwardEnd.values[3 * l + 2]!);
  prover.say("forward.values", [
    ...a,
    ...w,
    ...layers.map(({ inputs }, l) => (a[l]! + power(s.fA) * chi(kF, inputs)) * w[l]!),
  ]);

  // §12 backward
  let bwd = {
    pT: [] as bigint[],
    pI: [] as bigint[],
    pK: [] as bigint[],
    tE: [] as bigint[],
    jE: [] as bigint[],
  };
  let [SB, lambdaB, gB, wB] = [0n, 0n, [] as bigint[], [] as bigint[]];
  if (L > 1) {
    const bp = ask("backward.point", s.tau + s.beta + J);
    const [bT, bI, bK] = [
      bp.slice(0, s.tau),
      bp.slice(s.tau, s.tau + s.beta),
      bp.slice(s.tau + s.beta),
    ];
    lambdaB = ask1("backward.lambda");
    const [chiK, chiBT] = [eqTable(bK), timeTable(bT, bI)];
    SB = sumOf(L - 1, (l) =>
      mod(pow(lambdaB, l + 1) * sumOf(TB, (c) => chiBT[c]! * dot(trace.GA[l + 1]![c]!, chiK))),
    );
    prover.say("backward.sum", [SB]);
    const tables = layers
      .slice(1)
      .flatMap(({ layer, inputs, outputs }) => [
        grid(J, (t, j) => overBatch(trace.G[layer]!, bI, t, j)),
        grid(J, (t, j) =>
          j < outputs ? sumOf(inputs, (k) => chiK[k]! * trace.W[t]![layer]![k]![j]!) : 0n,
        ),
      ]);
    const bTTable = eqTable(bT);
    const end = prover.sumcheck(
      "backward",
      [...new Array<number>(J).fill(2), ...new Array<number>(s.tau).fill(3)],
      [grid(J, (t) => bTTable[t]!), ...tables],
      ([x, ...rest]) =>
        x! * sumOf(L - 1, (l) => pow(lambdaB, l + 1) * rest[2 * l]! * rest[2 * l + 1]!),
    );
    gB = layers.slice(1).map((_, l) => end.values[2 * l + 1]!);
    wB = layers.slice(1).map((_, l) => end.values[2 * l + 2]!);
    prover.say("backward.values", [...gB, ...wB, ...gB.map((g, l) => g * wB[l]!)]);
    bwd = { pT: bT, pI: bI, pK: bK, tE: end.point.slice(0, s.tau), jE: end.point.slice(s.tau) };
  }

  // §13 update
  const up = ask("update.point", K + J);
  const [oK, oJ] = [up.slice(0, K), up.slice(K)];
  const delta = ask1("update.delta");
  const later = (time: readonly bigint[]): bigint[] => {
    const table = eqTable(time);
    return table.map((_, t) => mod(table.slice(t + 1).reduce((x, y) => x + y, 0n)));
  };
  const claims = [
    ...layers.map((y) => ({ l: y.layer, i: kF, o: pJ, bias: true, u: later(tF), out: false })),
    ...layers.slice(1).map((y) => ({
      l: y.layer,
      i: bwd.pK,
      o: bwd.jE,
      bias: false,
      u: later(bwd.tE),
      out: false,
    })),
    ...layers.map((y) => ({
      l: y.layer,
      i: oK,
      o: oJ,
      bias: true,
      u: new Array<bigint>(T).fill(1n),
      out: true,
    })),
  ];
  const onWeights = (weights: Matrix[], { l, i, o, bias }: (typeof claims)[0]): bigint => {
    const [ins, outs] = [eqTable(i), eqTable(o)];
    const matrix = weights[l]!;
    return sumOf(matrix.length - (bias ? 0 : 1), (k) => ins[k]! * dot(matrix[k]!, outs));
  };
  const VIn = sumOf(claims.length, (c) => pow(delta, c + 1) * onWeights(trace.W[0]!, claims[c]!));
  const VOut = sumOf(claims.length, (c) =>
    claims[c]!.out ? pow(delta, c + 1) * onWeights(trace.W[T]!, claims[c]!) : 0n,
  );
  prover.say("update.weights", s.startKind === 1 ? [VIn, VOut] : [VOut]);
  const over = (f: (t: number, c: number) => bigint): bigint[] =>
    Array.from({ length: TB }, (_, c) => mod(f(Math.floor(c / B), c)));
  const updateTables = claims.flatMap(({ l, i, o, bias, u }) => {
    const [ins, outs] = [eqTable(i), eqTable(o)];
    return [
      over((t) => u[t]!),
      over((_, c) =>
        dot(bias ? withConstant(trace.A[l - 1]![c]!, s.fA) : trace.A[l - 1]![c]!, ins),
      ),
      over((_, c) => dot(trace.G[l]![c]!, outs)),
      over((_, c) => dot(trace.A[l - 1]![c]!, ins)),
    ];
  });
  const updateEnd = prover.sumcheck(
    "update",
    [...new Array<number>(s.beta).fill(2), ...new Array<number>(s.tau).fill(3)],
    updateTables,
    (x) =>
      s.eta *
      sumOf(claims.length, (c) => pow(delta, c + 1) * x[4 * c]! * x[4 * c + 1]! * x[4 * c + 2]!),
  );
  const [tU, iU] = [updateEnd.point.slice(0, s.tau), updateEnd.point.slice(s.tau)];
  const AU = claims.map((_, c) => updateEnd.values[4 * c + 3]!);
  const GU = claims.map((_, c) => updateEnd.values[4 * c + 2]!);
  const PU = claims.map((_, c) => updateEnd.values[4 * c + 1]! * GU[c]!);
  prover.say("update.values", [...AU, ...GU, ...PU]);

  // §14 zkReLU
  const tensorClaims: TensorClaim[] = [
    {
      tensor: "Z",
      value: SF,
      parts: layers.map((_, l) => [l + 1, chiJ.map((x) => x * pow(lambda, l + 1))]),
      time: chiPT,
    },
  ];
  if (L > 1)
    tensorClaims.push({
      tensor: "GA",
      value: SB,
      parts: layers
        .slice(1)
        .map((_, l) => [l + 1, eqTable(bwd.pK).map((x) => x * pow(lambdaB, l + 1))]),
      time: timeTable(bwd.pT, bwd.pI),
    });
  const tensorClaim = (tensor: "A" | "G", value: bigint, l: number, f: bigint[], time: bigint[]) =>
    tensorClaims.push({ tensor, value, parts: [[l, eqTable(f)]], time });
  for (let l = 2; l <= L; l++) tensorClaim("A", a[l - 1]!, l - 1, kF, timeTable(tF, pI));
  for (let l = 1; l < L; l++)
    tensorClaim("G", gB[l - 1]!, l + 1, bwd.jE, timeTable(bwd.tE, bwd.pI));
  claims.forEach(({ l, i }, c) => {
    if (l >= 2) tensorClaim("A", AU[c]!, l - 1, i, timeTable(tU, iU));
  });
  claims.forEach(({ l, o }, c) => tensorClaim("G", GU[c]!, l, o, timeTable(tU, iU)));
  const [epsilon, theta] = ask("zkrelu.epsilon", 2) as [bigint, bigint];
  const Omega = ask("zkrelu.omega", shape.featureBits + omega);
  const labelClaims = tensorClaims.map(({ tensor, parts }) => tensor === "G" && parts[0]![0] === L);
  const yStar = sumOf(tensorClaims.length, (c) => {
    if (!labelClaims[c]) return 0n;
    const { parts, time } = tensorClaims[c]!;
    return pow(epsilon, c + 1) * sumOf(TB, (x) => time[x]! * dot(trace.Y[x]!, parts[0]![1]));
  });
  prover.say("zkrelu.labels", [yStar]);
  const size = 2 ** (shape.featureBits + omega);
  const weightTable = (wanted: (claim: TensorClaim, c: number) => boolean): bigint[] => {
    const table = new Array<bigint>(size).fill(0n);
    tensorClaims.forEach((claim, c) => {
      if (!wanted(claim, c)) return;
      for (const [l, weights] of claim.parts)
        for (let j = 0; j < s.widths[l]!; j++)
          for (let x = 0; x < TB; x++)
            table[(layers[l - 1]!.offset + j) * TB + x]! +=
              mod(pow(epsilon, c + 1) * weights[j]!) * claim.time[x]!;
    });
    return table.map(mod);
  };
  const digits = (kind: number, count: number): bigint[] =>
    Array.from({ length: size }, (_, x) =>
      x < features * TB
        ? sumOf(count, (i) => committed.D[(kind + i) * features * TB + x]! << BigInt(s.b * i))
        : 0n,
    );
  const deep = L > 1;
  const zkTables = [
    extend(committed.M, size),
    digits(shape.firstKind.v, s.dv),
    digits(shape.firstKind.r, shape.dr),
    deep ? digits(shape.firstKind.g, s.dg) : extend([], size),
    deep ? digits(shape.firstKind.h, shape.dr) : extend([], size),
    weightTable(({ tensor }) => tensor === "Z"),
    weightTable(({ tensor }) => tensor === "GA"),
    weightTable(({ tensor }) => tensor === "A"),
    weightTable(({ tensor }, c) => tensor === "G" && !labelClaims[c]),
    weightTable((_, c) => labelClaims[c]!),
    eqTable(Omega),
  ];
  const product = ([m, v, , g, , , , wA, wG, , guard]: readonly bigint[]): bigint =>
    m! * (wA! * v! + wG! * (g! - power(s.b * s.dg - 1)) + theta * guard! * (m! - 1n));
  const zkEnd = prover.sumcheck(
    "zkrelu",
    new Array<number>(shape.featureBits + omega).fill(3),
    zkTables,
    (x) => {
      const [m, v, r, g, h, wZ, wGA, , , wGL] = x as [
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
      ];
      const z = power(s.b * s.dv) * (m - 1n) + v;
      return (
        product(x) +
        wZ * (power(s.R) * z + r - power(s.R - 1)) +
        wGA * (power(s.R) * (g - power(s.b * s.dg - 1)) + h - power(s.R - 1)) +
        wGL * power(s.fG - s.fA) * z
      );
    },
  );
  prover.say("zkrelu.values", [...zkEnd.values.slice(0, deep ? 5 : 3), product(zkEnd.values)]);
  const [eF, eT] = [zkEnd.point.slice(0, shape.featureBits), zkEnd.point.slice(shape.featureBits)];

  // §15 opening
  const xi = ask1("opening.xi");
  const names = (["D", "M", "mu", "WIn", "WOut", "X"] as const).filter(
    (name) => name !== "WIn" || s.startKind === 1,
  );
  const cells = 2 ** shape.openingBits;
  const weights = Object.fromEntries(names.map((n) => [n, extend([], cells)])) as Record<
    string,
    bigint[]
  >;
  let order = 0;
  const openingClaim = (
    fill: (add: (name: string, address: number, weight: bigint) => void) => void,
  ): void => {
    const scale = pow(xi, ++order);
    fill((name, address, weight) => {
      weights[name]![address] = mod(weights[name]![address]! + scale * weight);
    });
  };
  const each = (...counts: [number, number]): [number, number][] =>
    Array.from({ length: counts[0] * counts[1] }, (_, i) => [
      Math.floor(i / counts[1]),
      i % counts[1],
    ]);
  const onX = (
    count: number,
    first: number,
    time: readonly bigint[],
    f: (j: number) => bigint,
    add: (name: string, address: number, weight: bigint) => void,
  ): void => {
    for (const [c, j] of each(TB, count)) add("X", c * columns + first + j, time[c]! * f(j));
  };
  const split = shape.d1 - omega;
  const [leafRow, leafTime] = [leaf1.e.slice(0, split), eqTable(leaf1.e.slice(split))];
  openingClaim((add) => {
    for (const [row, c] of each(used, TB)) add("D", row * TB + c, chi(leafRow, row) * leafTime[c]!);
    onX(n0 + nL, 0, leafTime, (f) => chi(leafRow, used + f), add);
  });
  openingClaim((add) => eqTable(leaf2.e).forEach((x, word) => add("mu", word, x)));
  const [chiF, chiT] = [eqTable(eF), eqTable(eT)];
  openingClaim((add) => {
    for (const [f, c] of each(features, TB)) add("M", f * TB + c, chiF[f]! * chiT[c]!);
  });
  const digitClaim = (kind: number, count: number): void => {
    openingClaim((add) => {
      for (let i = 0; i < count; i++)
        for (const [f, c] of each(features, TB))
          add("D", ((kind + i) * features + f) * TB + c, (chiF[f]! * chiT[c]!) << BigInt(s.b * i));
    });
  };
  digitClaim(shape.firstKind.v, s.dv);
  digitClaim(shape.firstKind.r, shape.dr);
  if (deep) digitClaim(shape.firstKind.g, s.dg);
  if (deep) digitClaim(shape.firstKind.h, shape.dr);
  const weightClaim = (name: "WIn" | "WOut", wanted: (c: (typeof claims)[0]) => boolean): void => {
    openingClaim((add) => {
      claims.forEach((claim, c) => {
        if (!wanted(claim)) return;
        const { inputs, outputs, base, columnBits } = layers[claim.l - 1]!;
        const [ins, outs] = [eqTable(claim.i), eqTable(claim.o)];
        for (const [k, j] of each(inputs + (claim.bias ? 1 : 0), outputs))
          add(name, base + k * 2 ** columnBits + j, pow(delta, c + 1) * mod(ins[k]! * outs[j]!));
      });
    });
  };
  if (s.startKind === 1) weightClaim("WIn", () => true);
  weightClaim("WOut", ({ out }) => out);
  const chiKF = eqTable(kF);
  openingClaim((add) => {
    onX(n0, 0, timeTable(tF, pI), (f) => chiKF[f]!, add);
  });
  for (const { l, i } of claims)
    if (l === 1)
      openingClaim((add) => {
        onX(n0, 0, timeTable(tU, iU), (f) => eqTable(i)[f]!, add);
      });
  openingClaim((add) => {
    tensorClaims.forEach(({ parts, time }, c) => {
      if (labelClaims[c]) onX(nL, n0, time, (j) => pow(epsilon, c + 1) * parts[0]![1][j]!, add);
    });
  });
  const openingEnd = prover.sumcheck(
    "opening",
    new Array<number>(shape.openingBits).fill(2),
    names.flatMap((name) => [weights[name]!, extend(committed[name].map(mod), cells)]),
    (x) => sumOf(names.length, (k) => x[2 * k]! * x[2 * k + 1]!),
  );
  prover.say(
    "opening.values",
    names.map((_, k) => openingEnd.values[2 * k + 1]!),
  );
  const [lambdaO] = ask("opening.lambda", 3) as [bigint];
  const x = openingEnd.point.slice(0, shape.openingBits - s.kappa);
  const own2: Record<string, Rows> = { D, M, mu, ...rows };
  let blindingU = 0n;
  const u = extend([], columns);
  names.forEach((name, k) => {
    const scale = pow(lambdaO, k + 1);
    own2[name]!.blindings.forEach((blinding, row) => {
      const weight = mod(scale * chi(x, row));
      blindingU = mod(blindingU + weight * blinding);
      for (let i = 0; i < columns; i++)
        u[i] = mod(u[i]! + weight * (committed[name][row * columns + i] ?? 0n));
    });
  });

  // §16: the coefficients of the form and of the products, from the verifier's relations
  const replay = begin();
  const padded = prover.padded;
  const ctx = { statement: s, shape, transcript: replay, ledger: new Ledger(padded, replay) };
  const lkp = lookup(ctx);
  const fwd = forward(ctx);
  const back = backward(ctx);
  const upd = update(ctx, fwd, back);
  const zkr = zkrelu(ctx, fwd, back, upd);
  const open = opening(ctx, { lookup: lkp, forward: fwd, update: upd, zkrelu: zkr });
  return finish(shape, {
    ctx,
    open,
    cheat,
    u,
    blindingU,
    pads,
    padBlinding,
    values: prover.values,
    padded,
    columns,
    generators,
    random,
    transcript,
    commitments: { D: D.points, M: M.points, mu: mu.points, K: [K0] },
  });
}

interface Finish {
  readonly ctx: Parameters<typeof batchConstraints>[0];
  readonly open: ReturnType<typeof opening>;
  readonly cheat: Cheat;
  readonly u: bigint[];
  readonly blindingU: bigint;
  readonly pads: bigint[];
  readonly padBlinding: bigint;
  readonly values: bigint[];
  readonly padded: bigint[];
  readonly columns: number;
  readonly generators: Generators;
  readonly random: Random;
  readonly transcript: Transcript;
  readonly commitments: Record<"D" | "M" | "mu" | "K", Point[]>;
}

/** The Σ-protocol's prover (PROTOCOL §16). */
function finish(shape: Shape, f: Finish): Proved {
  const { generators: gens, random, transcript, open, cheat } = f;
  const { expression, last } = batchConstraints(f.ctx, open);
  const u1 = f.u.map(() => random.scalar());
  const k1 = f.pads.map(() => random.scalar());
  const [b1, b2, b3, b4] = [random.scalar(), random.scalar(), random.scalar(), random.scalar()];
  const columns = eqTable(open.y);
  cheat.u?.(f.u, columns);
  let form = mod(
    evaluate(expression, k1, 0n) + last * sumOf(f.columns, (i) => u1[i]! * columns[i]!),
  );
  form = mod(cheat.form?.(form) ?? form);
  const masked = (e: Affine): bigint => evaluate(e, k1, 0n);
  const value = (e: Affine): bigint => evaluate(e, f.values, 1n);
  let [e0, e1, scale] = [0n, 0n, 1n];
  for (const { x, y, z } of f.ctx.ledger.products) {
    scale = mod(scale * open.gamma);
    e0 = mod(e0 + scale * masked(x) * masked(y));
    e1 = mod(e1 + scale * (masked(z) - value(x) * masked(y) - value(y) * masked(x)));
  }
  e0 = mod(cheat.e0?.(e0) ?? e0);
  e1 = mod(cheat.e1?.(e1) ?? e1);
  const masks = [commit(u1, b1, gens.G, gens.H), commit(k1, b2, gens.P, gens.H)];
  const cross = [commit([e0], b3, gens.G, gens.H), commit([e1], b4, gens.G, gens.H)];
  transcript.absorbPoints("sigma.masks", masks);
  transcript.absorbScalars("sigma.form", [form]);
  transcript.absorbPoints("sigma.cross", cross);
  const x = transcript.challenge("sigma.x", 1)[0]!;
  const answer = (mask: bigint, secret: bigint): bigint => (mask + x * secret) % ORDER;
  const proof: Proof = {
    ...f.commitments,
    hidden: f.padded,
    masks,
    form: [form],
    cross,
    answerRow: u1.map((mask, i) => answer(mask, f.u[i]!)),
    answerPads: k1.map((mask, n) => answer(mask, f.pads[n]!)),
    answerBlindings: [answer(b1, f.blindingU), answer(b2, f.padBlinding), answer(b3, b4)],
  };
  if (f.padded.length !== shape.hiddenValues) throw new Error("model: N is wrong");
  return { proof: encodeProof(proof), columns };
}

/** Levels of a tree of fractions, level 0 the root. */
function fractionTree(leafP: bigint[], leafQ: bigint[]): { p: bigint[][]; q: bigint[][] } {
  const [p, q] = [[leafP], [leafQ]];
  while (p[0]!.length > 1) {
    const [below, belowQ] = [p[0]!, q[0]!];
    const parent = (f: (left: number, right: number) => bigint): bigint[] =>
      Array.from({ length: below.length / 2 }, (_, a) => mod(f(2 * a, 2 * a + 1)));
    p.unshift(parent((x, y) => below[x]! * belowQ[y]! + below[y]! * belowQ[x]!));
    q.unshift(parent((x, y) => belowQ[x]! * belowQ[y]!));
  }
  return { p, q };
}
