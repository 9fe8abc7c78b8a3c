import { getAbiItem, type Address, type Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { startKinds, type ClaimContent } from "./claimId.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";
import { readEvents } from "./readEvents.ts";

/** A registered claim: what storage and its event hold. */
export interface Claim extends ClaimContent {
  claimId: Hex;
  claimant: Address;
  /** Where the manifest can be found, as the claimant said; may be empty. */
  uri: string;
  /** Seconds since 1970. */
  registeredAt?: number;
  blockNumber: bigint;
  transactionHash: Hex;
}

const event = getAbiItem({ abi: registryAbi, name: "ClaimRegistered" });

export async function claimExists(clients: RegistryClients, claimId: Hex): Promise<boolean> {
  const stored = await clients.reader.readContract({
    address: requireAddress(clients),
    abi: registryAbi,
    functionName: "getClaim",
    args: [claimId],
  });
  return stored.steps !== 0;
}

/** Claims by claimant, model commitment or both; all of them without a filter. Oldest first. */
export async function findClaims(
  clients: RegistryClients,
  filter: { claimId?: Hex; claimant?: Address; modelCommitment?: Hex } = {},
): Promise<Claim[]> {
  const address = requireAddress(clients);
  try {
    const logs = await readEvents(clients, (range) =>
      clients.reader.getLogs({ address, event, args: filter, strict: true, ...range }),
    );
    return logs.map(({ args, blockNumber, transactionHash }) => ({
      ...args,
      startKind: startKinds[args.startKind] ?? "seed",
      blockNumber,
      transactionHash,
    }));
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

/**
 * A claim by its id.
 *
 * @throws RegistryError "notFound" when there is none.
 */
export async function getClaim(
  clients: RegistryClients,
  { claimId }: { claimId: Hex },
): Promise<Claim> {
  const [claim] = await findClaims(clients, { claimId });
  if (claim === undefined) {
    throw new RegistryError(
      "notFound",
      `the registry has no claim ${claimId}; check the id, the registry and the chain`,
    );
  }
  const stored = await clients.reader.readContract({
    address: requireAddress(clients),
    abi: registryAbi,
    functionName: "getClaim",
    args: [claimId],
  });
  return { ...claim, registeredAt: stored.registeredAt };
}
