import { createHash } from "node:crypto";
import { equalBytes } from "../protocol/index.ts";
import type { CommittedRows } from "./addon.ts";
import { ProverError } from "./errors.ts";
import type { JobOptions, NativeProver } from "./nativeProver.ts";

/** All that a trained segment's proof needs. Whoever has it can prove the segment, here or on another machine. */
export interface SegmentInput {
  /** TPS1 bytes (PROTOCOL §5), with W^out's digest. */
  readonly statement: Uint8Array;
  /** T·B rows of n_0 + n_L integers in scheduled order, and their commitments, 64 bytes each. */
  readonly batch: Int32Array;
  readonly samplePoints: Uint8Array;
  /** Of the sample blindings (PROTOCOL §7). */
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  /** W^in in §7's layout, in 32 bits each where all fit, with its commitment; absent for a public seed's. */
  readonly start?: CommittedRows & { readonly weights: BigInt64Array | Int32Array };
  /** W^out's commitment, which the next segment's W^in has, too. */
  readonly weightsOut: CommittedRows;
  /** SHA-256 of W^out (weightsOutDigest). */
  readonly weightsOutDigest: Uint8Array;
}

/** What proving one segment took. */
export interface ProvenSegment {
  readonly proof: Uint8Array;
  readonly trainSeconds: number;
  /** With wiping the trace, gigabytes. */
  readonly proveSeconds: number;
}

/** SHA-256 of weights in §7's layout, 64-bit little-endian. It is as secret as they are. */
export function weightsOutDigest(weights: BigInt64Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = weights;
  return createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest();
}

/** The commitments of a segment's rows, in scheduled order. */
export function gather(commitments: Uint8Array, indices: readonly number[]): Uint8Array {
  const points = new Uint8Array(64 * indices.length);
  indices.forEach((index, row) =>
    points.set(commitments.subarray(64 * index, 64 * index + 64), 64 * row),
  );
  return points;
}

const seconds = (since: number) => (performance.now() - since) / 1000;

/**
 * Proves a segment: trains it again, which takes about a tenth of the time, for the trace, and proves that.
 *
 * @throws ProverError; "Internal" where training again gives other weights than those that were committed
 */
export async function proveSegment(
  prover: NativeProver,
  input: SegmentInput,
  job: JobOptions = {},
): Promise<ProvenSegment> {
  const { statement, start, weightsOut, key, nonce, samplePoints } = input;
  const began = performance.now();
  const weightsIn = start?.weights ?? prover.initialWeights(statement);
  const training = await prover.train(statement, input.batch, weightsIn, job);
  const { trace } = training;
  try {
    const trained = await prover.readWeights(training.weights);
    training.weights.release();
    if (!equalBytes(weightsOutDigest(trained), input.weightsOutDigest))
      throw new ProverError(
        "Internal",
        "training the segment again gave other weights than those that were committed: this prover computes otherwise than the trainer's; use the same version",
      );
  } catch (error) {
    trace.release();
    throw error;
  }
  const trainSeconds = seconds(began);
  const proving = performance.now();
  const committedIn = start && { rows: start.rows, blindings: start.blindings };
  const secrets = { key, nonce, ...(committedIn && { weightsIn: committedIn }), weightsOut };
  const proof = await prover
    .prove({ statement, trace, samplePoints, ...secrets }, job)
    .finally(() => trace.release());
  return { proof, trainSeconds, proveSeconds: seconds(proving) };
}
