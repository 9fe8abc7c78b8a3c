import { findClaims, type RegistryClients } from "../../registry/index.ts";
import type { Book } from "./book.ts";

/** Blocks that are read again each time: a reorganisation may have moved a claim into one that was read. */
const overlap = 64;

/**
 * Writes down the claims that enough blocks hold. Returns how many were read, old ones of the overlap included.
 *
 * @throws RegistryError
 */
export async function scan(
  clients: RegistryClients,
  book: Book,
  { confirmations, fromBlock = 0 }: { confirmations: number; fromBlock?: number },
): Promise<number> {
  const head = Number(await clients.reader.getBlockNumber({ cacheTime: 0 }));
  const to = head - confirmations + 1;
  const from = Math.max(fromBlock, book.nextBlock - overlap, 0);
  if (to < from) return 0;
  const claims = await findClaims(clients, {}, { from: BigInt(from), to: BigInt(to) });
  book.found(claims, to + 1);
  return claims.length;
}
