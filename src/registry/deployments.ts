import { type Address, isAddressEqual } from "viem";
import { RegistryError } from "./errors.ts";

/** The contracts on one chain. */
export interface Deployment {
  /** contracts/TrainingRegistry.sol; its ABI is registryAbi. */
  registry: Address;
  /** contracts/DisputeBonds.sol, about this registry; its ABI is disputesAbi. */
  disputes: Address;
  /** No event is older than this block. */
  deployedIn: bigint;
}

/** Deployments by chain id. */
export type Deployments = Readonly<Record<number, Deployment | undefined>>;

/**
 * Known deployments by chain id. There is none on a public chain yet: mainnet (1) and Sepolia (11155111) stand here as undefined until
 * there is. What Ignition writes into ignition/deployments/chain-<id>/deployed_addresses.json belongs here.
 *
 * @example
 * const clients = await createRegistryClients({ rpcUrl, known: deployments });
 */
export const deployments: Deployments = {
  1: undefined,
  11155111: undefined,
};

export interface NamedContracts {
  address?: Address | undefined;
  disputes?: Address | undefined;
}

/**
 * The contracts that the caller names; where no registry is named, the known one of the chain, with its disputes.
 *
 * @throws RegistryError "usage" where none is known, either.
 */
export function contractsOn(
  chainId: number,
  { address, disputes }: NamedContracts,
  known: Deployments,
): { address: Address; disputes?: Address } {
  const deployment = known[chainId];
  const registry = address ?? deployment?.registry;
  if (registry === undefined) {
    throw new RegistryError(
      "usage",
      `no registry was named, and none is known on chain ${chainId}; give --registry or TRAINPROOF_REGISTRY`,
    );
  }
  const isKnown = deployment !== undefined && isAddressEqual(deployment.registry, registry);
  const about = disputes ?? (isKnown ? deployment.disputes : undefined);
  return { address: registry, ...(about && { disputes: about }) };
}
