import { formatEther } from "viem";
import { challengeBond } from "../../src/registry/index.ts";
import { digestOf } from "../lib/arguments.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { print, verb, withDisputes } from "../lib/verb.ts";

interface ChallengeOptions extends ChainOptions {
  json?: boolean;
  reason: string;
}

export const challenge = withDisputes(
  verb("challenge", "Challenge a bond with an equal stake; the key is TRAINPROOF_PRIVATE_KEY."),
)
  .argument("<bond>", "bond id: 0x and 64 digits")
  .requiredOption("--reason <text>", "why; public")
  .addHelpText(
    "after",
    '\nExample:\n  trainproof dispute challenge 0x… --reason "the proof of segment 3 does not verify"',
  )
  .action(async (bond: string, options: ChallengeOptions) => {
    const bondId = digestOf(bond, "bond id");
    const clients = await chainClients(options, true);
    const result = await challengeBond(clients, { bondId, reason: options.reason });
    const text = [`challenged with ${formatEther(result.staked)} ether, ${result.gasUsed} gas`];
    print({ json: { bondId, ...result }, text }, options);
  });
