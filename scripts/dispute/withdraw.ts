import { formatEther } from "viem";
import { withdrawOwed } from "../../src/registry/index.ts";
import { addressOf } from "../lib/arguments.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { print, verb, withDisputes } from "../lib/verb.ts";

interface WithdrawOptions extends ChainOptions {
  json?: boolean;
  to?: string;
}

export const withdraw = withDisputes(
  verb(
    "withdraw",
    "Take all that the dispute contract owes your account; the key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .option("--to <address>", "who receives it (default: your account)")
  .addHelpText(
    "after",
    "\nExamples:\n  trainproof dispute withdraw\n  trainproof dispute withdraw --to 0x…",
  )
  .action(async (options: WithdrawOptions) => {
    const to = options.to === undefined ? undefined : addressOf(options.to, "--to");
    const clients = await chainClients(options, true);
    const result = await withdrawOwed(clients, to ? { to } : {});
    const text = [`${formatEther(result.amount)} ether to ${result.to}, ${result.gasUsed} gas`];
    print({ json: { ...result }, text }, options);
  });
