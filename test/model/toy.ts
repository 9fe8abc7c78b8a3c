/** Small runs for tests: data set, statement, trace, commitments and a proof by the model prover. */
import { readFileSync } from "node:fs";

import { log2c } from "../../src/protocol/field.ts";
import { type Generators, readGenerators } from "../../src/protocol/generators.ts";
import { encodePoints } from "../../src/protocol/points.ts";
import { SampleList } from "../../src/protocol/samples.ts";
import { batchIndices } from "../../src/protocol/schedule.ts";
import { type Shape, shapeOf } from "../../src/protocol/shape.ts";
import { encodeStatement, type Statement } from "../../src/protocol/statement.ts";
import { weightBound } from "../../src/protocol/check.ts";
import { initialBound, initialWeights, weightDigest } from "../../src/protocol/weights.ts";
import { commitRows, type Rows } from "./commit.ts";
import type { Tamper } from "./dense.ts";
import { prove } from "./prover.ts";
import { Random } from "./random.ts";
import type { Cheat } from "./sigma.ts";
import { type Committed, commitTrace, type Matrix, type Trace, train } from "./training.ts";

const table = readFileSync(new URL("../../data/generators.bin", import.meta.url));

/** The generators, read once for all tests. */
export const GENERATORS: Generators = readGenerators(table)!;

export interface ToyOptions {
  readonly widths?: readonly number[];
  readonly tau?: number;
  readonly beta?: number;
  readonly kappa?: number;
  readonly samples?: number;
  readonly seed?: string;
  readonly parameters?: Partial<Statement>;
  /** The segment before this one: start from its output weights. */
  readonly after?: Toy;
  /** Start from these weights without saying them (startKind 2), or from some small ones; w bits, 16 unless said. */
  readonly undisclosed?: { readonly w?: number; readonly weight?: (address: number) => bigint };
  /** Changes the trace or the matrices before they are committed, as a cheater would. */
  readonly corrupt?: (trace: Trace, statement: Statement) => void;
  readonly corruptCommitted?: (committed: Committed, statement: Statement) => void;
  /** Changes hidden values as they are said. */
  readonly tamper?: Tamper;
  /** Cheats in the Σ-protocol. */
  readonly cheat?: Cheat;
}

export interface Toy {
  readonly statement: Statement;
  readonly bytes: Uint8Array;
  readonly proof: Uint8Array;
  /** χ(y) of the proof's opening. */
  readonly columns: readonly bigint[];
  readonly samples: SampleList;
  readonly weightsIn?: Uint8Array;
  readonly weightsOut: Uint8Array;
  readonly weights: Matrix[];
  readonly trace: Trace;
  readonly committed: Committed;
  readonly outRows: Rows;
  readonly data: { readonly values: bigint[][]; readonly rows: Rows };
}

