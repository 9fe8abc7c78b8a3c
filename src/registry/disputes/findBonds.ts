import { type Address, getAbiItem, type Hex, type Log } from "viem";
import { requireDisputes, type RegistryClients } from "../clients.ts";
import { type RegistryError, registryErrorFrom } from "../errors.ts";
import { type BlockRange, readEvents } from "../readEvents.ts";
import { disputesAbi } from "./artifact.ts";
import { type BondStage, bondTermsOf, type BondTerms, stages } from "./bond.ts";

export interface FindBondsParameters {
  bondId?: Hex;
  claimId?: Hex;
  poster?: Address;
}

/** A resolver's vote. */
export interface BondVote {
  resolver: Address;
  /** Whether what was bonded is right. */
  upheld: boolean;
  reason: string;
  transactionHash: Hex;
}

/** A bond, as its events tell it. */
export interface Bond extends BondTerms {
  bondId: Hex;
  poster: Address;
  stage: BondStage;
  challenge?: {
    challenger: Address;
    /** Last second for the resolvers, since 1970. */
    resolveUntil: number;
    reason: string;
    transactionHash: Hex;
  };
  votes: BondVote[];
  blockNumber: bigint;
  transactionHash: Hex;
}

export type FindBondsReturnType = Bond[];
export type FindBondsErrorType = RegistryError;

const posted = getAbiItem({ abi: disputesAbi, name: "BondPosted" });
const challenged = getAbiItem({ abi: disputesAbi, name: "BondChallenged" });
const voted = getAbiItem({ abi: disputesAbi, name: "VoteCast" });
const settled = getAbiItem({ abi: disputesAbi, name: "BondSettled" });

/**
 * Bonds by id, claim or poster, with their challenges and votes; all without a filter. Oldest first.
 *
 * @throws RegistryError
 *
 * @example
 * for (const { stage, poster, amount } of await findBonds(clients, { claimId }))
 *   console.log(stage, poster, amount);
 */
export async function findBonds(
  clients: RegistryClients,
  filter: FindBondsParameters = {},
  within: BlockRange = {},
): Promise<FindBondsReturnType> {
  try {
    const logs = await readEvents(clients, postings(clients, filter), within);
    const { bondId, claimId } = filter;
    const about = { ...(bondId && { bondId }), ...(claimId && { claimId }) };
    return await bondsOf(clients, logs, about, within);
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

type Posting = Log<bigint, number, false, typeof posted, true>;

/** Reads the BondPosted events of a range of blocks that fit a filter. */
export function postings(
  clients: RegistryClients,
  { bondId, claimId, poster }: FindBondsParameters,
): (range: { fromBlock: bigint; toBlock: bigint }) => Promise<Posting[]> {
  const address = requireDisputes(clients);
  const args = {
    ...(bondId && { bondId }),
    ...(claimId && { claimId }),
    ...(poster && { poster }),
  };
  return (range) =>
    clients.reader.getLogs({ address, event: posted, args, strict: true, ...range });
}

/** The bonds that events post, oldest first, with what became of them; `about` is a filter that they all fit. */
export async function bondsOf(
  clients: RegistryClients,
  bonds: readonly Posting[],
  about: { bondId?: Hex | Hex[]; claimId?: Hex },
  within: BlockRange = {},
): Promise<Bond[]> {
  const [first] = bonds;
  if (first === undefined) return [];
  const address = requireDisputes(clients);
  const { reader } = clients;
  const [args, since] = [about, { ...within, from: first.blockNumber }];
  const challenges = await readEvents(
    clients,
    (range) => reader.getLogs({ address, event: challenged, args, strict: true, ...range }),
    since,
  );
  const votes = await readEvents(
    clients,
    (range) => reader.getLogs({ address, event: voted, args, strict: true, ...range }),
    since,
  );
  const ends = await readEvents(
    clients,
    (range) => reader.getLogs({ address, event: settled, args, strict: true, ...range }),
    since,
  );
  return bonds.map(({ args: { bondId: id, poster, terms }, ...log }): Bond => {
    const challenge = challenges.find(({ args }) => args.bondId === id);
    const end = stages[ends.find(({ args }) => args.bondId === id)?.args.stage ?? 0];
    const open = challenge ? "challenged" : "posted";
    return {
      ...bondTermsOf({ ...terms, resolvers: [...terms.resolvers] }),
      bondId: id,
      poster,
      stage: end === undefined || end === "none" ? open : end,
      ...(challenge && {
        challenge: {
          challenger: challenge.args.challenger,
          resolveUntil: challenge.args.resolveUntil,
          reason: challenge.args.reason,
          transactionHash: challenge.transactionHash,
        },
      }),
      votes: votes
        .filter(({ args }) => args.bondId === id)
        .map(({ args: { resolver, upheld, reason }, transactionHash }) => ({
          resolver,
          upheld,
          reason,
          transactionHash,
        })),
      blockNumber: log.blockNumber,
      transactionHash: log.transactionHash,
    };
  });
}
