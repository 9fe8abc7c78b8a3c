import { type BondTerms, postBond, requireWallet } from "../../src/registry/index.ts";
import { addressesOf, digestOf, secondsOf, weiOf } from "../lib/arguments.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { print, UsageError, verb, withDisputes } from "../lib/verb.ts";

interface PostOptions extends ChainOptions {
  json?: boolean;
  verdict?: boolean;
  amount: string;
  window: string;
  resolveWithin: string;
  resolvers: string;
  threshold: number;
}

export const post = withDisputes(
  verb(
    "post",
    "Bond your own claim, or your own verdict on it, with ether; the key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .argument("<claim>", "claim id: 0x and 64 digits")
  .option("--verdict", "bond your verdict on the claim, not the claim")
  .requiredOption("--amount <ether>", "the bond; a challenger stakes as much")
  .option("--window <time>", "how long it can be challenged: 1h to 365d", "7d")
  .option("--resolve-within <time>", "how long the resolvers have: 1h to 365d", "7d")
  .requiredOption("--resolvers <addresses>", "who decides a challenge, separated by commas")
  .requiredOption("--threshold <n>", "how many of them must agree, more than half", Number)
  .addHelpText(
    "after",
    "\nExamples:\n  trainproof dispute post 0x… --amount 1 --resolvers 0x…,0x…,0x… --threshold 2\n  trainproof dispute post 0x… --verdict --amount 0.5 --resolvers 0x… --threshold 1",
  )
  .action(async (claim: string, options: PostOptions) => {
    const claimId = digestOf(claim, "claim id");
    const resolvers = addressesOf(options.resolvers, "--resolvers");
    const { threshold } = options;
    if (
      !Number.isInteger(threshold) ||
      threshold * 2 <= resolvers.length ||
      threshold > resolvers.length
    ) {
      throw new UsageError(`--threshold must be more than half of ${resolvers.length} resolvers`);
    }
    const amount = weiOf(options.amount, "--amount");
    const window = secondsOf(options.window, "--window");
    const resolveWithin = secondsOf(options.resolveWithin, "--resolve-within");
    const clients = await chainClients(options, true);
    const { account } = requireWallet(clients);
    const { timestamp } = await clients.reader.getBlock();
    const terms: BondTerms = {
      claimId,
      amount,
      // The window begins when the bond is in a block: a minute's grace for the shortest one.
      challengeUntil: Number(timestamp) + window + 60,
      resolveWithin,
      resolvers,
      threshold,
      ...(options.verdict && { attester: account.address }),
    };
    const result = await postBond(clients, terms);
    print(
      {
        json: { ...result, ...terms, poster: account.address },
        text: [`bond ${result.bondId}`, `posted, ${result.gasUsed} gas`],
      },
      options,
    );
  });
