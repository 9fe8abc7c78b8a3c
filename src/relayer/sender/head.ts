import type { Hex } from "viem";
import { RegistryError, registryErrorFrom } from "../../registry/index.ts";
import type { SenderContext } from "./context.ts";

/** The chain and the account as one look sees them. */
export interface Head {
  number: number;
  hash: Hex;
  /** Wei for a unit of gas. */
  baseFee: bigint;
  /** The newest block that counts as final; undefined where the chain is shorter. */
  settled: number | undefined;
  /** Nonces that the account has used up to this block, up to the settled one, and with what waits in the node's pool. */
  used: number;
  usedSettled: number;
  usedPending: number;
}

/** Errors: RegistryError; "usage" for a chain without EIP-1559's fees. */
export async function readHead({ clients, account, policy }: SenderContext): Promise<Head> {
  const { reader } = clients;
  const { address } = account;
  try {
    const block = await reader.getBlock({ blockTag: "latest" });
    if (block.baseFeePerGas === null) {
      throw new RegistryError("usage", "the chain has no base fee (EIP-1559); use another");
    }
    const settled = block.number - BigInt(policy.confirmations) + 1n;
    const usedAt = (blockNumber: bigint) => reader.getTransactionCount({ address, blockNumber });
    const [used, usedSettled, usedPending] = await Promise.all([
      usedAt(block.number),
      settled < 0n ? 0 : usedAt(settled),
      reader.getTransactionCount({ address, blockTag: "pending" }),
    ]);
    return {
      number: Number(block.number),
      hash: block.hash,
      baseFee: block.baseFeePerGas,
      settled: settled < 0n ? undefined : Number(settled),
      used,
      usedSettled,
      usedPending,
    };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
