import { z } from "zod";
import { cursorOf, RegistryError, requirePageSize } from "../registry/index.ts";
import { ask, wrongAnswer } from "./ask.ts";
import { cursorAt, positionOf } from "./rows.ts";

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

/** What rows must have; absent fields are no condition. */
export type Conditions = Record<string, string | undefined>;

/** Hexadecimal values of conditions as the index has them. */
export const lowerCase = (conditions: Conditions): Where =>
  Object.fromEntries(
    Object.entries(conditions).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value.toLowerCase()]],
    ),
  );

/** Which rows: after a place, and how many at most. */
export interface RowRange {
  after?: bigint;
  most: number;
}

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
  { after = -1n, most = Infinity }: Partial<RowRange> = {},
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

/**
 * A page of rows, and the cursor of the next one. Cursors are those of the node's pages: places in the chain.
 *
 * @throws RegistryError "usage" for a cursor or limit that is none.
 */
export async function pageOf<T extends { position: bigint }>(
  read: (range: RowRange) => Promise<T[]>,
  limit: number,
  after: string | undefined,
): Promise<{ page: T[]; next?: string }> {
  requirePageSize(limit);
  const place = after === undefined ? undefined : cursorOf(after);
  // One more than the page says whether there is another.
  const rows = await read({ ...(place && { after: positionOf(place) }), most: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last && cursorAt(last.position);
  return { page, ...(next && { next }) };
}
