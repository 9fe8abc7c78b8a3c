import { hex32 } from "../artifact/digest.ts";
import { sampleSegments } from "../protocol/index.ts";

/** A sample of a run's segments, as the caller wants it drawn (PROTOCOL §23). */
export interface SampleChoice {
  /** How many segments; a run that has no more is verified whole. */
  readonly size: number;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** The block whose hash the seed was made from; absent where the seed is the caller's own. */
  readonly block?: number;
}

/** Whose proofs were to be verified: those of all segments, or of a sample. Statements are checked for all in any case. */
export type Coverage =
  | { readonly kind: "all"; readonly segments: number }
  | {
      readonly kind: "sample";
      /** How many proofs. */
      readonly checked: number;
      /** Of how many. */
      readonly segments: number;
      /** What they were drawn with, 0x and 64 digits; from the hash of `block`, where there is one. */
      readonly seed: string;
      readonly block?: number;
    };

/** What is to be verified of a run: the segments drawn, or undefined for all. */
export function coverageOf(
  segments: number,
  sample?: SampleChoice,
): { readonly coverage: Coverage; readonly drawn: readonly number[] | undefined } {
  if (sample === undefined || sample.size >= segments)
    return { coverage: { kind: "all", segments }, drawn: undefined };
  const { size, seed, block } = sample;
  const facts = { kind: "sample", checked: size, segments, seed: hex32(seed) } as const;
  return {
    coverage: { ...facts, ...(block !== undefined && { block }) },
    drawn: sampleSegments(seed, size, segments),
  };
}

/** The number of false segments in the example. */
const EXAMPLE = [1, 10, 100] as const;

/**
 * What a sample says, for people: never that a run is valid. The chance that m false segments all escape a sample of k of n is
 * C(n−m, k) / C(n, k), about (1 − k/n)^m.
 */
export function sampleSentences(coverage: Coverage & { kind: "sample" }): string[] {
  const { checked, segments, seed, block } = coverage;
  const from = block === undefined ? "a seed that was given" : `the hash of block ${block}`;
  const escapes = EXAMPLE.filter((m) => m <= segments - checked).map(
    (m) => `${m} with ${percent(missed(m, checked, segments))}`,
  );
  return [
    `${checked} of ${segments} segments' proofs were verified, drawn with seed ${seed} (${from}), and every statement.`,
    `This is evidence and no proof: one false segment is enough for a forgery, and the sample misses m false ones with probability of about (1 - ${checked}/${segments})^m: ${escapes.join(", ")}.`,
  ];
}

/** The probability that none of `m` segments is among `k` drawn of `n`. */
export function missed(m: number, k: number, n: number): number {
  let probability = 1;
  for (let i = 0; i < m; i++) probability *= Math.max(0, n - k - i) / (n - i);
  return probability;
}

const percent = (p: number): string => `${(100 * p).toPrecision(3)} %`;
