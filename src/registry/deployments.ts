import type { Address } from "viem";

/** The contracts on one chain. */
export interface Deployment {
  /** contracts/TrainingRegistry.sol; its ABI is registryAbi. */
  registry: Address;
  /** contracts/DisputeBonds.sol, about this registry; its ABI is disputesAbi. */
  disputes: Address;
  /** No event is older than this block. */
  deployedIn: bigint;
}

/**
 * Known deployments by chain id. There is none on a public chain yet: mainnet (1) and Sepolia (11155111) stand here as undefined until
 * there is. What Ignition writes into ignition/deployments/chain-<id>/deployed_addresses.json belongs here.
 *
 * @example
 * const known = deployments[chainId];
 * if (known) clients = await createRegistryClients({ rpcUrl, address: known.registry, disputes: known.disputes });
 */
export const deployments: Readonly<Record<number, Deployment | undefined>> = {
  1: undefined,
  11155111: undefined,
};
