import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { GetClaimReturnType } from "../../../src/registry/getClaim.ts";
import { readClaimFacts } from "../../../src/relayer/claimFacts.ts";
import { useClients } from "../chain/queries.ts";
import { Foreign } from "../ui/text.tsx";
import { FileDrop } from "../verify/FileDrop.tsx";
import type { Source } from "../verify/messages.ts";
import { isFetchable } from "../verify/fetchable.ts";
import { SampleChoice } from "../verify/SampleChoice.tsx";
import { useVerification } from "../verify/useVerification.ts";
import { VerificationView } from "../verify/VerificationView.tsx";

/** Verifies the claim in this tab: its files from where it says, or from the reader. */
export function VerifyClaim({ claim }: { claim: GetClaimReturnType }) {
  const { data: clients } = useClients();
  const { state, start, cancel } = useVerification();
  const [sample, setSample] = useState<number>();
  const begin = useMutation({
    mutationFn: async (source: Source) => {
      const facts = await readClaimFacts(clients!, claim.claimId);
      start({ source, facts, ...(sample !== undefined && { sample }) });
    },
  });
  const fetchable = isFetchable(claim.uri);
  const host = URL.parse(claim.uri)?.host;
  const idle = state.status !== "running" && !begin.isPending;
  return (
    <section aria-labelledby="verify-here">
      <h2 id="verify-here">Verify here</h2>
      {idle && clients && (
        <>
          <SampleChoice size={sample} onSize={setSample} />
          {fetchable ? (
            <div className="actions">
              <button type="button" onClick={() => begin.mutate({ kind: "url", url: claim.uri })}>
                Fetch the files and verify
              </button>
              <span className="quiet">
                Asks <Foreign text={host ?? ""} />, which the claimant named, for the files.
              </span>
            </div>
          ) : (
            <p>The claim names no http(s) address that this browser could fetch the files from.</p>
          )}
          <details {...(!fetchable && { open: true })}>
            <summary>Verify files that you have</summary>
            <FileDrop onFiles={(files) => begin.mutate({ kind: "files", files })} />
          </details>
        </>
      )}
      {begin.error && (
        <p role="alert" className="note bad">
          <Foreign text={begin.error.message} />
        </p>
      )}
      <VerificationView
        state={state}
        cancel={cancel}
        claimed={clients ? { claim, clients } : undefined}
      />
    </section>
  );
}
