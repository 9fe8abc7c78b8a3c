import { type GetLineageReturnType, UNDISCLOSED } from "../../src/registry/index.ts";
import { digestOf } from "../lib/arguments.ts";
import { withOrigins } from "../lib/origins.ts";
import { claimTable } from "../lib/registryTables.ts";
import { type ReaderOptions, registryReader, withReader } from "../lib/reader.ts";
import { print, verb } from "../lib/verb.ts";

const endOf = ({ rooted, undisclosed }: Pick<GetLineageReturnType, "rooted" | "undisclosed">) => {
  if (rooted) return "up to a public seed";
  return undisclosed
    ? `${UNDISCLOSED}: what was before them is not known, and is no part of any proof`
    : "it goes on further";
};

export const lineage = withReader(
  verb("lineage", "A claim and its ancestors, up to a public seed or undisclosed weights."),
)
  .argument("<claim>", "claim id: 0x and 64 digits")
  .addHelpText("after", "\nExample:\n  trainproof query lineage 0x…")
  .action(async (claim: string, options: ReaderOptions & { json?: boolean }) => {
    const claimId = digestOf(claim, "claim id");
    const registry = await registryReader(options);
    const found = await registry.getLineage({ claimId });
    const line = { ...found, claims: await withOrigins(registry, found.claims) };
    const blockNumbers = line.claims.map(({ blockNumber }) => blockNumber);
    const times = await registry.getBlockTimes({ blockNumbers });
    const text = [...claimTable(line.claims, times), endOf(line)];
    print({ json: { ...line }, text }, options);
  });
