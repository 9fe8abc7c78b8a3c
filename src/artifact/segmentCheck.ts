import {
  decodeStatement,
  encodeStatement,
  equalBytes,
  fromHex,
  ProtocolError,
  type Statement,
  toHex,
  weightDigest,
} from "../protocol/index.ts";
import { type PublicConfig, runParameters, segmentOf, startKindOf } from "./config.ts";
import { hex32 } from "./digest.ts";
import { ArtifactFormatError, ArtifactMismatchError } from "./errors.ts";
import { segmentStatement } from "./segments.ts";

/** What a segment must agree with beside the configuration. */
export interface SegmentContext {
  readonly runId: Uint8Array;
  readonly dataRoot: Uint8Array;
  /** The row commitments of W^in, absent for a public seed. */
  readonly weightsIn?: Uint8Array | undefined;
  /** Absent where the statement alone is looked at: then its digests of weights are taken as they are. */
  readonly weightsOut?: Uint8Array;
}

/**
 * Reads a segment's statement and checks that it is the one that config.json announces: shape, step size,
 * schedule, seed or undisclosed weights, steps, data root, and digests that fit the weights' commitments. W0 is else the
 * verifier's concern (PROTOCOL §19, C1 to C3). ArtifactFormatError or ArtifactMismatchError; `file` names the statement.
 */
export function checkSegment(
  config: PublicConfig,
  index: number,
  bytes: Uint8Array,
  context: SegmentContext,
  file: string,
): Statement {
  let statement: Statement;
  try {
    statement = decodeStatement(bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const wayOut = "The publisher must write the run again with trainproof.";
    throw new ArtifactFormatError({ file, problem: error.message, wayOut }, { cause: error });
  }
  const segment = segmentOf(config, index);
  if (segment === undefined) throw new RangeError(`checkSegment: the run has no segment ${index}`);
  const { runId, dataRoot, weightsIn, weightsOut } = context;
  const run = runParameters(config);
  const digest = (rows: Uint8Array) => weightDigest({ ...run, R: run.fixedPoint.R }, rows);
  const rowsIn = weightsOut === undefined ? undefined : digest(weightsIn ?? new Uint8Array(0));
  const start = index === 0 ? config.start : undefined;
  const undisclosed = start && "undisclosed" in start ? start.undisclosed : undefined;
  const named = undisclosed && fromHex(undisclosed.modelCommitment);
  const expected = segmentStatement(run, segment, {
    runId,
    dataRoot,
    W0: undisclosed ? BigInt(undisclosed.weightBound) : statement.W0,
    startKind: startKindOf(config, index),
    start: start && "seed" in start ? fromHex(start.seed) : (named ?? rowsIn ?? statement.start),
    weightsOut: weightsOut === undefined ? statement.weightsOut : digest(weightsOut),
  });
  if (named && rowsIn && !equalBytes(rowsIn, named))
    throw new ArtifactMismatchError({
      file,
      problem: "the commitments to the undisclosed weights are not those that config.json names",
      expected: hex32(named),
      actual: hex32(rowsIn),
      wayOut: "These commitments do not belong to this run: do not accept its proof for it.",
    });
  if (equalBytes(encodeStatement(expected), bytes)) return statement;
  const show = (value: unknown) =>
    value instanceof Uint8Array
      ? hex32(value)
      : Array.isArray(value)
        ? value.join(",")
        : String(value);
  // Digests last: they also differ where a parameter that goes into them does.
  const fields = Object.entries(expected).sort(
    ([, a], [, b]) => Number(a instanceof Uint8Array) - Number(b instanceof Uint8Array),
  );
  for (const [field, value] of fields) {
    const actual: unknown = statement[field as keyof Statement];
    if (show(actual) === show(value)) continue;
    throw new ArtifactMismatchError({
      file,
      problem: `the statement's ${field} is not what the run's configuration and commitments say`,
      expected: show(value),
      actual: show(actual),
      wayOut: "This statement does not belong to this run: do not accept its proof for it.",
    });
  }
  throw new ArtifactMismatchError({
    file,
    problem: "the statement differs from the run's configuration",
    expected: toHex(encodeStatement(expected)),
    actual: toHex(bytes),
    wayOut: "This statement does not belong to this run: do not accept its proof for it.",
  });
}
