import { useDeferredValue, useState } from "react";
import { Link } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import type { Claim } from "../../../src/registry/findClaims.ts";
import { type Origin, UNDISCLOSED } from "../../../src/registry/origins.ts";
import { useAllClaims } from "../chain/queries.ts";
import { useSettings } from "../chain/settings.ts";
import { Badge } from "../ui/Badge.tsx";
import { Page, Pending } from "../ui/Page.tsx";
import { Hex, plural } from "../ui/text.tsx";
import { type Filters, filtersOf, fits, listOf } from "./filters.ts";
import { OUTCOMES, outcomeOf, type ReadersOutcome } from "./outcome.ts";

/** Claims that are shown at first, and more each time. */
const PAGE = 25;

export function ClaimsPage() {
  const settings = useSettings();
  const [location, navigate] = useHashLocation();
  const filters = filtersOf(location);
  const wanted = useDeferredValue(filters);
  const [shown, setShown] = useState(PAGE);
  const { data, error, refetch, isFetching } = useAllClaims();
  const change = (changes: Partial<Filters>) => {
    setShown(PAGE);
    navigate(listOf({ ...filters, ...changes }), { replace: true });
  };
  const listed = (data?.claims ?? [])
    .map((claim) => {
      const verdicts = data?.attestations.get(claim.claimId) ?? [];
      const origin = data?.origins.get(claim.claimId) ?? "unknown";
      const state = outcomeOf(verdicts, !!claim.retraction, settings);
      return { claim, verdicts, state, origin };
    })
    .filter(({ claim, state }) => fits(claim, state, wanted));
  return (
    <Page
      title="Claims"
      intro="Who says to have trained which model on which committed data, and who has verified it."
    >
      <FilterForm filters={filters} change={change} />
      {data === undefined ? (
        <Pending error={error} what="the registry’s claims" />
      ) : (
        <>
          <p className="listhead">
            <span role="status">
              {plural(listed.length, "claim")}
              {listed.length !== data.claims.length && ` of ${data.claims.length}`}
            </span>{" "}
            <button
              type="button"
              className="text"
              onClick={() => void refetch()}
              disabled={isFetching}
            >
              Read again
            </button>
          </p>
          {settings.verifiers.length === 0 && listed.length > 0 && (
            <p className="note">
              You trust no verifier yet, so no claim is valid for you.{" "}
              <Link href="/settings">Choose whom you trust</Link>, or verify a claim yourself.
            </p>
          )}
          <ul className="claims">
            {listed.slice(0, shown).map((item) => (
              <ClaimRow key={item.claim.claimId} {...item} />
            ))}
          </ul>
          {listed.length > shown && (
            <button type="button" className="second" onClick={() => setShown(shown + PAGE)}>
              Show more
            </button>
          )}
        </>
      )}
    </Page>
  );
}

function FilterForm({
  filters,
  change,
}: {
  filters: Filters;
  change: (to: Partial<Filters>) => void;
}) {
  const text = (name: "search" | "model" | "data" | "claimant", label: string) => (
    <label>
      {label}
      <input
        type="search"
        value={filters[name]}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </label>
  );
  return (
    <form role="search" className="filters" onSubmit={(event) => event.preventDefault()}>
      {text("search", "Search")}
      {text("model", "Model")}
      {text("data", "Data")}
      {text("claimant", "Claimant")}
      <label>
        State
        <select
          value={filters.state}
          onChange={(event) => change({ state: event.target.value as Filters["state"] })}
        >
          <option value="">any</option>
          {Object.entries(OUTCOMES).map(([state, words]) => (
            <option key={state} value={state}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}

function ClaimRow(props: {
  claim: Claim;
  verdicts: readonly { verdict: string; revocation?: unknown }[];
  state: ReadersOutcome;
  origin: Origin;
}) {
  const { claim, verdicts, state, origin } = props;
  const said = (verdict: string) =>
    verdicts.filter((one) => one.verdict === verdict && !one.revocation).length;
  return (
    <li className="card claim">
      <h2>
        <Link href={`/claim/${claim.claimId}`}>
          Claim <Hex value={claim.claimId} />
        </Link>
      </h2>
      {state !== "unjudged" && <Badge state={state}>{OUTCOMES[state]}</Badge>}
      {origin === "undisclosed" && (
        <>
          {" "}
          <Badge state={origin}>{UNDISCLOSED}</Badge>
        </>
      )}
      {origin === "unknown" && (
        <>
          {" "}
          <Badge state={origin}>too many ancestors to say what it began with</Badge>
        </>
      )}
      <dl>
        <div>
          <dt>Claimant</dt>
          <dd>
            <Hex value={claim.claimant} to={listOf({ claimant: claim.claimant })} />
          </dd>
        </div>
        <div>
          <dt>Model</dt>
          <dd>
            <Hex value={claim.modelCommitment} to={listOf({ model: claim.modelCommitment })} />
          </dd>
        </div>
        <div>
          <dt>Data</dt>
          <dd>
            <Hex value={claim.dataRoot} to={listOf({ data: claim.dataRoot })} />
          </dd>
        </div>
        <div>
          <dt>Steps</dt>
          <dd>{claim.steps.toLocaleString("en")}</dd>
        </div>
        <div>
          <dt>Verdicts of anyone</dt>
          <dd>
            {said("valid")} valid, {said("invalid")} invalid
            {said("sampled") > 0 && `, ${said("sampled")} on samples`}
          </dd>
        </div>
      </dl>
    </li>
  );
}