/** One proved segment. Fractions are chosen so that a few steps stay in range. */
export function toy(options: ToyOptions = {}): Toy {
  const { after, undisclosed } = options;
  const widths = after?.statement.widths ?? options.widths ?? [3, 4, 2];
  const random = new Random(options.seed ?? "toy");
  const base: Statement = after
    ? {
        ...after.statement,
        firstStep: after.statement.firstStep + BigInt(2 ** after.statement.tau),
        W0: weightBound(after.statement),
        startKind: 1,
        start: after.statement.weightsOut,
        ...options.parameters,
      }
    : {
        runId: random.bytes32(),
        scheduleSeed: random.bytes32(),
        firstStep: 0n,
        tau: options.tau ?? 1,
        beta: options.beta ?? 1,
        kappa: options.kappa ?? Math.max(3, log2c(widths[0]! + widths.at(-1)!)),
        b: 8,
        R: 16,
        dv: 2,
        dg: 3,
        fA: 4,
        fG: 5,
        sigma: 3,
        eta: 3n,
        x0: 8,
        y0: 2,
        samples: BigInt(options.samples ?? 5),
        W0: initialBound(options.parameters?.R ?? 16, 1) + 10n,
        startKind: 0,
        start: random.bytes32(),
        weightsOut: new Uint8Array(32),
        dataRoot: new Uint8Array(32),
        widths,
        ...(undisclosed && { startKind: 2, W0: 2n ** BigInt((undisclosed.w ?? 16) - 1) }),
        ...options.parameters,
      };
  let s: Statement = base;
  const shape = shapeOf(s);
  const columns = 2 ** s.kappa;

  const data = after?.data ?? makeData(s, random);
  const samples = after?.samples ?? new SampleList(encodePoints(data.rows.points));
  const [features, labels] = [shape.n0, shape.nL];
  s = {
    ...s,
    dataRoot: samples.root({ features, labels, fA: s.fA, sigma: s.sigma, x0: s.x0, y0: s.y0 }),
  };

  const indices = [...batchIndices(s)];
  const picked = indices.map((i) => data.values[i]!);
  const start: Matrix[] = after
    ? after.weights
    : undisclosed
      ? hiddenStart(shape, random, undisclosed.weight)
      : publicStart(s);
  const trace = train(
    s,
    shape,
    start,
    picked.map((row) => row.slice(0, features)),
    picked.map((row) => row.slice(features)),
  );
  options.corrupt?.(trace, s);
  const committed = commitTrace(s, shape, trace);
  options.corruptCommitted?.(committed, s);
  const outRows = commitRows(committed.WOut, columns, GENERATORS, random);
  const weightsOut = encodePoints(outRows.points);
  s = { ...s, weightsOut: weightDigest(s, weightsOut) };
  const inRows =
    after?.outRows ??
    (undisclosed
      ? commitRows(committed.WIn, columns, GENERATORS, random)
      : { points: [], blindings: [] });
  const weightsIn = encodePoints(inRows.points);
  if (undisclosed) s = { ...s, start: weightDigest(s, weightsIn) };
  const X: Rows = {
    points: indices.map((i) => data.rows.points[i]!),
    blindings: indices.map((i) => data.rows.blindings[i]!),
  };
  const { proof, columns: openedColumns } = prove({
    statement: s,
    trace,
    committed,
    rows: { X, WIn: inRows, WOut: outRows },
    generators: GENERATORS,
    random,
    tamper: options.tamper,
    cheat: options.cheat,
  });
  return {
    statement: s,
    bytes: encodeStatement(s),
    proof,
    columns: openedColumns,
    samples,
    ...(s.startKind === 0 ? {} : { weightsIn }),
    weightsOut,
    weights: trace.W.at(-1)!,
    trace,
    committed,
    outRows,
    data,
  };
}

function makeData(s: Statement, random: Random): Toy["data"] {
  const [features, labels] = [s.widths[0]!, s.widths.at(-1)!];
  const values = Array.from({ length: Number(s.samples) }, () => [
    ...Array.from({ length: features }, () => BigInt(random.integer(-s.x0, 24))),
    ...Array.from({ length: labels }, () => BigInt(random.integer(-s.y0, 8))),
  ]);
  const rows = values.map((row) => commitRows(row, row.length, GENERATORS, random));
  return {
    values,
    rows: {
      points: rows.map(({ points }) => points[0]!),
      blindings: rows.map(({ blindings }) => blindings[0]!),
    },
  };
}

function hiddenStart(
  shape: Shape,
  random: Random,
  weight: (address: number) => bigint = () => BigInt(random.integer(-100, 100)),
): Matrix[] {
  const weights: Matrix[] = [[]];
  for (const { inputs, outputs, base, columnBits } of shape.layers)
    weights.push(
      Array.from({ length: inputs + 1 }, (_, k) =>
        Array.from({ length: outputs }, (_, j) => weight(base + k * 2 ** columnBits + j)),
      ),
    );
  return weights;
}

function publicStart(s: Statement): Matrix[] {
  const shape = shapeOf(s);
  const weights: Matrix[] = [[]];
  for (const layer of shape.layers) {
    const flat = initialWeights(s.start, s.R, layer);
    weights.push(
      Array.from({ length: layer.inputs + 1 }, (_, k) =>
        Array.from(flat.subarray(k * layer.outputs, (k + 1) * layer.outputs)),
      ),
    );
  }
  return weights;
}
