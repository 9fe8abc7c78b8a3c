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
