import { block } from "ponder:schema";

/** Digits of the block's number and of the log's index in the block. */
const [blockDigits, logDigits] = [15, 6];

/** An event's place in the chain: 21 digits, so that their order as text, in any collation, is the chain's. */
export const placeOf = (event: { block: { number: bigint }; log: { logIndex: number } }) =>
  String(event.block.number).padStart(blockDigits, "0") +
  String(event.log.logIndex).padStart(logDigits, "0");

/** The row that says when the event's block was built. */
export const blockRow = (event: {
  block: { number: bigint; timestamp: bigint };
}): typeof block.$inferInsert => ({
  number: event.block.number,
  timestamp: event.block.timestamp,
});
