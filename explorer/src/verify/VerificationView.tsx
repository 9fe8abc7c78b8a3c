import { useEffect, useRef } from "react";
import { Foreign } from "../ui/text.tsx";
import { PHASE_NAMES } from "./checkNames.ts";
import type { Position } from "./messages.ts";
import type { ClaimContext } from "./reports.ts";
import type { VerificationState } from "./useVerification.ts";
import { VerdictView } from "./VerdictView.tsx";

/** A verification as it runs, and what comes of it. */
export function VerificationView(props: {
  state: VerificationState;
  cancel: () => void;
  claimed?: ClaimContext | undefined;
}) {
  const { state, cancel, claimed } = props;
  switch (state.status) {
    case "idle":
      return null;
    case "running":
      return <Running state={state} cancel={cancel} />;
    case "cancelled":
      return (
        <p role="status" className="note">
          Cancelled: there is no verdict.
        </p>
      );
    case "failed":
      return (
        <div role="alert" className="note bad">
          <p>
            <strong>No verdict.</strong> The files could not be read, or are not the right ones;
            that says nothing about the proof.
          </p>
          <p>
            <Foreign text={state.message} />
          </p>
        </div>
      );
    case "done":
      return <VerdictView verification={state.verification} claimed={claimed} />;
  }
}

function Running({
  state: { at, run },
  cancel,
}: {
  state: Extract<VerificationState, { status: "running" }>;
  cancel: () => void;
}) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const segment = at && run && run.segments > 1 ? placeOf(at, run.segments) : "";
  const text = at ? `${segment}${PHASE_NAMES[at.phase] ?? at.phase}` : "Reading and hashing files";
  return (
    <section aria-label="Verification" className="card running">
      <label htmlFor="progress">{text}</label>
      <progress id="progress" max={at?.all ?? 1} {...(at && { value: at.done })} />
      {/* Segments, not phases: those pass too fast to be read out. */}
      <span role="status" className="hidden">
        {at ? `Verifying. ${segment}` : "Reading files."}
      </span>
      <button ref={button} type="button" className="second" onClick={cancel}>
        Cancel
      </button>
    </section>
  );
}

const placeOf = ({ segment, place, places }: Position, segments: number): string =>
  places === segments
    ? `Segment ${segment + 1} of ${segments}: `
    : `Segment ${segment + 1}, number ${place + 1} of a sample of ${places}: `;
