import type { Hex } from "viem";
import { Link } from "wouter";
import { useStatus } from "../chain/queries.ts";
import { useSettings } from "../chain/settings.ts";
import { Badge } from "../ui/Badge.tsx";
import { Pending } from "../ui/Page.tsx";
import { plural } from "../ui/text.tsx";
import { OUTCOMES } from "./outcome.ts";

/** The claim's state for this reader, as the contract counts it. */
export function ReadersState({ claimId }: { claimId: Hex }) {
  const { verifiers, threshold } = useSettings();
  const { data, error } = useStatus(claimId);
  if (verifiers.length === 0)
    return (
      <p className="note">
        You trust no verifier yet. <Link href="/settings">Choose whom you trust</Link>, or verify
        the claim yourself, here.
      </p>
    );
  if (data === undefined) return <Pending error={error} what="the state" />;
  return (
    <p className="state-line">
      <Badge state={data.outcome}>{OUTCOMES[data.outcome]}</Badge> for you: of your{" "}
      {plural(verifiers.length, "verifier")} {data.valid} said valid, {data.invalid} invalid
      {data.sampled > 0 &&
        `, ${data.sampled} found a sample of the segments valid, which decides nothing`}
      {data.revoked > 0 && `, ${data.revoked} took the verdict back`}; {threshold} must agree.
    </p>
  );
}
