import type { block } from "ponder:schema";

/** Logs in a block, at most; more than a block's gas can pay for. */
const logsInBlock = 1_000_000n;

/** An event's place in the chain, as a number whose order is the chain's. */
export const placeOf = (event: { block: { number: bigint }; log: { logIndex: number } }) =>
  event.block.number * logsInBlock + BigInt(event.log.logIndex);

/** The row that says when the event's block was built. */
export const blockRow = (event: {
  block: { number: bigint; timestamp: bigint };
}): typeof block.$inferInsert => ({
  number: event.block.number,
  timestamp: event.block.timestamp,
});
