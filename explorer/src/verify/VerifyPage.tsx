import { useState } from "react";
import { Page } from "../ui/Page.tsx";
import { FileDrop } from "./FileDrop.tsx";
import { SampleChoice } from "./SampleChoice.tsx";
import { useVerification } from "./useVerification.ts";
import { VerificationView } from "./VerificationView.tsx";

/** Verifies a run's files without any chain. */
export function VerifyPage() {
  const { state, start, cancel } = useVerification();
  const [sample, setSample] = useState<number>();
  return (
    <Page
      title="Verify files"
      intro="The verifier of the trainproof command runs in this tab. No chain, no server, nobody to trust but the code."
    >
      {state.status !== "running" && (
        <>
          <SampleChoice size={sample} onSize={setSample} />
          <FileDrop
            onFiles={(files) =>
              start({ source: { kind: "files", files }, ...(sample !== undefined && { sample }) })
            }
          />
        </>
      )}
      <VerificationView state={state} cancel={cancel} />
    </Page>
  );
}
