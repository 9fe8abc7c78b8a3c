import type { RegistryClients } from "./clients.ts";

/** Blocks asked for at once where a node refuses the whole chain. */
const smallestRange = 500n;

/** Runs `read` over all blocks, halving the range wherever the node refuses it. */
export async function readEvents<T>(
  clients: RegistryClients,
  read: (range: { fromBlock: bigint; toBlock: bigint }) => Promise<T[]>,
): Promise<T[]> {
  const latest = await clients.reader.getBlockNumber({ cacheTime: 0 });
  const within = async (fromBlock: bigint, toBlock: bigint): Promise<T[]> => {
    try {
      return await read({ fromBlock, toBlock });
    } catch (error) {
      if (toBlock - fromBlock < smallestRange) throw error;
      const middle = (fromBlock + toBlock) / 2n;
      return [...(await within(fromBlock, middle)), ...(await within(middle + 1n, toBlock))];
    }
  };
  return within(0n, latest);
}
