import { formatEther } from "viem";
import type { Bond } from "../../src/registry/index.ts";
import { timeInWords } from "./time.ts";

/** A bond, for people. */
export const bondLines = (bond: Bond, now?: number): string[] => [
  `bond ${bond.bondId}`,
  `  ${bond.stage}, ${formatEther(bond.amount)} ether by ${bond.poster}`,
  `  on        ${bond.attester ? `the verdict of ${bond.attester} on ` : ""}claim ${bond.claimId}`,
  `  challenge until ${timeInWords(bond.challengeUntil, now)}`,
  `  resolvers ${bond.threshold} of ${bond.resolvers.join(", ")}`,
  ...(bond.challenge
    ? [
        `  CHALLENGED by ${bond.challenge.challenger}: ${bond.challenge.reason}`,
        `            to be resolved until ${timeInWords(bond.challenge.resolveUntil, now)}`,
      ]
    : []),
  ...bond.votes.map(
    ({ resolver, upheld, reason }) =>
      `  ${upheld ? "upheld " : "refuted"}   by ${resolver}: ${reason}`,
  ),
];
