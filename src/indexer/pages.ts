import { z } from "zod";
import { RegistryError } from "../registry/index.ts";
import { ask, wrongAnswer } from "./ask.ts";

/** Rows in a page; Ponder gives at most 1000. */
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

/**
 * All rows that fit, oldest first, page by page. A reorganisation between two pages can show a row twice or, in the page that was read
 * before, one that is gone; positions that do not ascend are refused.
 */
export async function allRows<Row extends z.ZodType<{ position: string }>>(
  url: URL,
  { plural, filter, fields, row }: Table<Row>,
  where: Record<string, unknown>,
): Promise<z.output<Row>[]> {
  const query = `query ($where: ${filter}, $after: String, $limit: Int) {
  page: ${plural}(where: $where, after: $after, limit: $limit, orderBy: "position", orderDirection: "asc") {
    items { ${fields} }
    pageInfo { hasNextPage endCursor }
  }
}`;
  const Page = z.object({
    page: z.object({
      items: z.array(row).max(pageSize),
      pageInfo: z.object({
        hasNextPage: z.boolean(),
        endCursor: z.string().max(4096).nullable(),
      }),
    }),
  });
  const rows: z.output<Row>[] = [];
  let after: string | null = null;
  let last = "";
  for (;;) {
    const { page }: z.output<typeof Page> = await ask(url, Page, query, {
      where,
      after,
      limit: pageSize,
    });
    for (const item of page.items) {
      if (item.position <= last) throw wrongAnswer(url, "does not order its rows");
      last = item.position;
      rows.push(item);
    }
    if (!page.pageInfo.hasNextPage) return rows;
    after = page.pageInfo.endCursor;
    if (after === null || page.items.length === 0) {
      throw wrongAnswer(url, "says that more follows, and not what");
    }
    if (rows.length >= MOST_ROWS) {
      throw new RegistryError("other", `more than ${MOST_ROWS} ${plural} fit; narrow the filter`);
    }
  }
}
