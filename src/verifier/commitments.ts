import { equalBytes } from "../protocol/bytes.ts";
import type { Fault } from "../protocol/errors.ts";
import { type Point, POINT_BYTES, readPoint } from "../protocol/points.ts";
import type { SampleList } from "../protocol/samples.ts";
import { batchIndices } from "../protocol/schedule.ts";
import type { Shape } from "../protocol/shape.ts";
import type { Statement } from "../protocol/statement.ts";
import { weightDigest } from "../protocol/weights.ts";

/** The commitments that outlive a proof (PROTOCOL §7). */
export interface Commitments {
  /** The data set's sample list; hashed once however often it is used. */
  readonly samples: SampleList;
  /** Row commitments of W^in, for startKind 1 only. */
  readonly weightsIn?: Uint8Array;
  readonly weightsOut: Uint8Array;
}

/** The points of a statement's input commitments. */
export interface Inputs {
  /** TB rows: the samples used, in the order of the schedule. */
  readonly X: readonly Point[];
  readonly WIn: readonly Point[];
  readonly WOut: readonly Point[];
}

/** V2: the commitments are those that the statement names, and every point used is valid. */
export function readCommitments(
  s: Statement,
  shape: Shape,
  { samples, weightsIn, weightsOut }: Commitments,
): Inputs | Fault {
  const expected = POINT_BYTES * Number(s.samples);
  if (samples.bytes.length !== expected)
    return fault(
      "V2.1",
      `samples: ${samples.bytes.length} bytes, ${String(s.samples)} samples need ${expected}`,
    );
  const root = samples.root({
    features: shape.n0,
    labels: shape.nL,
    fA: s.fA,
    sigma: s.sigma,
    x0: s.x0,
    y0: s.y0,
  });
  if (!equalBytes(root, s.dataRoot))
    return fault("V2.2", "samples: the list does not hash to the statement's dataRoot");

  const X: Point[] = [];
  const read = new Map<number, Point>(); // rows of one sample share one point
  for (const [row, index] of batchIndices(s).entries()) {
    const point = read.get(index) ?? readPoint(samples.bytes, POINT_BYTES * index);
    if (typeof point === "string")
      return fault("V2.3", `samples[${index}], used in row ${row}: the point is ${point}`);
    read.set(index, point);
    X.push(point);
  }

  const WOut = readWeights("weightsOut", "V2.4", s, shape, weightsOut, s.weightsOut);
  if ("check" in WOut) return WOut;
  if (s.startKind === 0)
    return weightsIn === undefined
      ? { X, WIn: [], WOut }
      : fault("V2.5", "weightsIn: given, but a segment of startKind 0 starts from a public seed");
  if (weightsIn === undefined)
    return fault("V2.5", "weightsIn: missing, a segment of startKind 1 starts from it");
  const WIn = readWeights("weightsIn", "V2.5", s, shape, weightsIn, s.start);
  return "check" in WIn ? WIn : { X, WIn, WOut };
}

function readWeights(
  name: string,
  check: string,
  s: Statement,
  shape: Shape,
  bytes: Uint8Array,
  digest: Uint8Array,
): Point[] | Fault {
  const expected = POINT_BYTES * shape.rows.W;
  if (bytes.length !== expected)
    return fault(check, `${name}: ${bytes.length} bytes, ${shape.rows.W} rows need ${expected}`);
  if (!equalBytes(weightDigest(s, bytes), digest))
    return fault(check, `${name}: the rows do not hash to the statement's digest`);
  const points: Point[] = [];
  for (let row = 0; row < shape.rows.W; row++) {
    const point = readPoint(bytes, POINT_BYTES * row);
    if (typeof point === "string") return fault(check, `${name}[${row}]: the point is ${point}`);
    points.push(point);
  }
  return points;
}

const fault = (check: string, reason: string): Fault => ({ check, reason });
