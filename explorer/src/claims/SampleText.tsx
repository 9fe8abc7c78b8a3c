import { SAMPLE_NOT_DRAWN } from "../../../src/registry/checkSample.ts";
import { sampleSentence } from "../../../src/registry/sampleSentence.ts";
import type { CheckedAttestation } from "../chain/queries.ts";

/** What a verdict on a sample of the segments says, and how the sample was drawn; nothing of a verdict on all. */
export function SampleText({ attestation }: { attestation: CheckedAttestation }) {
  const sentence = sampleSentence(attestation);
  if (sentence === undefined) return null;
  const { sampleOrigin } = attestation;
  return (
    <>
      <br />
      {sentence}.
      {sampleOrigin === "other" && (
        <>
          {" "}
          <strong>But {SAMPLE_NOT_DRAWN}.</strong>
        </>
      )}
      {sampleOrigin === "unknown" &&
        " Whether the sample was drawn as the protocol says cannot be read from this node."}
    </>
  );
}
