import { Command, Option } from "commander";
import { benchEpoch } from "./bench/epoch.ts";
import { type BenchOptions, repeatCount, threadCount } from "./bench/options.ts";
import { benchHeadline, benchMnist } from "./bench/segment.ts";
import { type Answer, main, print, verb } from "./lib/verb.ts";

/** A benchmark as a command, with the options that all have. */
function benchmark(
  name: string,
  description: string,
  run: (options: BenchOptions) => Promise<Answer>,
): Command {
  return verb(name, description)
    .option("--threads <n>", "threads to use; all processors if absent", threadCount)
    .option("--portable", "without vector instructions (sets TRAINPROOF_PORTABLE)")
    .action(async (options: BenchOptions) => print(await run(options), options));
}

const repeat = () =>
  new Option("--repeat <n>", "prove it n times and report the fastest").argParser(repeatCount);

// No verb(): --json is the benchmarks' own.
export const command = new Command("bench")
  .description(
    "Measure training, proving and verifying on this machine, beside what it could at best do and beside the targets.",
  )
  .showHelpAfterError("(--help shows the benchmarks)")
  .exitOverride()
  .addCommand(
    benchmark(
      "headline",
      "zkDL's network of more than ten million parameters, 3072-1024×8-10, batch 64: a segment of 16 steps.",
      benchHeadline,
    )
      .addOption(repeat())
      .option("--small", "a toy of the same shape, to try the command"),
  )
  .addCommand(
    benchmark(
      "mnist",
      "The demo's network, 784-128-10 on MNIST, batch 64: a segment of 64 steps.",
      benchMnist,
    ).addOption(repeat()),
  )
  .addCommand(
    benchmark(
      "epoch",
      "An epoch of MNIST, 937 steps of 64 samples: committed, trained, proven, written and verified.",
      benchEpoch,
    ).option("--small", "three steps, to try the command"),
  )
  .addHelpText(
    "after",
    [
      "",
      "Examples:",
      "  npm run bench -- headline",
      "  npm run bench -- headline --portable --threads 1",
      "  npm --silent run bench -- mnist --json",
      "",
      "docs/PERFORMANCE.md says how the figures are made.",
    ].join("\n"),
  );

if (import.meta.main) await main(command);
