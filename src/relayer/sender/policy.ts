/** How patiently and how dearly a sender sends. */
export interface SendPolicy {
  /** Blocks that must hold a transaction, its own included, until it counts as final. */
  confirmations: number;
  /** A transaction that waits so many blocks, or so many seconds and at least one block, is replaced with higher fees. */
  stuckBlocks: number;
  stuckSeconds: number;
  /** By how many percent both fees grow then: at least 10, or nodes refuse the replacement. */
  bumpPercent: number;
  /** Never more than this for a unit of gas, in wei. */
  maxFeePerGas?: bigint;
  /** How many transactions may wait for a block at a time. */
  window: number;
  /** How often a reverted transaction's intent is tried, if the registry would take it afterwards. */
  reverts: number;
}

export const DEFAULT_POLICY: SendPolicy = {
  confirmations: 12,
  stuckBlocks: 10,
  stuckSeconds: 180,
  bumpPercent: 15,
  window: 4,
  reverts: 3,
};

/** Errors: RangeError for a policy that cannot work. */
export function checkPolicy(policy: SendPolicy): SendPolicy {
  const { confirmations, stuckBlocks, stuckSeconds, bumpPercent, window, reverts } = policy;
  const least = { confirmations, stuckBlocks, window, reverts };
  for (const [name, value] of Object.entries(least)) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name}: ${value} is no whole number from 1 on`);
  }
  if (!(stuckSeconds > 0)) throw new RangeError(`stuckSeconds: ${stuckSeconds} is not positive`);
  if (!(bumpPercent >= 10 && bumpPercent <= 1000))
    throw new RangeError(
      `bumpPercent: ${bumpPercent} is outside 10 … 1000; nodes take no replacement below 10`,
    );
  return policy;
}
