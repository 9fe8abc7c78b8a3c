import type { Claim } from "../../../src/registry/findClaims.ts";
import { UNDISCLOSED } from "../../../src/registry/origins.ts";
import { useChildren, useLineage } from "../chain/queries.ts";
import { Pending } from "../ui/Page.tsx";
import { plural } from "../ui/text.tsx";
import { BOX, familyOf, layout, MOST } from "./family.ts";

/** Where the model comes from, and what was made of it. */
export function Lineage({ claim }: { claim: Claim }) {
  const { data: line, error } = useLineage(claim.claimId);
  const children = useChildren(claim.claimId);
  return (
    <section aria-labelledby="lineage">
      <h2 id="lineage">Lineage</h2>
      {line === undefined ? (
        <Pending error={error} what="the lineage" />
      ) : (
        <>
          <p>
            {line.claims.length === 1 && line.rooted ? (
              "It starts from a public seed: nothing came before it."
            ) : (
              <>
                {plural(line.claims.length, "claim")} in line, {endOf(line)}. The model is proven
                from {line.undisclosed ? "those weights on" : "its first step"} only if every one of
                them is valid.
              </>
            )}
            {line.retracted && " One of them was retracted."}
          </p>
          <Graph claim={claim} ancestors={line.claims} children={children.data ?? []} />
        </>
      )}
      {children.data && children.data.length > MOST && (
        <p>
          Of {children.data.length} claims that continue this one, {MOST} are drawn.
        </p>
      )}
    </section>
  );
}

function endOf({ rooted, undisclosed }: { rooted: boolean; undisclosed: boolean }) {
  if (rooted) return "the eldest from a public seed";
  return undisclosed ? `the eldest ${UNDISCLOSED}` : "and more before them";
}

function Graph(props: { claim: Claim; ancestors: readonly Claim[]; children: readonly Claim[] }) {
  const { claim, ancestors, children } = props;
  const { nodes, width, height, top } = layout(familyOf(ancestors, children));
  const middle = BOX.width / 2;
  return (
    <div className="scroll" role="region" aria-label="Graph of the lineage" tabIndex={0}>
      <svg
        className="lineage"
        width={width}
        height={height}
        viewBox={`-2 ${top} ${width} ${height}`}
        role="group"
        aria-label="Claims, the eldest left; each line goes from a claim to one that continues it"
      >
        {nodes.map(({ x, y, parent, data }) =>
          parent ? (
            <path
              key={`to ${data.id}`}
              d={`M${parent.y + BOX.width},${parent.x} C${parent.y + BOX.width + 20},${parent.x} ${y - 20},${x} ${y},${x}`}
            />
          ) : null,
        )}
        {nodes.map(({ x, y, data }) => {
          const here = data.id === claim.claimId;
          const name = `${data.id.slice(0, 8)}…${data.id.slice(-4)}`;
          const steps = data.claim ? plural(data.claim.steps, "step") : "";
          return (
            <a
              key={data.id}
              href={`#/claim/${data.id}`}
              className={here ? "here" : ""}
              {...(here && { "aria-current": "page" as const })}
            >
              <rect x={y} y={x - BOX.height / 2} width={BOX.width} height={BOX.height} rx="6" />
              <text x={y + middle} y={x - 3}>
                {name}
              </text>
              <text x={y + middle} y={x + 14} className="small">
                {steps}
                {data.claim?.startKind === "undisclosed" ? ", undisclosed start" : ""}
                {data.claim?.retraction ? ", retracted" : ""}
              </text>
            </a>
          );
        })}
      </svg>
    </div>
  );
}
