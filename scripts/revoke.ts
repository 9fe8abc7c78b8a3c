import { revokeAttestation } from "../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { isClaimId } from "./lib/format.ts";
import { main, print, UsageError, verb, withChain } from "./lib/verb.ts";

interface RevokeOptions extends ChainOptions {
  json?: boolean;
  reason: string;
}

export const command = withChain(
  verb(
    "revoke",
    "Take your own verdict on a claim back; no other can follow. The key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .argument("<claim>", "claim id: 0x and 64 digits")
  .requiredOption("--reason <text>", "why; public")
  .addHelpText(
    "after",
    '\nExample:\n  trainproof revoke 0x… --reason "verified with a damaged installation"',
  )
  .action(async (claimId: string, options: RevokeOptions) => {
    if (!isClaimId(claimId)) throw new UsageError(`${claimId} is no claim id: 0x and 64 digits`);
    const clients = await chainClients(options, true);
    const result = await revokeAttestation(clients, { claimId, reason: options.reason });
    print({ json: { claimId, ...result }, text: [`revoked, ${result.gasUsed} gas`] }, options);
  });

if (import.meta.main) await main(command);
