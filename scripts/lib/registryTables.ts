import { formatEther } from "viem";
import type { AnnouncedPlan, Bond, Claim, Origin } from "../../src/registry/index.ts";
import { originWords } from "./origins.ts";
import type { CheckedAttestation } from "./samples.ts";
import { timeInWords } from "./time.ts";

/** Seconds since 1970 by block number. */
type Times = ReadonlyMap<bigint, number>;

/** 0x1234…abcd: enough to tell accounts and digests apart on a screen. */
const short = (hex: string) => `${hex.slice(0, 6)}…${hex.slice(-4)}`;

const when = (times: Times, block: bigint, now?: number) => {
  const time = times.get(block);
  return time === undefined ? `block ${block}` : timeInWords(time, now);
};

/** Columns that start one below another. */
function table(head: string[], rows: string[][]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, c) => Math.max(...all.map((row) => row[c]!.length)));
  return all.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c]!))
      .join("  ")
      .trimEnd(),
  );
}

export const claimTable = (
  claims: readonly (Claim & { origin: Origin })[],
  times: Times,
  now?: number,
) =>
  table(
    ["CLAIM", "CLAIMANT", "MODEL", "DATA", "START", "STEPS", "REGISTERED"],
    claims.map((claim) => [
      claim.claimId,
      short(claim.claimant),
      short(claim.modelCommitment),
      short(claim.dataRoot),
      `${claim.startKind} ${short(claim.start)}`,
      String(claim.steps),
      [
        when(times, claim.blockNumber, now),
        ...originWords(claim.origin),
        ...(claim.retraction ? ["RETRACTED"] : []),
      ].join(", "),
    ]),
  );

const verdictCell = ({ verdict, sample }: CheckedAttestation) => {
  if (sample === undefined) return verdict;
  const drawn = { drawn: "", other: ", NOT DRAWN", unknown: ", not checked" }[sample.origin];
  return `${verdict} (${sample.size} segments${drawn})`;
};

export const attestationTable = (
  given: readonly CheckedAttestation[],
  times: Times,
  now?: number,
) =>
  table(
    ["CLAIM", "ATTESTER", "VERDICT", "VERIFIER", "GIVEN"],
    given.map((attestation) => [
      attestation.claimId,
      attestation.attester,
      verdictCell(attestation),
      short(attestation.verifierBuild),
      when(times, attestation.blockNumber, now) + (attestation.revocation ? ", REVOKED" : ""),
    ]),
  );

export const planTable = (plans: readonly AnnouncedPlan[], times: Times, now?: number) =>
  table(
    ["PLAN", "CLAIMANT", "NUMBER", "SEED", "ANNOUNCED"],
    plans.map((plan) => [
      plan.planId,
      short(plan.claimant),
      String(plan.number),
      plan.seed ? short(plan.seed) : `${plan.state}, block ${plan.seedBlock}`,
      when(times, BigInt(plan.announcedIn), now),
    ]),
  );

export const bondTable = (bonds: readonly Bond[], now?: number) =>
  table(
    ["BOND", "STAGE", "ETHER", "POSTER", "ON", "CHALLENGE UNTIL"],
    bonds.map((bond) => [
      bond.bondId,
      bond.stage,
      formatEther(bond.amount),
      short(bond.poster),
      `${bond.attester ? "verdict on " : ""}claim ${short(bond.claimId)}`,
      timeInWords(bond.challengeUntil, now),
    ]),
  );
