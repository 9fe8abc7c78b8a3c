import { equalBytes } from "../protocol/bytes.ts";
import type { Fault } from "../protocol/errors.ts";
import { PointList, readPoints } from "../protocol/pointList.ts";
import { POINT_BYTES } from "../protocol/points.ts";
import type { SampleList } from "../protocol/samples.ts";
import { batchIndices } from "../protocol/schedule.ts";
import type { Shape } from "../protocol/shape.ts";
import type { Statement } from "../protocol/statement.ts";
import { weightDigest } from "../protocol/weights.ts";

/** The commitments that outlive a proof (PROTOCOL §7). */
export interface Commitments {
  /** The data set's sample list; hashed once however often it is used. */
  readonly samples: SampleList;
  /** Row commitments of W^in, for startKind 1 and 2 only. */
  readonly weightsIn?: Uint8Array;
  readonly weightsOut: Uint8Array;
}

/** The points of a statement's input commitments. */
export interface Inputs {
  /** TB rows: the samples used, in the order of the schedule. */
  readonly X: PointList;
  /** Which sample each row is. */
  readonly samples: Uint32Array;
  readonly WIn: PointList;
  readonly WOut: PointList;
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

  const used = batchIndices(s);
  const rows = new Uint8Array(POINT_BYTES * used.length);
  used.forEach((index, row) => rows.set(samples.commitment(index), POINT_BYTES * row));
  const X = readPoints(rows);
  if ("fault" in X) {
    const { index: row, fault: reason } = X;
    return fault("V2.3", `samples[${used[row]!}], used in row ${row}: the point is ${reason}`);
  }

  const WOut = readWeights("weightsOut", "V2.4", s, shape, weightsOut, s.weightsOut);
  if ("check" in WOut) return WOut;
  if (s.startKind === 0)
    return weightsIn === undefined
      ? { X, samples: used, WIn: PointList.of([]), WOut }
      : fault("V2.5", "weightsIn: given, but a segment of startKind 0 starts from a public seed");
  if (weightsIn === undefined)
    return fault(
      "V2.5",
      `weightsIn: missing, a segment of startKind ${s.startKind} starts from it`,
    );
  const WIn = readWeights("weightsIn", "V2.5", s, shape, weightsIn, s.start);
  return "check" in WIn ? WIn : { X, samples: used, WIn, WOut };
}

function readWeights(
  name: string,
  check: string,
  s: Statement,
  shape: Shape,
  bytes: Uint8Array,
  digest: Uint8Array,
): PointList | Fault {
  const expected = POINT_BYTES * shape.rows.W;
  if (bytes.length !== expected)
    return fault(check, `${name}: ${bytes.length} bytes, ${shape.rows.W} rows need ${expected}`);
  if (!equalBytes(weightDigest(s, bytes), digest))
    return fault(check, `${name}: the rows do not hash to the statement's digest`);
  const points = readPoints(bytes);
  return "fault" in points
    ? fault(check, `${name}[${points.index}]: the point is ${points.fault}`)
    : points;
}

const fault = (check: string, reason: string): Fault => ({ check, reason });
