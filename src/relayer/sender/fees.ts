import type { Attempt } from "../journal/index.ts";
import type { SendPolicy } from "./policy.ts";

/** Wei for a unit of gas (EIP-1559). */
export type Fees = Pick<Attempt, "maxFeePerGas" | "maxPriorityFeePerGas">;

/** Room for the base fee to double; the cap of the policy above all. Undefined where the cap is below the next block's price. */
export function suggestedFees(baseFee: bigint, tip: bigint, policy: SendPolicy): Fees | undefined {
  const cap = policy.maxFeePerGas ?? 2n ** 256n;
  if (baseFee + tip > cap) return undefined;
  const wanted = 2n * baseFee + tip;
  return { maxFeePerGas: wanted < cap ? wanted : cap, maxPriorityFeePerGas: tip };
}

/**
 * Fees of a replacement: both grow by the policy's percentage, and at least to what is suggested now. Undefined above the cap.
 */
export function bumpedFees(former: Fees, suggested: Fees, policy: SendPolicy): Fees | undefined {
  const bump = (fee: bigint, now: bigint): bigint => {
    const percent = BigInt(Math.ceil(policy.bumpPercent));
    const grown = fee + (fee * percent + 99n) / 100n;
    const least = grown > fee ? grown : fee + 1n; // a fee of 0 must grow, too
    return least > now ? least : now;
  };
  const maxPriorityFeePerGas = bump(former.maxPriorityFeePerGas, suggested.maxPriorityFeePerGas);
  const maxFee = bump(former.maxFeePerGas, suggested.maxFeePerGas);
  const maxFeePerGas = maxFee > maxPriorityFeePerGas ? maxFee : maxPriorityFeePerGas;
  if (policy.maxFeePerGas !== undefined && maxFeePerGas > policy.maxFeePerGas) return undefined;
  return { maxFeePerGas, maxPriorityFeePerGas };
}
