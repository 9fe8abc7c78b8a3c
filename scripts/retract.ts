import { retractClaim } from "../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { isClaimId } from "./lib/format.ts";
import { main, print, UsageError, verb, withChain } from "./lib/verb.ts";

interface RetractOptions extends ChainOptions {
  json?: boolean;
  reason: string;
}

export const command = withChain(
  verb("retract", "Take your own claim back, for good; the key is TRAINPROOF_PRIVATE_KEY."),
)
  .argument("<claim>", "claim id: 0x and 64 digits")
  .requiredOption("--reason <text>", "why; public")
  .addHelpText(
    "after",
    '\nExample:\n  trainproof retract 0x… --reason "the data licence was withdrawn"',
  )
  .action(async (claimId: string, options: RetractOptions) => {
    if (!isClaimId(claimId)) throw new UsageError(`${claimId} is no claim id: 0x and 64 digits`);
    const clients = await chainClients(options, true);
    const result = await retractClaim(clients, { claimId, reason: options.reason });
    print({ json: { claimId, ...result }, text: [`retracted, ${result.gasUsed} gas`] }, options);
  });

if (import.meta.main) await main(command);
