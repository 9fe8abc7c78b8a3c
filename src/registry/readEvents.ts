import type { RegistryClients } from "./clients.ts";

/** Blocks asked for at once where a node refuses the whole chain. */
const smallestRange = 500n;

/** Where events are looked for: the first and the last block; from the beginning to now. */
export interface BlockRange {
  from?: bigint;
  to?: bigint;
}

/** Runs `read` over all blocks of a range, halving it wherever the node refuses it. */
export async function readEvents<T>(
  clients: RegistryClients,
  read: (range: { fromBlock: bigint; toBlock: bigint }) => Promise<T[]>,
  { from = 0n, to }: BlockRange = {},
): Promise<T[]> {
  const latest = to ?? (await clients.reader.getBlockNumber({ cacheTime: 0 }));
  const within = async (fromBlock: bigint, toBlock: bigint): Promise<T[]> => {
    try {
      return await read({ fromBlock, toBlock });
    } catch (error) {
      if (toBlock - fromBlock < smallestRange) throw error;
      const middle = (fromBlock + toBlock) / 2n;
      return [...(await within(fromBlock, middle)), ...(await within(middle + 1n, toBlock))];
    }
  };
  return within(from, latest);
}
