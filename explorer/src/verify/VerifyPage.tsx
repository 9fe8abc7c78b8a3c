import { Page } from "../ui/Page.tsx";
import { FileDrop } from "./FileDrop.tsx";
import { useVerification } from "./useVerification.ts";
import { VerificationView } from "./VerificationView.tsx";

/** Verifies a run's files without any chain. */
export function VerifyPage() {
  const { state, start, cancel } = useVerification();
  return (
    <Page
      title="Verify files"
      intro="The verifier of the trainproof command runs in this tab. No chain, no server, nobody to trust but the code."
    >
      {state.status !== "running" && (
        <FileDrop onFiles={(files) => start({ source: { kind: "files", files } })} />
      )}
      <VerificationView state={state} cancel={cancel} />
    </Page>
  );
}
