import { findBonds } from "../../src/registry/index.ts";
import { addressOf, digestOf } from "../lib/arguments.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { nextLines, pageOf, type PagingOptions, withPaging } from "../lib/paging.ts";
import { bondTable } from "../lib/registryTables.ts";
import { print, verb, withDisputes } from "../lib/verb.ts";

interface DisputesOptions extends ChainOptions, PagingOptions {
  json?: boolean;
  claim?: string;
  poster?: string;
}

export const disputes = withPaging(
  withDisputes(verb("disputes", "Bonds on a claim and its verdicts, of an account, or all.")),
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
    const clients = await chainClients(options, false, options.fromBlock);
    const found = await findBonds(clients, filter);
    const { page, next } = pageOf(found, ({ bondId }) => bondId, options);
    const text = page.length === 0 ? ["no such bonds"] : bondTable(page);
    print({ json: { bonds: page, next }, text: [...text, ...nextLines(next)] }, options);
  });
