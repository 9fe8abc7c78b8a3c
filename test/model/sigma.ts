/** The final Σ-protocol's prover (PROTOCOL §16). */
import { mod } from "../../src/protocol/field.ts";
import type { Shape } from "../../src/protocol/shape.ts";
import type { Generators } from "../../src/protocol/generators.ts";
import type { ProofParts } from "../../src/protocol/proof.ts";
import { type Affine, evaluate } from "../../src/verifier/affine.ts";
import type { Context } from "../../src/verifier/context.ts";
import type { Opening } from "../../src/verifier/relations/opening.ts";
import { batchConstraints } from "../../src/verifier/sigma.ts";
import { commit } from "./commit.ts";
import { type DenseProver, dot, eqTable } from "./dense.ts";
import type { Opened, OpeningClaim } from "./opening.ts";
import type { Random } from "./random.ts";

/** Where a prover may cheat in the protocol's numbers, the opening's claims and the Σ-protocol. */
export interface Cheat {
  readonly shape?: Partial<Shape>;
  /** Numerators and denominators of the two trees' leaves. */
  readonly leaves?: (tree: 1 | 2, p: bigint[], q: bigint[], alpha: bigint) => void;
  readonly claims?: (claims: OpeningClaim[]) => void;
  readonly form?: (form: bigint) => bigint;
  readonly e0?: (e0: bigint) => bigint;
  readonly e1?: (e1: bigint) => bigint;
  readonly u?: (u: bigint[], columns: readonly bigint[]) => void;
  readonly committedPads?: (pads: bigint[]) => void;
}

/** What the prover knows, beside the constraints' coefficients that the verifier knows too. */
export interface Secrets extends Opened {
  readonly pads: readonly bigint[];
  readonly padBlinding: bigint;
}

export type SigmaPart = Pick<
  ProofParts,
  "masks" | "form" | "cross" | "answerRow" | "answerPads" | "answerBlindings"
>;

export function proveSigma(
  { ledger }: Context,
  opening: Opening,
  { transcript, values }: DenseProver,
  { u, blinding, pads, padBlinding }: Secrets,
  { G, P, H }: Generators,
  random: Random,
  cheat: Cheat,
): SigmaPart {
  const { expression, last } = batchConstraints({ ledger }, opening);
  const rowMask = u.map(() => random.scalar());
  const padMask = pads.map(() => random.scalar());
  const [rhoU, rhoK, rho0, rho1] = [0, 1, 2, 3].map(() => random.scalar()) as Four;
  const columns = eqTable(opening.y);
  cheat.u?.(u, columns);
  const honest = mod(evaluate(expression, padMask, 0n) + last * dot(rowMask, columns));
  const form = mod(cheat.form?.(honest) ?? honest);

  const masked = (e: Affine): bigint => evaluate(e, padMask, 0n);
  const value = (e: Affine): bigint => evaluate(e, values, 1n);
  let [e0, e1, scale] = [0n, 0n, 1n];
  for (const { x, y, z } of ledger.products) {
    scale = mod(scale * opening.gamma);
    e0 = mod(e0 + scale * masked(x) * masked(y));
    e1 = mod(e1 + scale * (masked(z) - value(x) * masked(y) - value(y) * masked(x)));
  }
  e0 = mod(cheat.e0?.(e0) ?? e0);
  e1 = mod(cheat.e1?.(e1) ?? e1);

  const masks = [commit(rowMask, rhoU, G, H), commit(padMask, rhoK, P, H)];
  const cross = [commit([e0], rho0, G, H), commit([e1], rho1, G, H)];
  transcript.absorbPoints("sigma.masks", masks);
  transcript.absorbScalars("sigma.form", [form]);
  transcript.absorbPoints("sigma.cross", cross);
  const x = transcript.challenge("sigma.x", 1)[0]!;
  const answer = (mask: bigint, secret: bigint): bigint => mod(mask + x * secret);
  return {
    masks,
    form: [form],
    cross,
    answerRow: rowMask.map((mask, i) => answer(mask, u[i]!)),
    answerPads: padMask.map((mask, n) => answer(mask, pads[n]!)),
    answerBlindings: [answer(rhoU, blinding), answer(rhoK, padBlinding), answer(rho0, rho1)],
  };
}

type Four = [bigint, bigint, bigint, bigint];
