import { Link } from "wouter";
import type { Hex as HexText } from "viem";
import type { GetClaimReturnType } from "../../../src/registry/getClaim.ts";
import { useClaim, useOrigin } from "../chain/queries.ts";
import { Page, Pending } from "../ui/Page.tsx";
import { Foreign, ForeignLink, Hex, plural } from "../ui/text.tsx";
import { Attestations } from "./Attestations.tsx";
import { Disputes } from "./Disputes.tsx";
import { Lineage } from "./Lineage.tsx";
import { listOf } from "./filters.ts";
import { Meaning } from "./Meaning.tsx";
import { ReadersState } from "./ReadersState.tsx";
import { VerifyClaim } from "./VerifyClaim.tsx";

export function ClaimPage({ id }: { id: string }) {
  if (!/^0x[0-9a-fA-F]{64}$/.test(id))
    return (
      <Page title="No claim">
        <p>
          A claim’s id is 0x and 64 hexadecimal digits. <Link href="/">All claims</Link>
        </p>
      </Page>
    );
  return <Known claimId={id.toLowerCase() as HexText} />;
}

function Known({ claimId }: { claimId: HexText }) {
  const { data: claim, error } = useClaim(claimId);
  return (
    <Page title={`Claim ${claimId.slice(0, 8)}…${claimId.slice(-4)}`}>
      {claim === undefined ? (
        <Pending error={error} what="the claim" />
      ) : (
        <>
          {claim.retraction && (
            <p className="note bad">
              The claimant took this claim back: <Foreign text={claim.retraction.reason} />
            </p>
          )}
          <OriginNote claim={claim} />
          <Lead claim={claim} />
          <ReadersState claimId={claimId} />
          <VerifyClaim claim={claim} />
          <Meaning claim={claim} />
          <Attestations claimId={claimId} />
          <Disputes claimId={claimId} />
          <Lineage claim={claim} />
          <Facts claim={claim} />
        </>
      )}
    </Page>
  );
}

const STARTS = {
  seed: "a public seed",
  parent: "another claim’s model",
  undisclosed: "undisclosed weights",
};

/** What the reader must know of where the line began; nothing of a public seed. */
function OriginNote({ claim }: { claim: GetClaimReturnType }) {
  const { data: origin, error } = useOrigin(claim);
  if (error) return <Pending error={error} what="what the claim’s line began with" />;
  if (origin === "undisclosed")
    return (
      <p className="note bad">
        <strong>Continued from undisclosed weights</strong>
        {claim.startKind === "parent" && " by one of its ancestors"}: nothing can be known of what
        they were trained on.
      </p>
    );
  if (origin === "unknown")
    return <p className="note bad">Too many ancestors to say what its line began with.</p>;
  return null;
}

/** The claim in one sentence. */
function Lead({ claim }: { claim: GetClaimReturnType }) {
  return (
    <p className="intro">
      Account <Hex value={claim.claimant} /> says: model <Hex value={claim.modelCommitment} /> comes
      from {STARTS[claim.startKind]} by {plural(claim.steps, "training step")} on the committed data{" "}
      <Hex value={claim.dataRoot} />.
    </p>
  );
}

/** What the registry holds, to the last digit. */
function Facts({ claim }: { claim: GetClaimReturnType }) {
  const digests = {
    Claim: [claim.claimId],
    "Model commitment": [claim.modelCommitment, listOf({ model: claim.modelCommitment })],
    "Data root": [claim.dataRoot, listOf({ data: claim.dataRoot })],
    "Configuration digest": [claim.configDigest],
    "Proof digest": [claim.proofDigest],
    "Plan digest": [claim.planDigest],
    "Exported weights (SHA-256), the claimant’s word": [claim.weightsDigest],
    "Model-signing manifest (SHA-256), the claimant’s word": [claim.signingDigest],
    Transaction: [claim.transactionHash],
  } as const satisfies Record<string, readonly [string | undefined, string?]>;
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">In the registry</h2>
      <dl className="facts">
        <dt>Claimant</dt>
        <dd>
          <Hex value={claim.claimant} whole to={listOf({ claimant: claim.claimant })} />
        </dd>
        <dt>Registered</dt>
        <dd>
          {new Date(claim.registeredAt * 1000).toLocaleString("en", {
            dateStyle: "long",
            timeStyle: "short",
          })}
          , block {claim.blockNumber.toLocaleString("en")}
        </dd>
        <dt>Files</dt>
        <dd>
          <ForeignLink address={claim.uri} />
        </dd>
        {Object.entries(digests).map(([name, [value, to]]) =>
          value === undefined ? null : (
            <div key={name} className="pair">
              <dt>{name}</dt>
              <dd>
                <Hex value={value} whole {...(to !== undefined && { to })} />
              </dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}
