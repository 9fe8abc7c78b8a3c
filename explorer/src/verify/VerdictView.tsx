import { useEffect, useRef } from "react";
import { sampleSentences } from "../../../src/relayer/coverage.ts";
import { bytes, duration, Foreign, plural } from "../ui/text.tsx";
import { FORM_CHECKS, PLAN_CHECKS, RUN_CHECKS } from "./checkNames.ts";
import type { Verification } from "./messages.ts";
import { ReportActions } from "./ReportActions.tsx";
import type { ClaimContext } from "./reports.ts";
import { RunTable } from "./RunTable.tsx";
import { Timings } from "./Timings.tsx";

/** The verdict, the checks that it rests on, and what can be done with it. */
export function VerdictView({
  verification,
  claimed,
}: {
  verification: Verification;
  claimed?: ClaimContext | undefined;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { result, run, phases, milliseconds } = verification;
  const { verdict, coverage } = result;
  const sampled = verdict.ok && coverage.kind === "sample";
  const continues = run && "parent" in run.config.start;
  return (
    <section
      className={`card verdict ${sampled ? "sampled" : verdict.ok ? "good" : "bad"}`}
      aria-labelledby="verdict"
    >
      <h2 id="verdict" ref={heading} tabIndex={-1}>
        {sampled ? "No fault in a sample" : verdict.ok ? "Valid" : "Invalid"}
      </h2>
      <p>
        {verdict.ok ? (
          <>
            {plural(result.steps, "step")} in{" "}
            {plural(sampled ? coverage.checked : result.segments, "segment")} proven,{" "}
            {bytes(result.proofBytes)} of proofs verified in {duration(milliseconds)}.
          </>
        ) : (
          <>
            Check <strong>{verdict.check}</strong> failed
            {verdict.segment !== undefined && ` in segment ${verdict.segment + 1}`}:{" "}
            <Foreign text={verdict.reason} />
          </>
        )}
      </p>
      {sampled &&
        [...sampleSentences(coverage), "The seed was drawn in this tab."].map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      {verdict.ok && continues && (
        <p>
          The run continues another one. What came before is proven only if that is valid, too
          {claimed
            ? "."
            : "; which run that is, is its publisher’s word: a claim binds it to the chain."}
        </p>
      )}
      {verdict.ok && run && "undisclosed" in run.config.start && (
        <p>Continued from undisclosed weights: nothing is proven of how they came about.</p>
      )}
      <ReportActions verification={verification} claimed={claimed} />
      <Checks verification={verification} planned={claimed?.claim.planDigest !== undefined} />
      {run && <RunTable run={run} />}
      <Timings phases={phases} total={milliseconds} />
    </section>
  );
}

function Checks({ verification, planned }: { verification: Verification; planned: boolean }) {
  const { verdict, coverage } = verification.result;
  const { run } = verification;
  /** What a segment's proof says; the bound of undisclosed weights is proven with the first. */
  const proven = (check: string) =>
    check.startsWith("V") || (check === "C3" && run && "undisclosed" in run.config.start);
  const holds = (check: string) =>
    coverage.kind === "sample" && proven(check) ? "holds in the sample" : "holds";
  const failed = verdict.ok ? undefined : verdict.check;
  const checks = {
    ...(failed === "F1" && FORM_CHECKS),
    ...(planned && PLAN_CHECKS),
    ...RUN_CHECKS,
  };
  return (
    <>
      <h3>Checks</h3>
      <ul className="checks">
        {Object.entries(checks).map(([check, says]) => {
          const bad = failed !== undefined && failed.split(".")[0] === check;
          const state = failed === undefined ? holds(check) : bad ? "failed" : "not decided";
          return (
            <li key={check} className={bad ? "bad" : failed === undefined ? "good" : "quiet"}>
              <span aria-hidden="true">{bad ? "✗" : failed === undefined ? "✓" : "–"}</span>{" "}
              <strong>{check}</strong> {says} <span className="state">({state})</span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
