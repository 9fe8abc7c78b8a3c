import { addressOf, digestOf } from "../lib/arguments.ts";
import { nextLines, pageOf, type PagingOptions, withPaging } from "../lib/paging.ts";
import { bondTable } from "../lib/registryTables.ts";
import { type ReaderOptions, registryReader, withIndexer } from "../lib/reader.ts";
import { print, UsageError, verb, withDisputes } from "../lib/verb.ts";

interface DisputesOptions extends ReaderOptions, PagingOptions {
  json?: boolean;
  claim?: string;
  poster?: string;
}

export const disputes = withPaging(
  withIndexer(
    withDisputes(verb("disputes", "Bonds on a claim and its verdicts, of an account, or all.")),
  ),
)
  .option("--claim <claim>", "bonds about this claim")
  .option("--poster <address>", "bonds of this account")
  .addHelpText("after", "\nExample:\n  trainproof query disputes --claim 0x…")
  .action(async (options: DisputesOptions) => {
    const { claim, poster } = options;
    const filter = {
      ...(claim !== undefined && { claimId: digestOf(claim, "claim id") }),
      ...(poster !== undefined && { poster: addressOf(poster, "--poster") }),
    };
    const registry = await registryReader(options);
    if (registry.findBondsPage === undefined) {
      throw new UsageError("no dispute contract was named; give --disputes or TRAINPROOF_DISPUTES");
    }
    const { bonds, next } = await registry.findBondsPage({ ...filter, ...pageOf(options) });
    const text = bonds.length === 0 ? ["no such bonds"] : bondTable(bonds);
    print({ json: { bonds, next }, text: [...text, ...nextLines(next)] }, options);
  });
