import { type Command, InvalidArgumentError } from "commander";
import { blockNumber } from "./chain.ts";

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

/** What the readers' pages take of the options. */
export const pageOf = ({ limit, after }: PagingOptions) => ({
  limit,
  ...(after !== undefined && { after }),
});

/** The line below a page. */
export const nextLines = (next: string | undefined) =>
  next === undefined ? [] : [`more: --after ${next}`];
