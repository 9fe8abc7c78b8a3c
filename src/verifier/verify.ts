import { ascii } from "../protocol/bytes.ts";
import { checkStatement } from "../protocol/check.ts";
import { type Fault, ProtocolError } from "../protocol/errors.ts";
import { GENERATOR_DIGEST, type Generators, readGenerators } from "../protocol/generators.ts";
import { decodeProof, type Proof, proofFrameFault } from "../protocol/proof.ts";
import { type Shape, shapeOf } from "../protocol/shape.ts";
import { decodeStatement, type Statement } from "../protocol/statement.ts";
import { type Frame, Transcript } from "../protocol/transcript.ts";
import { type Commitments, type Inputs, readCommitments } from "./commitments.ts";
import { Ledger } from "./ledger.ts";
import { msm } from "./msm.ts";
import { backward } from "./relations/backward.ts";
import { forward } from "./relations/forward.ts";
import { lookup } from "./relations/lookup.ts";
import { opening } from "./relations/opening.ts";
import { update } from "./relations/update.ts";
import { zkrelu } from "./relations/zkrelu.ts";
import { sigma } from "./sigma.ts";

/** Whether a proof is valid, and if not, the numbered check that failed (PROTOCOL §18). */
export type Verdict =
  { readonly ok: true } | { readonly ok: false; readonly check: string; readonly reason: string };

/** The phases of a verification, in order. */
export const PHASES = [
  "statement",
  "commitments",
  "proof",
  "lookup",
  "forward",
  "backward",
  "update",
  "zkrelu",
  "opening",
  "equations",
  "multiplication",
] as const;
export type Phase = (typeof PHASES)[number];

export interface VerifyOptions {
  /** data/generators.bin, or what readGenerators made of it. */
  readonly generators: Uint8Array | Generators;
  /** Called as each phase begins. */
  readonly onProgress?: (phase: Phase) => void;
  /** Sees every frame of the transcript, for inventories (PROTOCOL §20). */
  readonly onFrame?: (frame: Frame) => void;
}

/**
 * Verifies one segment's proof. Total: any bytes whatsoever give a verdict. Pure: nothing is read
 * but the arguments. Time and memory are bounded by the statement's shape.
 *
 * @example
 * const verdict = verify(statement, proof, { samples: new SampleList(list), weightsOut }, { generators });
 * if (!verdict.ok) print(verdict.check, verdict.reason); // "V5", "an opening or a product …"
 */
export function verify(
  statement: Uint8Array,
  proof: Uint8Array,
  commitments: Commitments,
  options: VerifyOptions,
): Verdict {
  const steps = verifySteps(statement, proof, commitments, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    options.onProgress?.(step.value);
  }
}

/**
 * The same in steps: yields each phase before it begins, so that a caller can let other work run in
 * between, or stop.
 */
export function* verifySteps(
  statementBytes: Uint8Array,
  proofBytes: Uint8Array,
  commitments: Commitments,
  options: Pick<VerifyOptions, "generators" | "onFrame">,
): Generator<Phase, Verdict> {
  const generators =
    options.generators instanceof Uint8Array
      ? readGenerators(options.generators)
      : options.generators;
  if (generators === undefined)
    return reject("setup", "options.generators: not the table with the protocol's digest");

  yield "statement";
  const statement = readStatement(statementBytes);
  if ("check" in statement) return { ok: false, ...statement };
  const shape = shapeOf(statement);

  // Before any work in proportion to the shape: a small file must not claim a huge one for free.
  const frame = proofFrameFault(proofBytes, shape);
  if (frame !== undefined) return { ok: false, ...frame };

  yield "commitments";
  const inputs = readCommitments(statement, shape, commitments);
  if ("check" in inputs) return { ok: false, ...inputs };

  yield "proof";
  const proof = decodeProof(proofBytes, statement, shape);
  if ("check" in proof) return { ok: false, ...proof };

  const transcript = new Transcript(options.onFrame);
  absorbInputs(transcript, statementBytes, statement, inputs, proof);
  const ctx = { statement, shape, transcript, ledger: new Ledger(proof.hidden, transcript) };
  yield "lookup";
  const lkp = lookup(ctx);
  yield "forward";
  const fwd = forward(ctx);
  yield "backward";
  const bwd = backward(ctx);
  yield "update";
  const upd = update(ctx, fwd, bwd);
  yield "zkrelu";
  const zkr = zkrelu(ctx, fwd, bwd, upd);
  yield "opening";
  const open = opening(ctx, { lookup: lkp, forward: fwd, update: upd, zkrelu: zkr });
  assertAllSaid(ctx.ledger, shape);

  yield "equations";
  const { D, M, mu } = proof;
  const rows = { D, M, mu, ...inputs };
  const { formHolds, equation } = sigma(ctx, proof, open, rows, generators);
  if (!formHolds)
    return reject(
      "V4",
      "the linear form: an affine constraint of lookup, forward, backward, update, zkReLU or opening does not hold (they are checked as one random combination)",
    );
  yield "multiplication";
  if (msm(equation) !== undefined)
    return reject(
      "V5",
      "the group equation: an opening of the commitments or a product constraint does not hold",
    );
  return { ok: true };
}

/** V1: a statement that keeps every rule, or the rule that it breaks. */
export function readStatement(bytes: Uint8Array): Statement | Fault {
  try {
    const statement = decodeStatement(bytes);
    return checkStatement(statement) ?? statement;
  } catch (error) {
    if (error instanceof ProtocolError) return { check: error.check, reason: error.message };
    throw error;
  }
}

/** What every challenge depends on (PROTOCOL §9, "Absorbed first"). */
function absorbInputs(
  transcript: Transcript,
  statementBytes: Uint8Array,
  statement: Statement,
  inputs: Inputs,
  proof: Proof,
): void {
  transcript.absorbBytes("version", ascii("trainproof/1"));
  transcript.absorbBytes("statement", statementBytes);
  transcript.absorbBytes("generators", GENERATOR_DIGEST);
  transcript.absorbEncodedPoints("samples", inputs.X.bytes);
  if (statement.startKind !== 0) transcript.absorbEncodedPoints("weights.in", inputs.WIn.bytes);
  transcript.absorbEncodedPoints("weights.out", inputs.WOut.bytes);
  transcript.absorbEncodedPoints("D", proof.D.bytes);
  transcript.absorbEncodedPoints("M", proof.M.bytes);
  transcript.absorbEncodedPoints("mu", proof.mu.bytes);
  transcript.absorbEncodedPoints("K", proof.K.bytes);
}

/** N is computed twice, by formula and by running the relations; both must agree. */
function assertAllSaid(ledger: Ledger, shape: Shape): void {
  if (ledger.said !== shape.hiddenValues)
    throw new Error(`verify: ${ledger.said} values said, but N = ${shape.hiddenValues}`);
}

const reject = (check: string, reason: string): Verdict => ({ ok: false, check, reason });
