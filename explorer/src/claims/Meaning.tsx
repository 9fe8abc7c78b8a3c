import { Link } from "wouter";
import type { GetClaimReturnType } from "../../../src/registry/getClaim.ts";
import { UNDISCLOSED } from "../../../src/registry/origins.ts";
import { useClaimedPlan, useOrigin } from "../chain/queries.ts";
import { Foreign, Hex, plural } from "../ui/text.tsx";
import { listOf } from "./filters.ts";

/** What the claim's proof says where it is valid, and what no proof says, in plain words. */
export function Meaning({ claim }: { claim: GetClaimReturnType }) {
  const { data: origin } = useOrigin(claim);
  return (
    <section aria-labelledby="meaning" className="meaning">
      <h2 id="meaning">What this claim says</h2>
      <div className="columns">
        <div>
          <h3>Proven, if the verdict is valid</h3>
          <ul>
            <li>
              <strong>From which start:</strong> <Start claim={claim} />
            </li>
            <li>
              <strong>On which data:</strong> only on samples of the data set that was committed
              beforehand as <Hex value={claim.dataRoot} to={listOf({ data: claim.dataRoot })} />.
              The samples themselves stay secret.
            </li>
            <li>
              <strong>How much:</strong> exactly {plural(claim.steps, "step")} of stochastic
              gradient descent, in integers and without any tolerance, each on the batch that the
              public schedule names.
            </li>
            <li>
              <strong>To which model:</strong> the weights after the last step, and no others, are
              committed as{" "}
              <Hex value={claim.modelCommitment} to={listOf({ model: claim.modelCommitment })} />.
            </li>
            <Seed claim={claim} />
          </ul>
        </div>
        <div>
          <h3>Not proven</h3>
          <ul>
            <li>
              <strong>Who trained it.</strong> Account{" "}
              <Hex value={claim.claimant} to={listOf({ claimant: claim.claimant })} /> was the first
              to register this claim under its name, in block{" "}
              {claim.blockNumber.toLocaleString("en")}.
            </li>
            <li>
              <strong>What the data are.</strong> A commitment is to <em>some</em> samples, whatever
              anybody calls them.
            </li>
            <li>
              <strong>That the model is any good</strong>, or that test data were kept apart.
            </li>
            <li>
              <strong>That a served model is this one.</strong> Nothing here watches what somebody
              answers with.
            </li>
            {origin === "undisclosed" && (
              <li>
                <strong>What was before.</strong> The model was {UNDISCLOSED}
                {claim.startKind === "parent" && " by one of its ancestors"}: they may be the result
                of any computation on any data.
              </li>
            )}
            {claim.startKind !== "undisclosed" && claim.planDigest === undefined && (
              <li>
                <strong>That the seed was not picked</strong> as the best of many: no plan was
                announced before training.
              </li>
            )}
          </ul>
        </div>
      </div>
    </section>
  );
}

function Start({ claim }: { claim: GetClaimReturnType }) {
  if (claim.startKind === "seed")
    return (
      <>
        from initial weights that anybody can compute from the public seed{" "}
        <Hex value={claim.start} />.
      </>
    );
  if (claim.startKind === "undisclosed")
    return (
      <>
        from weights that are committed as <Hex value={claim.start} /> and that nobody has
        disclosed: the proof holds of them, and says nothing of where they came from.
      </>
    );
  return (
    <>
      from the committed model of claim <Hex value={claim.start} to={`/claim/${claim.start}`} />,
      whose own proof is another verdict.
    </>
  );
}

/** Why nobody chose the seed; nothing where somebody could. */
function Seed({ claim }: { claim: GetClaimReturnType }) {
  const { data: plan, error } = useClaimedPlan(claim);
  if (claim.planDigest === undefined) return null;
  const what = claim.startKind === "seed" ? "initial weights and batch order" : "the batch order";
  return (
    <li>
      <strong>With a seed that nobody chose:</strong> {what} come from the hash of block{" "}
      {plan ? plan.seedBlock.toLocaleString("en") : "…"}, which nobody knew when the claimant
      announced architecture, data and number of steps
      {plan && ` in block ${plan.announcedIn.toLocaleString("en")}`}.{" "}
      {plan && (
        <>
          It was number {plan.number} of {plural(plan.announcedByClaimant, "plan")} that{" "}
          <Link href={listOf({ claimant: claim.claimant })}>the claimant</Link> has announced
          {plan.announcedByClaimant > 1
            ? ": each has a seed of its own, so judge the claim by that number."
            : "."}{" "}
          Who builds that block can try several hashes.
        </>
      )}
      {error && (
        <span role="alert">
          {" "}
          The plan could not be read: <Foreign text={error.message} />
        </span>
      )}
    </li>
  );
}
