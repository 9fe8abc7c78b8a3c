import { getBlockTimes, getLineage } from "../../src/registry/index.ts";
import { digestOf } from "../lib/arguments.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { claimTable } from "../lib/registryTables.ts";
import { print, verb, withChain } from "../lib/verb.ts";

export const lineage = withChain(verb("lineage", "A claim and its ancestors, up to a public seed."))
  .argument("<claim>", "claim id: 0x and 64 digits")
  .addHelpText("after", "\nExample:\n  trainproof query lineage 0x…")
  .action(async (claim: string, options: ChainOptions & { json?: boolean }) => {
    const claimId = digestOf(claim, "claim id");
    const clients = await chainClients(options, false);
    const line = await getLineage(clients, { claimId });
    const blockNumbers = line.claims.map(({ blockNumber }) => blockNumber);
    const times = await getBlockTimes(clients, { blockNumbers });
    const text = [
      ...claimTable(line.claims, times),
      line.rooted ? "up to a public seed" : "it goes on further",
    ];
    print({ json: { ...line }, text }, options);
  });
