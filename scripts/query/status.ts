import { findOrigin } from "../../src/registry/index.ts";
import { addressesOf, digestOf } from "../lib/arguments.ts";
import { originWords } from "../lib/origins.ts";
import { type ReaderOptions, registryReader, withReader } from "../lib/reader.ts";
import { print, UsageError, verb } from "../lib/verb.ts";

interface StatusOptions extends ReaderOptions {
  json?: boolean;
  verifiers: string;
  threshold: number;
}

export const status = withReader(
  verb(
    "status",
    "What your own verifiers say of a claim: you choose whom, and how many must agree.",
  ),
)
  .argument("<claim>", "claim id: 0x and 64 digits")
  .requiredOption("--verifiers <addresses>", "whom you trust, separated by commas")
  .requiredOption("--threshold <n>", "how many must agree", Number)
  .addHelpText(
    "after",
    "\nOutcomes: open, valid, invalid, conflict (both), retracted. Verdicts on a sample of the segments are counted, and are on neither side.\nExample:\n  trainproof query status 0x… --verifiers 0x…,0x…,0x… --threshold 2",
  )
  .action(async (claim: string, options: StatusOptions) => {
    const claimId = digestOf(claim, "claim id");
    const verifiers = addressesOf(options.verifiers, "--verifiers");
    const { threshold } = options;
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > verifiers.length) {
      throw new UsageError(`--threshold must be from 1 to the ${verifiers.length} verifiers`);
    }
    const registry = await registryReader(options);
    const result = await registry.getStatus({ claimId, verifiers, threshold });
    const origin = await findOrigin(registry, await registry.getClaim({ claimId }));
    const { outcome, valid, invalid, sampled, revoked } = result;
    print(
      {
        json: { claimId, threshold, verifiers, ...result, origin },
        text: [
          outcome,
          `${valid} valid, ${invalid} invalid, ${sampled} sampled, ${revoked} revoked of ${verifiers.length} verifiers; ${threshold} must agree`,
          ...(sampled > 0 ? ["verdicts on a sample of the segments decide nothing"] : []),
          ...originWords(origin),
        ],
      },
      options,
    );
  });
