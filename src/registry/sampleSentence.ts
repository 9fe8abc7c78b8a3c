import type { Attestation } from "./getAttestations.ts";

/**
 * What a verdict on a sample of the segments says, in words; undefined for one on all of them. The chain does not hold the number of the
 * run's segments: whoever has its configuration gives it.
 *
 * @param segments - how many the run has, where that is known
 */
export function sampleSentence(
  { verdict, sample }: Pick<Attestation, "verdict" | "sample">,
  segments?: number,
): string | undefined {
  if (sample === undefined) return undefined;
  const { size } = sample;
  if (segments !== undefined && size > segments) {
    return `${verdict}: it names a sample of ${size} segments, and the run has ${segments}`;
  }
  const of = segments === undefined ? "" : ` of ${segments}`;
  if (verdict !== "sampled") return `${verdict} in a sample of ${size}${of} segments`;
  if (segments === undefined)
    return `valid in a sample of ${size} of the run's segments: with n in all, a number that the chain does not hold, one false segment would be found with probability ${size}/n`;
  return `valid in a sample of ${size}${of} segments: one false segment would be found with probability ${size}/${segments}`;
}
