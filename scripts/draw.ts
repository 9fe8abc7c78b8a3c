import type { Hex } from "viem";
import { isAnnouncement, readAnnouncement, writeSeed } from "../src/artifact/index.ts";
import {
  computePlanId,
  drawSeed,
  requireAddress,
  requireWallet,
  type RegistryClients,
} from "../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { isClaimId } from "./lib/format.ts";
import { interruptible, main, print, UsageError, verb, withChain } from "./lib/verb.ts";

interface DrawOptions extends ChainOptions {
  json?: boolean;
}

/** An announcement's plan is the account's own. */
function planOf(clients: RegistryClients, folder: string): Hex {
  return computePlanId({
    chainId: clients.chainId,
    registry: requireAddress(clients),
    claimant: requireWallet(clients).account.address,
    planDigest: readAnnouncement(folder).planDigest as Hex,
  });
}

export const command = withChain(
  verb(
    "draw",
    "Draw the seed of an announced plan once its block is over, and wait for that; anyone can. The key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .argument("<plan>", "folder of trainproof announce, or a plan id: 0x and 64 digits")
  .addHelpText(
    "after",
    "\nThe seed must be drawn while the chain still gives the hash of the plan's seed block: 256 blocks, 8191 with EIP-2935.\nA missed plan never gets a seed.\nExamples:\n  trainproof draw announced\n  trainproof draw 0x…",
  )
  .action(async (plan: string, options: DrawOptions) => {
    if (!isClaimId(plan) && !isAnnouncement(plan)) {
      throw new UsageError(`${plan} is neither a plan id nor a folder of trainproof announce`);
    }
    const clients = await chainClients(options, true);
    const planId = isClaimId(plan) ? plan : planOf(clients, plan);
    const result = await drawSeed(clients, {
      planId,
      signal: interruptible(),
      onWait: (blocks) => console.error(`  waiting for ${blocks} more blocks`),
    });
    if (!isClaimId(plan)) writeSeed(plan, { planId, seed: result.seed });
    print(
      {
        json: { planId, ...result },
        text: [
          result.alreadyDrawn ? "it was drawn before" : `drawn, ${result.gasUsed} gas`,
          `seed ${result.seed}`,
        ],
      },
      options,
    );
  });

if (import.meta.main) await main(command);
