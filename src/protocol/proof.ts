import { ascii, concat, equalBytes } from "./bytes.ts";
import type { Fault } from "./errors.ts";
import { PointList, readPoints } from "./pointList.ts";
import { type Point, POINT_BYTES } from "./points.ts";
import { readScalars, SCALAR_BYTES, ScalarList } from "./scalarList.ts";
import type { Shape } from "./shape.ts";
import type { Statement } from "./statement.ts";

/** A proof's parts (PROTOCOL §16, §17). Its lengths follow from the statement. */
export interface Proof {
  /** Row commitments of the digits, the bits m, and the multiplicities. */
  readonly D: PointList;
  readonly M: PointList;
  readonly mu: PointList;
  /** Commitment to the pads. */
  readonly K: PointList;
  /** ĥ_0 … ĥ_{N−1}, the padded hidden values. */
  readonly hidden: ScalarList;
  /** S_u, S_k, ℓ', then E0, E1 of the Σ-protocol. */
  readonly masks: PointList;
  readonly form: ScalarList;
  readonly cross: PointList;
  /** z_u, z_k, and z_ρu, z_ρk, z_ρE. */
  readonly answerRow: ScalarList;
  readonly answerPads: ScalarList;
  readonly answerBlindings: ScalarList;
}

export type ProofField = keyof Proof;

const MAGIC = ascii("TPP1");

/** The proof's fields in the order of its bytes, each with its type and number of elements. */
export function proofLayout(
  s: Pick<Statement, "kappa">,
  shape: Shape,
): readonly { readonly field: ProofField; readonly type: "P" | "S"; readonly count: number }[] {
  return [
    { field: "D", type: "P", count: shape.rows.D },
    { field: "M", type: "P", count: shape.rows.M },
    { field: "mu", type: "P", count: shape.rows.mu },
    { field: "K", type: "P", count: 1 },
    { field: "hidden", type: "S", count: shape.hiddenValues },
    { field: "masks", type: "P", count: 2 },
    { field: "form", type: "S", count: 1 },
    { field: "cross", type: "P", count: 2 },
    { field: "answerRow", type: "S", count: 2 ** s.kappa },
    { field: "answerPads", type: "S", count: shape.hiddenValues },
    { field: "answerBlindings", type: "S", count: 3 },
  ];
}

/** Why bytes cannot be a proof of this shape, from their length and magic alone (V3.1, V3.2). */
export function proofFrameFault(bytes: Uint8Array, shape: Shape): Fault | undefined {
  if (bytes.length !== shape.proofBytes)
    return fault("V3.1", `${bytes.length} bytes, the statement implies ${shape.proofBytes}`);
  return equalBytes(bytes.subarray(0, 4), MAGIC)
    ? undefined
    : fault("V3.2", "the magic is not TPP1");
}

/** Reads proof bytes, or says which rule of V3 they break (PROTOCOL §17, §18). */
export function decodeProof(
  bytes: Uint8Array,
  s: Pick<Statement, "kappa">,
  shape: Shape,
): Proof | Fault {
  const frame = proofFrameFault(bytes, shape);
  if (frame !== undefined) return frame;
  const parts: Partial<Record<ProofField, PointList | ScalarList>> = {};
  let at = MAGIC.length;
  for (const { field, type, count } of proofLayout(s, shape)) {
    const size = type === "P" ? POINT_BYTES : SCALAR_BYTES;
    const encoded = bytes.subarray(at, at + size * count);
    const name = (i: number): string => `${field}[${i}] at byte ${at + size * i}`;
    if (type === "P") {
      const points = readPoints(encoded);
      if ("fault" in points)
        return fault("V3.4", `${name(points.index)}: the point is ${points.fault}`);
      parts[field] = points;
    } else {
      const scalars = readScalars(encoded);
      if (typeof scalars === "number")
        return fault("V3.3", `${name(scalars)}: the scalar is not canonical, not below r`);
      parts[field] = scalars;
    }
    at += size * count;
  }
  return parts as unknown as Proof;
}

/** A proof's parts, each as a list or as its elements. */
export type ProofParts = {
  readonly [Field in ProofField]:
    Proof[Field] | readonly (Proof[Field] extends PointList ? Point : bigint)[];
};

/** The proof's bytes: decodeProof's inverse. */
export function encodeProof(parts: ProofParts): Uint8Array {
  const points = (part: PointList | readonly Point[]): Uint8Array =>
    (part instanceof PointList ? part : PointList.of(part)).bytes;
  const scalars = (part: ScalarList | readonly bigint[]): Uint8Array =>
    (part instanceof ScalarList ? part : ScalarList.of(part)).bytes;
  return concat(
    MAGIC,
    points(parts.D),
    points(parts.M),
    points(parts.mu),
    points(parts.K),
    scalars(parts.hidden),
    points(parts.masks),
    scalars(parts.form),
    points(parts.cross),
    scalars(parts.answerRow),
    scalars(parts.answerPads),
    scalars(parts.answerBlindings),
  );
}

const fault = (check: string, reason: string): Fault => ({ check, reason: `proof: ${reason}` });
