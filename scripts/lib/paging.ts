import { type Command, InvalidArgumentError } from "commander";
import { blockNumber } from "./chain.ts";
import { UsageError } from "./verb.ts";

export interface PagingOptions {
  limit: number;
  after?: string;
  fromBlock?: bigint;
}

function pageSize(text: string): number {
  if (/^[1-9][0-9]{0,2}$|^1000$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number from 1 to 1000.");
}

/** Options of the verbs that list. */
export const withPaging = (command: Command): Command =>
  command
    .option("--limit <n>", "most lines of a page, 1 to 1000", pageSize, 50)
    .option("--after <cursor>", "go on after this page: what the page before calls next")
    .option(
      "--from-block <n>",
      "no event is older, for nodes that scan slowly (default: TRAINPROOF_FROM_BLOCK, or all blocks)",
      blockNumber,
    );

/** A page of a list that is in memory already. Its cursors are the items' keys. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { limit, after }: PagingOptions,
): { page: T[]; next?: string } {
  const before = after === undefined ? -1 : items.findIndex((item) => keyOf(item) === after);
  if (after !== undefined && before < 0) {
    throw new UsageError(
      `nothing is called ${after} here; --after takes what the page before calls next`,
    );
  }
  const page = items.slice(before + 1, before + 1 + limit);
  const last = page.at(-1);
  const more = before + 1 + limit < items.length;
  return { page, ...(more && last !== undefined && { next: keyOf(last) }) };
}

/** The line below a page. */
export const nextLines = (next: string | undefined) =>
  next === undefined ? [] : [`more: --after ${next}`];
