import { z } from "zod";
import { RegistryError } from "../registry/index.ts";
import { ask, wrongAnswer } from "./ask.ts";

/** Rows asked for at once; Ponder gives at most 1000. */
const pageSize = 500;
/** Rows in an answer: what fits into memory, and what anybody reads. */
export const MOST_ROWS = 100_000;

/** A table of the indexer: its plural in GraphQL, its filter's type and its rows. */
export interface Table<Row extends z.ZodType> {
  plural: string;
  filter: string;
  fields: string;
  row: Row;
}

export type Where = Record<string, string | readonly string[]>;

/**
 * The rows that fit, oldest first, at most `most` of them, from after a place on. Each request asks for what comes after the last row's place in the chain:
 * new rows move nothing, and a reorganisation in between cannot show a row twice.
 *
 * @throws RegistryError "other" beyond MOST_ROWS.
 */
export async function readRows<Row extends z.ZodType<{ position: bigint }>>(
  url: URL,
  { plural, filter, fields, row }: Table<Row>,
  where: Where,
  { after = -1n, most = Infinity }: { after?: bigint; most?: number } = {},
): Promise<z.output<Row>[]> {
  const query = `query ($where: ${filter}, $limit: Int) {
  page: ${plural}(where: $where, limit: $limit, orderBy: "position", orderDirection: "asc") {
    items { ${fields} }
  }
}`;
  const rows: z.output<Row>[] = [];
  let last = after;
  for (;;) {
    const limit = Math.min(pageSize, most - rows.length);
    const Page = z.object({ page: z.object({ items: z.array(row).max(limit) }) });
    const variables = { where: { ...where, position_gt: String(last) }, limit };
    const { items } = (await ask(url, Page, query, variables)).page;
    for (const item of items) {
      if (item.position <= last) throw wrongAnswer(url, "does not order its rows");
      last = item.position;
      rows.push(item);
    }
    if (items.length < limit || rows.length >= most) return rows;
    if (rows.length >= MOST_ROWS) {
      throw new RegistryError("other", `more than ${MOST_ROWS} ${plural} fit; narrow the filter`);
    }
  }
}
