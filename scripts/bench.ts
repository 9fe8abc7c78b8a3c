import { Command, Option } from "commander";
import { benchAll } from "./bench/all.ts";
import { benchCalibrate } from "./bench/calibrate.ts";
import { writeDocumentPart } from "./bench/document.ts";
import { benchEpoch } from "./bench/epoch.ts";
import {
  type BenchAnswer,
  type BenchOptions,
  minuteCount,
  repeatCount,
  threadCount,
} from "./bench/options.ts";
import { benchScale } from "./bench/scale.ts";
import { benchScaling } from "./bench/scaling.ts";
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
    .option("--write", "write what is measured into its document in docs/")
    .addHelpText("after", `\nExample:\n  npm run bench -- ${name}`)
    .action(async (options: BenchOptions) => print(await run(options), options));
}

const portable = () =>
  new Option("--portable", "without vector instructions (sets TRAINPROOF_PORTABLE)");
const repeat = () =>
  new Option("--repeat <n>", "prove each segment n times and report the fastest")
    .argParser(repeatCount)
    .default(1);
const device = () =>
  new Option("--device <name>", "what trains and proves: cpu, or a GPU such as cuda:0").default(
    "cpu",
  );
const small = (what: string) => new Option("--small", what).conflicts("write");
const minutes = () =>
  new Option("--minutes <n>", "begin no measurement of scaling after n minutes")
    .argParser(minuteCount)
    .default(60);

/** Writes an answer's part of the document where --write asks for it. */
const written =
  (run: (options: BenchOptions) => Promise<BenchAnswer>) => async (options: BenchOptions) => {
    const answer = await run(options);
    if (options.write === true) writeDocumentPart(answer.document);
    return answer;
  };

const headline = benchmark(
  "headline",
  "zkDL's network of more than ten million parameters, 3072-1024×8-10, batch 64: a segment of 16 steps.",
  written(benchHeadline),
)
  .addOption(device())
  .addOption(portable())
  .addOption(repeat())
  .addOption(small("a toy of the same shape, to try the command"));

const mnist = benchmark(
  "mnist",
  "The demo's network, 784-128-10 on MNIST, batch 64: a segment of 64 steps.",
  written(benchMnist),
)
  .addOption(device())
  .addOption(portable())
  .addOption(repeat());

const epoch = benchmark(
  "epoch",
  "An epoch of MNIST, 937 steps of 64 samples: committed, trained, proven, written and verified.",
  written(benchEpoch),
)
  .addOption(portable())
  .addOption(small("three steps, to try the command"));

const scaling = benchmark(
  "scaling",
  "Time and memory against steps, depth, width and batch, around the headline segment: tables and plots.",
  written(benchScaling),
)
  .addOption(portable())
  .addOption(repeat())
  .addOption(minutes())
  .addOption(small("two toy sizes, to try the command"));

const scale = benchmark(
  "scale",
  "The queue's work beside proving, with 1, 2 and 4 worker processes, and a simulation of 10 to 1,000 workers from what was measured (docs/SCALE.md). Needs redis-server.",
  written(benchScale),
).addOption(small("a toy of the same shape, to try the command"));

const calibrate = benchmark(
  "calibrate",
  "Fits the cost model of `trainproof init` to this machine, and says how well it predicts cases that it has not seen; with --write data/cost.json, too.",
  written(benchCalibrate),
)
  .addOption(repeat())
  .addOption(small("toy sizes, to try the command"));

const all = benchmark(
  "all",
  "Every benchmark but scale, the headline also without vector instructions; with --write all of docs/PERFORMANCE.md's figures.",
  benchAll,
)
  .addOption(repeat())
  .addOption(minutes());

// No verb(): --json is the benchmarks' own.
export const command = new Command("bench")
  .description(
    "Measure training, proving and verifying on this machine, beside what it could at best do and beside the targets.",
  )
  .showHelpAfterError("(--help shows the benchmarks)")
  .exitOverride()
  .addHelpText(
    "after",
    [
      "",
      "Examples:",
      "  npm run bench -- headline",
      "  npm run bench -- headline --portable --threads 1",
      "  npm run bench -- headline --device cuda:0",
      "  npm --silent run bench -- mnist --json",
      "  npm run bench -- scaling --write",
      "  npm run bench -- scale --write",
      "  npm run bench -- calibrate --repeat 3 --write",
      "  npm run bench -- all --write",
      "",
      "docs/PERFORMANCE.md says how the figures are made.",
    ].join("\n"),
  );
for (const benchmark of [headline, mnist, epoch, scaling, scale, calibrate, all])
  command.addCommand(benchmark);

if (import.meta.main) await main(command);
