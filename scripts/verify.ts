import type { Command } from "commander";
import { verify } from "../src/api/index.ts";
import { addressOf, digestOf } from "./lib/arguments.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { isClaimId } from "./lib/format.ts";
import { VerificationProgress } from "./lib/progress.ts";
import { queueVerifier, type QueueVerifyOptions, withQueueVerifier } from "./lib/verifyByQueue.ts";
import { verdictLines } from "./lib/verdict.ts";
import {
  exitCodes,
  interruptible,
  main,
  print,
  threadCount,
  UsageError,
  verb,
  wholeNumber,
  withChain,
} from "./lib/verb.ts";

interface VerifyOptions extends ChainOptions, QueueVerifyOptions {
  json?: boolean;
  files?: string;
  threads?: number;
  sample?: number;
  attester?: string;
  seed?: string;
}

/** What --sample, --attester and --seed ask for. */
function sampleOf({ sample, attester, seed }: VerifyOptions) {
  if (sample === undefined) {
    if (attester === undefined && seed === undefined) return undefined;
    throw new UsageError("--attester and --seed say how a sample is drawn; give --sample, too");
  }
  return {
    size: sample,
    ...(attester !== undefined && { attester: addressOf(attester, "--attester") }),
    ...(seed !== undefined && { seed: digestOf(seed, "seed") }),
  };
}

export const command = withQueueVerifier(
  withChain(
    verb("verify", "Verify a claim by its id, or a run by its public files, trusting nobody."),
  ),
)
  .argument("<what>", "claim id (0x and 64 digits), or a run folder or the URL of a manifest.json")
  .option("--files <folder|url>", "read a claim's files from there, not from its own URI")
  .option(
    "--workers, --threads <n>",
    "verify so many segments at a time, a worker thread each (default: one a core)",
    threadCount,
  )
  .option(
    "--sample <k>",
    "verify the proofs of k segments alone, after all statements: evidence, and no proof",
    wholeNumber(1, 1_000_000),
  )
  .option(
    "--attester <address>",
    "whose sample of a claim, which the chain draws (default: that of TRAINPROOF_PRIVATE_KEY)",
  )
  .option("--seed <digits>", "0x and 64 digits: draws the sample of files without a claim")
  .addHelpText(
    "after",
    "\nExit code 0: valid, or no fault in the sample; 3: invalid.\nExamples:\n  trainproof verify runs/mnist --workers 4\n  trainproof verify 0x… --rpc http://127.0.0.1:8545 --registry 0x…\n  trainproof verify 0x… --sample 100 --attester 0x…",
  )
  .action(async (what: string, options: VerifyOptions, command: Command) => {
    const { files, threads } = options;
    const sample = sampleOf(options);
    const byKey = sample !== undefined && sample.attester === undefined;
    const registry = isClaimId(what) ? await chainClients(options, byKey) : undefined;
    const progress = new VerificationProgress();
    const signal = interruptible();
    const say = (line: string) => progress.line(line);
    // TRAINPROOF_QUEUE alone may be a trainer's: it takes the key file to mean a verifier's workers.
    const queued = options.keyFile !== undefined || command.getOptionValueSource("queue") === "cli";
    const segmentVerifier = queued ? await queueVerifier(options, say, signal) : undefined;
    const { claim, ...result } = await verify(what, {
      signal,
      ...(segmentVerifier && { segmentVerifier }),
      onProgress: (segment, phase, segments) => progress.phase(segment, phase, segments),
      ...(registry && { registry }),
      ...(files !== undefined && { files }),
      ...(threads !== undefined && { threads }),
      ...(sample && { sample }),
    }).finally(() => progress.stop());
    print(
      {
        json: { ...(claim && { claimId: claim.claimId, claimant: claim.claimant }), ...result },
        text: verdictLines(result, result.continues),
        code: result.ok ? exitCodes.ok : exitCodes.invalid,
      },
      options,
    );
  });

if (import.meta.main) await main(command);
