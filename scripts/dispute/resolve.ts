import { Option } from "commander";
import { resolveBond } from "../../src/registry/index.ts";
import { digestOf } from "../lib/arguments.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { print, verb, withDisputes } from "../lib/verb.ts";

interface ResolveOptions extends ChainOptions {
  json?: boolean;
  ruling: "uphold" | "refute";
  reason: string;
}

export const resolve = withDisputes(
  verb(
    "resolve",
    "Vote, as a resolver, on a challenged bond, once; the key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .argument("<bond>", "bond id: 0x and 64 digits")
  .addOption(
    new Option("--ruling <ruling>", "is what was bonded right?")
      .choices(["uphold", "refute"])
      .makeOptionMandatory(),
  )
  .requiredOption("--reason <text>", "why; public")
  .addHelpText(
    "after",
    '\nExample:\n  trainproof dispute resolve 0x… --ruling refute --reason "I verified it: check V4.2 fails"',
  )
  .action(async (bond: string, options: ResolveOptions) => {
    const bondId = digestOf(bond, "bond id");
    const clients = await chainClients(options, true);
    const upheld = options.ruling === "uphold";
    const result = await resolveBond(clients, { bondId, upheld, reason: options.reason });
    const text = [`voted, ${result.gasUsed} gas; the bond is ${result.stage}`];
    print({ json: { bondId, upheld, ...result }, text }, options);
  });
