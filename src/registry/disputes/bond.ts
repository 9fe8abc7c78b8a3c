import {
  type Address,
  encodeAbiParameters,
  getAbiItem,
  type Hex,
  keccak256,
  toBytes,
  zeroAddress,
} from "viem";
import { disputesAbi } from "./artifact.ts";

/**
 * Where a bond stands: posted and challenged hold money. upheld, refuted: as the resolvers said; unchallenged: the window passed;
 * unanswered: the resolvers did not reach the threshold in time.
 */
export const stages = [
  "none",
  "posted",
  "challenged",
  "upheld",
  "refuted",
  "unchallenged",
  "unanswered",
] as const;
export type BondStage = Exclude<(typeof stages)[number], "none">;

/** What is bonded, and on which terms (contracts/interfaces/IDisputeBonds.sol, BondTerms). */
export interface BondTerms {
  claimId: Hex;
  /** Whose verdict on the claim is bonded; without it, the claim itself. */
  attester?: Address;
  /** The bond, and what a challenger has to put up, in wei. */
  amount: bigint;
  /** Last second of the challenge window, since 1970. */
  challengeUntil: number;
  /** Seconds that the resolvers have from the challenge on. */
  resolveWithin: number;
  /** How many resolvers must agree; more than half. */
  threshold: number;
  /** Who decides a challenge, in any order. */
  resolvers: readonly Address[];
}

/** The tuple as the contract takes it: resolvers ascend. */
export function bondInput({ attester = zeroAddress, resolvers, ...terms }: BondTerms) {
  const ascending = [...resolvers].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return {
    claimId: terms.claimId,
    attester,
    amount: terms.amount,
    challengeUntil: terms.challengeUntil,
    resolveWithin: terms.resolveWithin,
    threshold: terms.threshold,
    resolvers: ascending,
  };
}

/** The terms that a tuple of the contract says. */
export function bondTermsOf(input: ReturnType<typeof bondInput>): BondTerms {
  const { attester, ...terms } = input;
  return { ...terms, ...(attester !== zeroAddress && { attester }) };
}

const bondType = keccak256(toBytes("trainproof/DisputeBonds/bond/1"));
const [tuple] = getAbiItem({ abi: disputesAbi, name: "bondIdOf" }).inputs;

/** The id that a bond has: keccak256(abi.encode(type, chain id, dispute contract, terms)). */
export function computeBondId(parameters: {
  chainId: number;
  disputes: Address;
  terms: BondTerms;
}): Hex {
  const { chainId, disputes, terms } = parameters;
  return keccak256(
    encodeAbiParameters(
      [{ type: "bytes32" }, { type: "uint256" }, { type: "address" }, tuple],
      [bondType, BigInt(chainId), disputes, bondInput(terms)],
    ),
  );
}
