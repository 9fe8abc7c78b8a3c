import { attest } from "../src/api/index.ts";
import { sampleSentences } from "../src/relayer/index.ts";
import { digestOf } from "./lib/arguments.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { VerificationProgress } from "./lib/progress.ts";
import {
  exitCodes,
  interruptible,
  main,
  print,
  threadCount,
  verb,
  wholeNumber,
  withChain,
} from "./lib/verb.ts";
import { verdictLines } from "./lib/verdict.ts";

interface AttestOptions extends ChainOptions {
  json?: boolean;
  files?: string;
  threads?: number;
  sample?: number;
  report: string;
  uri?: string;
  envelope?: string;
}

export const command = withChain(
  verb(
    "attest",
    "Verify a claim and put the verdict on chain: valid, invalid, or sampled; the key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .argument("<claim>", "claim id: 0x and 64 digits")
  .option("--files <folder|url>", "read the claim's files from there, not from its own URI")
  .option("--report <file>", "write the report there", "report.json")
  .option(
    "--envelope <file>",
    "sign the report, too: an in-toto statement in a DSSE envelope, written there",
  )
  .option("--uri <url>", "where others find the report (default: this machine's file URL)")
  .option("--threads <n>", "verify so many segments at a time (default: one a core)", threadCount)
  .option(
    "--sample <k>",
    "verify k segments alone, which the chain draws for this account: attested as sampled, not valid",
    wholeNumber(1, 1_000_000),
  )
  .addHelpText(
    "after",
    "\nExit code 0: attested as valid or sampled, 3: attested as invalid.\nExamples:\n  trainproof attest 0x… --sample 100\n  trainproof attest 0x… --report report.json --uri https://example.org/report.json",
  )
  .action(async (claim: string, options: AttestOptions) => {
    const claimId = digestOf(claim, "claim id");
    const { files, threads, sample, report, uri, envelope } = options;
    const registry = await chainClients(options, true);
    const progress = new VerificationProgress();
    const { verification, ...attested } = await attest(registry, {
      claimId,
      report,
      signal: interruptible(),
      onProgress: (segment, phase, segments) => progress.phase(segment, phase, segments),
      ...(files !== undefined && { files }),
      ...(threads !== undefined && { threads }),
      ...(sample !== undefined && { sample: { size: sample } }),
      ...(uri !== undefined && { uri }),
      ...(envelope !== undefined && { envelope }),
    }).finally(() => progress.stop());
    const { verdict, claim: content, ...figures } = verification;
    const { seconds, coverage, undisclosedStart } = figures;
    const meaning =
      coverage.kind === "sample" && verdict.ok
        ? { meaning: sampleSentences(coverage).join(" ") }
        : {};
    const continues = content.startKind === "parent" ? `claim ${content.start}` : undefined;
    print(
      {
        json: {
          ...(verdict.ok ? {} : verdict),
          ...attested,
          coverage,
          ...meaning,
          seconds,
          ...(undisclosedStart !== undefined && { undisclosedStart }),
        },
        text: [
          ...verdictLines({ ...verdict, ...figures }, continues),
          attested.alreadyAttested
            ? "this account had given this verdict before"
            : `attested as ${attested.verdict}, ${attested.gasUsed} gas; report ${attested.report}`,
        ],
        code: verdict.ok ? exitCodes.ok : exitCodes.invalid,
      },
      options,
    );
  });

if (import.meta.main) await main(command);
