import type { Address } from "viem";
import { type Bond, computeBondId, type RegistryReader } from "../registry/index.ts";
import { wrongAnswer } from "./ask.ts";
import { type Conditions, lowerCase, pageOf, readRows, type RowRange } from "./pages.ts";
import { bondOf, BondRow, bondTermsIn, BondVoteRow, fieldsOf } from "./rows.ts";

const bonds = { plural: "bonds", filter: "bondFilter", fields: fieldsOf(BondRow), row: BondRow };
const votes = {
  plural: "bondVotes",
  filter: "bondVoteFilter",
  fields: fieldsOf(BondVoteRow),
  row: BondVoteRow,
};

/** Bonds whose votes are asked for at once. */
const atOnce = 200;

/** Bonds of one dispute contract from an indexer; their ids are computed again from their terms. */
export function bondReader(
  url: URL,
  chainId: number,
  disputes: Address,
): Required<Pick<RegistryReader, "findBonds" | "findBondsPage">> {
  const bondRows = async (filter: Conditions, range?: RowRange) => {
    const rows = await readRows(url, bonds, lowerCase(filter), range);
    for (const row of rows) {
      const terms = bondTermsIn(row);
      if (computeBondId({ chainId, disputes, terms }) !== row.bondId)
        throw wrongAnswer(url, `gives bond ${row.bondId} terms that are not this bond's`);
    }
    return rows;
  };

  const withVotes = async (rows: Awaited<ReturnType<typeof bondRows>>): Promise<Bond[]> => {
    const found: Bond[] = [];
    for (let i = 0; i < rows.length; i += atOnce) {
      const some = rows.slice(i, i + atOnce);
      const given = await readRows(url, votes, { bondId_in: some.map(({ bondId }) => bondId) });
      for (const row of some)
        found.push(
          bondOf(
            row,
            given.filter(({ bondId }) => bondId === row.bondId),
          ),
        );
    }
    return found;
  };

  return {
    findBonds: async (filter = {}) => withVotes(await bondRows({ ...filter })),
    async findBondsPage({ limit, after, ...filter }) {
      const { page, ...next } = await pageOf((range) => bondRows(filter, range), limit, after);
      return { bonds: await withVotes(page), ...next };
    },
  };
}
