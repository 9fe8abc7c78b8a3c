import type { Weights } from "../model/index.ts";
import type { PublicConfig } from "./config.ts";
import type { ExistingFile, FileBytes } from "./files.ts";
import { WEIGHT_FILES } from "./layout.ts";
import type { ManifestFile } from "./manifest.ts";

/** Committed weights with all that proving from them needs. */
export interface CommittedWeights {
  readonly weights: Weights;
  /** Row commitments, 64 bytes each, and their blindings, 32 bytes each (PROTOCOL §7). */
  readonly rows: Uint8Array;
  readonly blindings: Uint8Array;
}

/** A file that is on disk already, and what it held when it was written. */
export type KnownFile = ExistingFile & Omit<ManifestFile, "path">;

/** What a weights folder holds. */
export interface WeightsContent {
  readonly exact: FileBytes | KnownFile;
  /** After a run's last segment. */
  readonly float?: Uint8Array;
  readonly blindings: Uint8Array;
}

/** The files of a weights folder, by name. */
export function weightsFiles(
  content: WeightsContent,
): (readonly [name: string, content: FileBytes | KnownFile])[] {
  return Object.entries(WEIGHT_FILES).flatMap(([key, name]) => {
    const file = content[key as keyof WeightsContent];
    return file === undefined ? [] : [[name, file] as const];
  });
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

/** Rows and blindings must fit each other; a RangeError otherwise. */
export function checkBlindings({
  rows,
  blindings,
}: Pick<CommittedWeights, "rows" | "blindings">): void {
  if (rows.length % 64 !== 0 || blindings.length * 2 !== rows.length)
    throw new RangeError(
      "run: weights need 64 bytes of commitment and 32 of blinding for each row",
    );
}

/** Rows, blindings and widths must fit each other; a RangeError otherwise. */
export function checkCommitted(config: PublicConfig, weights: CommittedWeights): void {
  checkBlindings(weights);
  if (weights.weights.widths.join() !== config.widths.join())
    throw new RangeError("run: the weights have other widths than the configuration");
}
