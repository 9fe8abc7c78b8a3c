import { addressOf } from "../lib/arguments.ts";
import { nextLines, pageOf, type PagingOptions, withPaging } from "../lib/paging.ts";
import { planTable } from "../lib/registryTables.ts";
import { type ReaderOptions, registryReader, withReader } from "../lib/reader.ts";
import { print, verb } from "../lib/verb.ts";

interface PlansOptions extends ReaderOptions, PagingOptions {
  json?: boolean;
  claimant?: string;
}

export const plans = withPaging(
  withReader(
    verb("plans", "Announced plans, and how many an account has announced: each had its own seed."),
  ),
)
  .option("--claimant <address>", "plans of this account")
  .addHelpText("after", "\nExample:\n  trainproof query plans --claimant 0x…")
  .action(async (options: PlansOptions) => {
    const claimant =
      options.claimant === undefined ? undefined : addressOf(options.claimant, "--claimant");
    const registry = await registryReader(options);
    const found = await registry.findPlans(claimant ? { claimant } : {});
    const announced = claimant ? await registry.countPlans({ claimant }) : found.length;
    const drawn = found.filter(({ seed }) => seed !== undefined).length;
    const { page, next } = pageOf(found, ({ planId }) => planId, options);
    const blockNumbers = page.map(({ announcedIn }) => BigInt(announcedIn));
    const times = await registry.getBlockTimes({ blockNumbers });
    const text = [
      ...planTable(page, times),
      ...nextLines(next),
      `${announced} plans announced, ${drawn} seeds drawn`,
    ];
    print({ json: { plans: page, next, announced, drawn }, text }, options);
  });
