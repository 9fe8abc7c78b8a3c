import { digestOf } from "../lib/arguments.ts";
import { claimTable } from "../lib/registryTables.ts";
import { type ReaderOptions, registryReader, withReader } from "../lib/reader.ts";
import { print, verb } from "../lib/verb.ts";

export const lineage = withReader(
  verb("lineage", "A claim and its ancestors, up to a public seed."),
)
  .argument("<claim>", "claim id: 0x and 64 digits")
  .addHelpText("after", "\nExample:\n  trainproof query lineage 0x…")
  .action(async (claim: string, options: ReaderOptions & { json?: boolean }) => {
    const claimId = digestOf(claim, "claim id");
    const registry = await registryReader(options);
    const line = await registry.getLineage({ claimId });
    const blockNumbers = line.claims.map(({ blockNumber }) => blockNumber);
    const times = await registry.getBlockTimes({ blockNumbers });
    const text = [
      ...claimTable(line.claims, times),
      line.rooted ? "up to a public seed" : "it goes on further",
    ];
    print({ json: { ...line }, text }, options);
  });
