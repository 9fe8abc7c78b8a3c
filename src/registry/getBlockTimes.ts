import type { RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";

export interface GetBlockTimesParameters {
  blockNumbers: readonly bigint[];
}

/** Seconds since 1970 by block number. */
export type GetBlockTimesReturnType = Map<bigint, number>;
export type GetBlockTimesErrorType = RegistryError;

/**
 * When blocks were built. Each block is asked for once.
 *
 * @throws RegistryError
 *
 * @example
 * const times = await getBlockTimes(clients, { blockNumbers: claims.map(({ blockNumber }) => blockNumber) });
 */
export async function getBlockTimes(
  clients: RegistryClients,
  { blockNumbers }: GetBlockTimesParameters,
): Promise<GetBlockTimesReturnType> {
  const times: GetBlockTimesReturnType = new Map();
  try {
    // One after the other: public nodes count requests.
    for (const blockNumber of new Set(blockNumbers)) {
      const { timestamp } = await clients.reader.getBlock({ blockNumber });
      times.set(blockNumber, Number(timestamp));
    }
    return times;
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
