import { encodeFloatWeights, encodeWeights, type Weights } from "../model/index.ts";
import type { PublicConfig } from "./config.ts";
import { WEIGHT_FILES } from "./layout.ts";

/** Committed weights with all that proving from them needs. */
export interface CommittedWeights {
  readonly weights: Weights;
  /** Row commitments, 64 bytes each, and their blindings, 32 bytes each (PROTOCOL §7). */
  readonly rows: Uint8Array;
  readonly blindings: Uint8Array;
}

/** The files of a weights folder, with their content. */
export function weightsContent(
  weights: CommittedWeights,
  R: number,
  step: number,
  runId: string,
): (readonly [name: string, bytes: Uint8Array])[] {
  const metadata = { R, step, runId };
  return [
    [WEIGHT_FILES.exact, encodeWeights(weights.weights, metadata)],
    [WEIGHT_FILES.float, encodeFloatWeights(weights.weights, metadata)],
    [WEIGHT_FILES.blindings, weights.blindings],
  ];
}

/**
 * The digits of b bits that the range proof of undisclosed start weights needs: the least d ≥ 1 with every weight in
 * [−2^(b·d − 1), 2^(b·d − 1)) (PROTOCOL §5). It is public, and with it this range.
 */
export function startDigits({ layers }: Weights, b: number): number {
  let most = 0n;
  for (const layer of layers)
    for (const weight of layer) {
      const magnitude = weight < 0n ? ~weight : weight;
      if (magnitude > most) most = magnitude;
    }
  const bits = most === 0n ? 1 : most.toString(2).length + 1;
  return Math.ceil(bits / b);
}

/** Rows, blindings and widths must fit each other; a RangeError otherwise. */
export function checkCommitted(config: PublicConfig, weights: CommittedWeights): void {
  const { rows, blindings } = weights;
  if (rows.length % 64 !== 0 || blindings.length * 2 !== rows.length)
    throw new RangeError(
      "run: weights need 64 bytes of commitment and 32 of blinding for each row",
    );
  if (weights.weights.widths.join() !== config.widths.join())
    throw new RangeError("run: the weights have other widths than the configuration");
}
