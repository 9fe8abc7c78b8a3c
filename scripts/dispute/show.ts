import { getBond } from "../../src/registry/index.ts";
import { digestOf } from "../lib/arguments.ts";
import { bondLines } from "../lib/bondLines.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { print, verb, withDisputes } from "../lib/verb.ts";

export const show = withDisputes(verb("show", "A bond: its terms, its challenge, its votes."))
  .argument("<bond>", "bond id: 0x and 64 digits")
  .addHelpText("after", "\nExample:\n  trainproof dispute show 0x…")
  .action(async (bond: string, options: ChainOptions & { json?: boolean }) => {
    const bondId = digestOf(bond, "bond id");
    const clients = await chainClients(options, false);
    const found = await getBond(clients, { bondId });
    print({ json: { bond: found }, text: bondLines(found) }, options);
  });
