import { formatEther, type Hex as HexText } from "viem";
import { Link } from "wouter";
import type { Bond } from "../../../src/registry/disputes/findBonds.ts";
import { useAttestations, useBonds } from "../chain/queries.ts";
import { useSettings } from "../chain/settings.ts";
import { Badge } from "../ui/Badge.tsx";
import { Pending } from "../ui/Page.tsx";
import { Foreign, Hex } from "../ui/text.tsx";
import { SampleText } from "./SampleText.tsx";

/** Most bonds that are drawn: anybody with a claim or a verdict can post them. */
const MOST = 50;

/** Bonds on the claim and on verdicts on it, and what became of them. */
export function Disputes({ claimId }: { claimId: HexText }) {
  const { disputes } = useSettings();
  const { data, error } = useBonds(claimId, disputes !== "");
  return (
    <section aria-labelledby="disputes">
      <h2 id="disputes">Bonds and disputes</h2>
      {disputes === "" ? (
        <p className="quiet">
          No dispute contract is named, so bonds are not looked for.{" "}
          <Link href="/settings">Name one in the settings.</Link>
        </p>
      ) : data === undefined ? (
        <Pending error={error} what="the bonds" />
      ) : data.length === 0 ? (
        <p>Nobody has staked anything on this claim, or on a verdict on it.</p>
      ) : (
        <>
          <p className="quiet">
            A bond is worth what its resolvers are worth to you: who posted it chose them. It
            changes no verdict.
          </p>
          <ul className="claims">
            {data.slice(0, MOST).map((bond) => (
              <BondItem key={bond.bondId} bond={bond} />
            ))}
          </ul>
          {data.length > MOST && <p>And {data.length - MOST} more, which are not shown.</p>}
        </>
      )}
    </section>
  );
}

function BondItem({ bond }: { bond: Bond }) {
  const { data: verdicts } = useAttestations(bond.claimId);
  const verdict = verdicts?.find((given) => given.attester === bond.attester);
  const { poster, attester, amount, resolvers, threshold, challenge, votes } = bond;
  const ether = `${formatEther(amount)} ether`;
  return (
    <li className="card bond">
      <h3>
        {ether} on{" "}
        {attester ? (
          <>
            the verdict of <Hex value={attester} />
          </>
        ) : (
          "the claim"
        )}
      </h3>
      {verdict?.sample && (
        <p>
          The verdict is on a sample, and so is the stake: <SampleText attestation={verdict} />
        </p>
      )}
      <Badge state={bond.stage === "refuted" ? "invalid" : bond.stage}>{STAGES[bond.stage]}</Badge>
      <p>
        <Hex value={poster} /> has staked it. {threshold} of{" "}
        {resolvers.length === 1 ? "1 resolver" : `${resolvers.length} resolvers`} decide a
        challenge:{" "}
        {resolvers.map((resolver) => (
          <span key={resolver}>
            <Hex value={resolver} />{" "}
          </span>
        ))}
      </p>
      {challenge && (
        <p>
          <Hex value={challenge.challenger} /> has staked as much against it:{" "}
          <Foreign text={challenge.reason} />
        </p>
      )}
      {votes.length > 0 && (
        <ul>
          {votes.map(({ resolver, upheld, reason }) => (
            <li key={resolver}>
              <Hex value={resolver} /> says that it is {upheld ? "right" : "wrong"}:{" "}
              <Foreign text={reason} />
            </li>
          ))}
        </ul>
      )}
      <p>{outcomeOf(bond, ether)}</p>
    </li>
  );
}

const STAGES: Readonly<Record<Bond["stage"], string>> = {
  posted: "open to challenge",
  challenged: "challenged",
  upheld: "upheld",
  refuted: "refuted",
  unchallenged: "not challenged",
  unanswered: "not decided",
};

const moment = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleString("en", { dateStyle: "long", timeStyle: "short" });

/** What happens next, or where the money went (docs/REGISTRY.md). */
function outcomeOf({ stage, challengeUntil, challenge, votes }: Bond, ether: string): string {
  const passed = (until: number) => until * 1000 < Date.now();
  const upheld = votes.filter((vote) => vote.upheld).length;
  switch (stage) {
    case "posted":
      return passed(challengeUntil)
        ? `Nobody challenged it until ${moment(challengeUntil)}; it can be given back.`
        : `Who thinks it wrong can challenge it with ${ether} until ${moment(challengeUntil)}.`;
    case "challenged": {
      const until = challenge?.resolveUntil ?? 0;
      const said = `So far ${upheld} of the resolvers uphold it and ${votes.length - upheld} refute it.`;
      return passed(until)
        ? `${said} Their time was over on ${moment(until)}; both sides can have their stakes back.`
        : `${said} They have until ${moment(until)}.`;
    }
    case "upheld":
      return "The resolvers found it right: the poster has the bond back and half of the challenger’s stake, the resolvers who said so share the other half.";
    case "refuted":
      return "The resolvers found it wrong: the challenger has the stake back and half of the bond, the resolvers who said so share the other half.";
    case "unchallenged":
      return "Nobody challenged it in time; the poster has it back.";
    case "unanswered":
      return "The resolvers did not decide in time; both sides have their stakes back. That shows neither wrong.";
  }
}
