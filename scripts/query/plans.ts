import { countPlans, findPlans, getBlockTimes } from "../../src/registry/index.ts";
import { addressOf } from "../lib/arguments.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { nextLines, pageOf, type PagingOptions, withPaging } from "../lib/paging.ts";
import { planTable } from "../lib/registryTables.ts";
import { print, verb, withChain } from "../lib/verb.ts";

interface PlansOptions extends ChainOptions, PagingOptions {
  json?: boolean;
  claimant?: string;
}

export const plans = withPaging(
  withChain(
    verb("plans", "Announced plans, and how many an account has announced: each had its own seed."),
  ),
)
  .option("--claimant <address>", "plans of this account")
  .addHelpText("after", "\nExample:\n  trainproof query plans --claimant 0x…")
  .action(async (options: PlansOptions) => {
    const claimant =
      options.claimant === undefined ? undefined : addressOf(options.claimant, "--claimant");
    const clients = await chainClients(options, false, options.fromBlock);
    const found = await findPlans(clients, claimant ? { claimant } : {});
    const announced = claimant ? await countPlans(clients, { claimant }) : found.length;
    const drawn = found.filter(({ seed }) => seed !== undefined).length;
    const { page, next } = pageOf(found, ({ planId }) => planId, options);
    const blockNumbers = page.map(({ announcedIn }) => BigInt(announcedIn));
    const times = await getBlockTimes(clients, { blockNumbers });
    const text = [
      ...planTable(page, times),
      ...nextLines(next),
      `${announced} plans announced, ${drawn} seeds drawn`,
    ];
    print({ json: { plans: page, next, announced, drawn }, text }, options);
  });
