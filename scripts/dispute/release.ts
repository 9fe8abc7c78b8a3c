import { releaseBond } from "../../src/registry/index.ts";
import { digestOf } from "../lib/arguments.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { print, verb, withDisputes } from "../lib/verb.ts";

export const release = withDisputes(
  verb(
    "release",
    "Give stakes back when a window is over: unchallenged, or not decided; anyone can. The key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .argument("<bond>", "bond id: 0x and 64 digits")
  .addHelpText("after", "\nExample:\n  trainproof dispute release 0x…")
  .action(async (bond: string, options: ChainOptions & { json?: boolean }) => {
    const bondId = digestOf(bond, "bond id");
    const clients = await chainClients(options, true);
    const result = await releaseBond(clients, { bondId });
    const text = [`released, ${result.gasUsed} gas; trainproof dispute withdraw takes it`];
    print({ json: { bondId, ...result }, text }, options);
  });
