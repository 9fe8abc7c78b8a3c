import { ascii, concat, equalBytes } from "./bytes.ts";
import type { Fault } from "./errors.ts";
import { encodeScalars, readScalar } from "./field.ts";
import { encodePoints, type Point, POINT_BYTES, readPoint } from "./points.ts";
import type { Shape } from "./shape.ts";
import type { Statement } from "./statement.ts";

/** A proof's parts (PROTOCOL §16, §17). Its lengths follow from the statement. */
export interface Proof {
  /** Row commitments of the digits, the bits m, and the multiplicities. */
  readonly D: readonly Point[];
  readonly M: readonly Point[];
  readonly mu: readonly Point[];
  /** Commitment to the pads. */
  readonly K: readonly Point[];
  /** ĥ_0 … ĥ_{N−1}, the padded hidden values. */
  readonly hidden: readonly bigint[];
  /** S_u, S_k, ℓ', then E0, E1 of the Σ-protocol. */
  readonly masks: readonly Point[];
  readonly form: readonly bigint[];
  readonly cross: readonly Point[];
  /** z_u, z_k, and z_ρu, z_ρk, z_ρE. */
  readonly answerRow: readonly bigint[];
  readonly answerPads: readonly bigint[];
  readonly answerBlindings: readonly bigint[];
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
  const parts: Partial<Record<ProofField, (Point | bigint)[]>> = {};
  let at = MAGIC.length;
  for (const { field, type, count } of proofLayout(s, shape)) {
    const part: (Point | bigint)[] = [];
    for (let i = 0; i < count; i++) {
      const name = `${field}[${i}] at byte ${at}`;
      if (type === "P") {
        const point = readPoint(bytes, at);
        if (typeof point === "string") return fault("V3.4", `${name}: the point is ${point}`);
        part.push(point);
        at += POINT_BYTES;
      } else {
        const scalar = readScalar(bytes, at);
        if (scalar === undefined)
          return fault("V3.3", `${name}: the scalar is not canonical, not below r`);
        part.push(scalar);
        at += 32;
      }
    }
    parts[field] = part;
  }
  return parts as unknown as Proof;
}

/** The proof's bytes: decodeProof's inverse. */
export function encodeProof(proof: Proof): Uint8Array {
  return concat(
    MAGIC,
    encodePoints([...proof.D, ...proof.M, ...proof.mu, ...proof.K]),
    encodeScalars(proof.hidden),
    encodePoints(proof.masks),
    encodeScalars(proof.form),
    encodePoints(proof.cross),
    encodeScalars([...proof.answerRow, ...proof.answerPads, ...proof.answerBlindings]),
  );
}

const fault = (check: string, reason: string): Fault => ({ check, reason: `proof: ${reason}` });
