import { getAbiItem, type Address, type Hex, type Log } from "viem";
import { registryAbi } from "./artifact.ts";
import { claimContentOf, type ClaimContent } from "./claimId.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import { type BlockRange, readEvents } from "./readEvents.ts";

export interface FindClaimsParameters {
  claimId?: Hex;
  claimant?: Address;
  modelCommitment?: Hex;
  dataRoot?: Hex;
  /** Claims that continue this one. */
  parent?: Hex;
  /** Claims that name this plan. */
  planDigest?: Hex;
}

/** A registered claim, as its events tell it. */
export interface Claim extends ClaimContent {
  claimId: Hex;
  claimant: Address;
  /** Where the manifest can be found, as the claimant said; may be empty. */
  uri: string;
  /** Only if the claimant took it back. */
  retraction?: { reason: string; blockNumber: bigint; transactionHash: Hex };
  blockNumber: bigint;
  transactionHash: Hex;
}

export type FindClaimsReturnType = Claim[];
export type FindClaimsErrorType = RegistryError;

const registered = getAbiItem({ abi: registryAbi, name: "ClaimRegistered" });
const retracted = getAbiItem({ abi: registryAbi, name: "ClaimRetracted" });

/**
 * Claims that fit a filter, all of its fields; all claims without one. Oldest first. The node filters by id, claimant and model;
 * the rest is filtered here.
 *
 * @throws RegistryError
 *
 * @example
 * const claims = await findClaims(clients, { dataRoot });
 */
export async function findClaims(
  clients: RegistryClients,
  filter: FindClaimsParameters = {},
  within: BlockRange = {},
): Promise<FindClaimsReturnType> {
  const { claimId, claimant } = filter;
  const both = { ...(claimId && { claimId }), ...(claimant && { claimant }) };
  try {
    const logs = await readEvents(clients, registrations(clients, filter), within);
    const retractions = logs.length > 0 ? await readRetractions(clients, both, within) : [];
    return claimsOf(logs, retractions);
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

type Registration = Log<bigint, number, false, typeof registered, true>;

interface Range {
  fromBlock: bigint;
  toBlock: bigint;
}

/** Reads the ClaimRegistered events of a range of blocks that fit a filter. */
export function registrations(
  clients: RegistryClients,
  filter: FindClaimsParameters,
): (range: Range) => Promise<Registration[]> {
  const address = requireAddress(clients);
  const { claimId, claimant, modelCommitment, dataRoot, parent, planDigest } = filter;
  const args = {
    ...(claimId && { claimId }),
    ...(claimant && { claimant }),
    ...(modelCommitment && { modelCommitment }),
  };
  const same = (wanted: Hex | undefined, actual: Hex | undefined) =>
    wanted === undefined || wanted.toLowerCase() === actual;
  return async (range) => {
    const filtered = { address, event: registered, args, strict: true, ...range } as const;
    const logs = await clients.reader.getLogs(filtered);
    return logs.filter((log) => {
      const content = claimContentOf(log.args);
      return (
        same(dataRoot, content.dataRoot) &&
        same(planDigest, content.planDigest) &&
        same(parent, content.startKind === "parent" ? content.start : undefined)
      );
    });
  };
}

/** The ClaimRetracted events of these claims, or of this claimant. */
export function readRetractions(
  clients: RegistryClients,
  args: { claimId?: Hex | Hex[]; claimant?: Address },
  within: BlockRange,
) {
  const address = requireAddress(clients);
  return readEvents(
    clients,
    (range) => clients.reader.getLogs({ address, event: retracted, args, strict: true, ...range }),
    within,
  );
}

export function claimsOf(
  logs: readonly Registration[],
  retractions: Awaited<ReturnType<typeof readRetractions>>,
): Claim[] {
  const takenBack = new Map(
    retractions.map(({ args: { claimId: id, reason }, blockNumber, transactionHash }) => [
      id,
      { reason, blockNumber, transactionHash },
    ]),
  );
  return logs.map((log): Claim => {
    const retraction = takenBack.get(log.args.claimId);
    return {
      claimId: log.args.claimId,
      claimant: log.args.claimant,
      ...claimContentOf(log.args),
      uri: log.args.uri,
      ...(retraction && { retraction }),
      blockNumber: log.blockNumber,
      transactionHash: log.transactionHash,
    };
  });
}
