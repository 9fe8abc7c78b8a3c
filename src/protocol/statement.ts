import { ascii, concat, equalBytes, readUint256, u32, u64, u8, uint, viewOf } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { keccak256 } from "./hash.ts";

/**
 * What a proof is about (PROTOCOL §5). Integers that a byte or u32 holds are numbers, larger ones
 * bigints; digests and seeds are 32 bytes.
 */
export interface Statement {
  readonly runId: Uint8Array;
  readonly scheduleSeed: Uint8Array;
  /** Step of the run at which the segment starts. */
  readonly firstStep: bigint;
  /** T = 2^tau steps of B = 2^beta samples; commitment rows have 2^kappa columns. */
  readonly tau: number;
  readonly beta: number;
  readonly kappa: number;
  /** Digits have b bits; remainders R bits; outputs dv and gradients dg digits. */
  readonly b: number;
  readonly R: number;
  readonly dv: number;
  readonly dg: number;
  /** Fraction bits of activations, gradients and labels. */
  readonly fA: number;
  readonly fG: number;
  readonly sigma: number;
  /** Step integer: the learning rate over B is eta / 2^(R − fA − fG). */
  readonly eta: bigint;
  /** Offsets: features + x0 and labels + y0 are in [0, 2^b). */
  readonly x0: number;
  readonly y0: number;
  /** S, number of samples of the data set. */
  readonly samples: bigint;
  /** Bound on the absolute values of the input weights. */
  readonly W0: bigint;
  /** 0: weights from a public seed; 1: committed ones of an earlier segment or run; 2: undisclosed ones. */
  readonly startKind: number;
  /** startKind 0: the weight seed; 1 and 2: the digest of the input weights. */
  readonly start: Uint8Array;
  readonly weightsOut: Uint8Array;
  readonly dataRoot: Uint8Array;
  /** n_0 (features), n_1 … n_L. */
  readonly widths: readonly number[];
}

const MAGIC = ascii("TPS1");

/** Bytes before the widths. */
const HEAD_BYTES = 4 + 32 + 32 + 8 + 3 + 7 + 8 + 8 + 8 + 32 + 1 + 32 + 32 + 32 + 1;

/** The statement's bytes. A RangeError if a value does not fit its field. */
export function encodeStatement(s: Statement): Uint8Array {
  const bytes32 = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length !== 32) throw new RangeError("encodeStatement: a digest needs 32 bytes");
    return bytes;
  };
  return concat(
    MAGIC,
    bytes32(s.runId),
    bytes32(s.scheduleSeed),
    u64(s.firstStep),
    ...[s.tau, s.beta, s.kappa, s.b, s.R, s.dv, s.dg, s.fA, s.fG, s.sigma].map(u8),
    u64(s.eta),
    u32(s.x0),
    u32(s.y0),
    u64(s.samples),
    uint(s.W0, 32),
    u8(s.startKind),
    bytes32(s.start),
    bytes32(s.weightsOut),
    bytes32(s.dataRoot),
    u8(s.widths.length - 1),
    ...s.widths.map(u32),
  );
}

/** Reads statement bytes; a ProtocolError V1.1 for a wrong magic or length. V1's rest: checkStatement. */
export function decodeStatement(bytes: Uint8Array): Statement {
  if (bytes.length < HEAD_BYTES)
    throw new ProtocolError(
      "V1.1",
      `statement: ${bytes.length} bytes, fewer than the ${HEAD_BYTES} before the widths`,
    );
  if (!equalBytes(bytes.subarray(0, 4), MAGIC))
    throw new ProtocolError("V1.1", "statement: the magic is not TPS1");
  const layers = bytes[HEAD_BYTES - 1]!;
  const expected = HEAD_BYTES + 4 * (layers + 1);
  if (bytes.length !== expected)
    throw new ProtocolError(
      "V1.1",
      `statement: ${bytes.length} bytes, but L = ${layers} needs ${expected}`,
    );

  const view = viewOf(bytes);
  let at = 4;
  const next = (size: number): number => {
    at += size;
    return at - size;
  };
  // A copy, also of a Buffer, whose slice would share its memory.
  const bytes32 = (): Uint8Array => new Uint8Array(bytes.subarray(next(32), at));
  const byte = (): number => view.getUint8(next(1));
  const word = (): number => view.getUint32(next(4));
  const long = (): bigint => view.getBigUint64(next(8));
  // Evaluated in the order written, which is the order of the bytes.
  return {
    runId: bytes32(),
    scheduleSeed: bytes32(),
    firstStep: long(),
    tau: byte(),
    beta: byte(),
    kappa: byte(),
    b: byte(),
    R: byte(),
    dv: byte(),
    dg: byte(),
    fA: byte(),
    fG: byte(),
    sigma: byte(),
    eta: long(),
    x0: word(),
    y0: word(),
    samples: long(),
    W0: readUint256(bytes, next(32)),
    startKind: byte(),
    start: bytes32(),
    weightsOut: bytes32(),
    dataRoot: bytes32(),
    widths: Array.from({ length: byte() + 1 }, word),
  };
}

/** keccak256 of the statement's bytes. */
export const statementDigest = (statement: Uint8Array): Uint8Array => keccak256(statement);
