import {
  type Attestation,
  type RegistryReader,
  SAMPLE_NOT_DRAWN,
  type SampleOrigin,
  sampleSentence,
  type SegmentSample,
} from "../../src/registry/index.ts";

/** A verdict, and where it is on a sample, whether the sample was drawn as the protocol says. */
export interface CheckedAttestation extends Attestation {
  sample?: SegmentSample & { origin: SampleOrigin };
}

/** Asks the node how the samples were drawn; without a node that is not known. Errors: RegistryError. */
export async function withSampleOrigins(
  registry: Pick<RegistryReader, "checkSamples">,
  attestations: readonly Attestation[],
): Promise<CheckedAttestation[]> {
  const origins = await registry.checkSamples?.({ attestations });
  return attestations.map(({ sample, ...rest }, i) => ({
    ...rest,
    ...(sample && { sample: { ...sample, origin: origins?.[i] ?? "unknown" } }),
  }));
}

/** What a verdict on a sample says, and how the sample was drawn; nothing of a verdict on all segments. */
export function sampleLines(attestation: CheckedAttestation): string[] {
  const sentence = sampleSentence(attestation);
  if (sentence === undefined) return [];
  const origin = attestation.sample?.origin;
  if (origin === "drawn") return [sentence];
  const problem =
    origin === "other"
      ? SAMPLE_NOT_DRAWN.toUpperCase()
      : "whether the sample was drawn as the protocol says needs a node with the block after the claim";
  return [sentence, problem];
}
