import type { Hex, TransactionReceipt } from "viem";
import { requireWallet, type RegistryClients, type Wallet } from "./clients.ts";
import { RegistryError } from "./errors.ts";

/** A transaction that is in a block and did what it should. */
export interface Sent {
  transactionHash: Hex;
  gasUsed: bigint;
  receipt: TransactionReceipt;
}

type Request = Parameters<Wallet["writeContract"]>[0];

/** Sends what simulateContract has prepared, and waits for its block. */
export async function confirm(
  clients: RegistryClients,
  request: Omit<Request, "value"> & { value?: bigint | undefined },
): Promise<Sent> {
  const transactionHash = await requireWallet(clients).writeContract(request as Request);
  const receipt = await clients.reader.waitForTransactionReceipt({ hash: transactionHash });
  if (receipt.status !== "success") {
    throw new RegistryError("reverted", `transaction ${transactionHash} was reverted`);
  }
  return { transactionHash, gasUsed: receipt.gasUsed, receipt };
}
