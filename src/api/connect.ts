import {
  createRegistryClients,
  type RegistryClients,
  type RegistryClientsParameters,
} from "../registry/index.ts";
import { typed } from "./errors.ts";

export interface ConnectOptions extends Omit<RegistryClientsParameters, "address"> {
  /** The registry's address. */
  registry: string;
}

/** A registry on a chain, as connect() gives it; with a key, it signs. */
export type Registry = RegistryClients;

/**
 * Connects to a registry. The key stays in memory and is part of no message.
 *
 * @throws TrainproofError "CHAIN_UNREACHABLE", "CHAIN_WRONG", "CONTRACT_MISSING", "KEY_INVALID", "INVALID_ARGUMENT"
 *
 * @example
 * const registry = await connect({ rpcUrl: "http://127.0.0.1:8545", registry: address });
 */
export function connect({ registry, ...rest }: ConnectOptions): Promise<Registry> {
  return typed(() => createRegistryClients({ ...rest, address: registry }));
}
