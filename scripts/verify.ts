import type { Command } from "commander";
import { verify } from "../src/api/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { isClaimId } from "./lib/format.ts";
import { VerificationProgress } from "./lib/progress.ts";
import { queueVerifier, type QueueVerifyOptions, withQueueVerifier } from "./lib/verifyByQueue.ts";
import { verdictLines } from "./lib/verdict.ts";
import { exitCodes, interruptible, main, print, threadCount, verb, withChain } from "./lib/verb.ts";

interface VerifyOptions extends ChainOptions, QueueVerifyOptions {
  json?: boolean;
  files?: string;
  threads?: number;
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
  .addHelpText(
    "after",
    "\nExit code 0: valid, 3: invalid.\nExamples:\n  trainproof verify runs/mnist --workers 4\n  trainproof verify 0x… --rpc http://127.0.0.1:8545 --registry 0x…",
  )
  .action(async (what: string, options: VerifyOptions, command: Command) => {
    const { files, threads } = options;
    const registry = isClaimId(what) ? await chainClients(options, false) : undefined;
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
