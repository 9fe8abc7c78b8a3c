import { readFileSync } from "node:fs";
import { readPublicRun } from "../src/artifact/index.ts";
import { type RunVerification, verifyClaim, verifyPublicRun } from "../src/relayer/index.ts";
import { fromHex } from "../src/protocol/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { isClaimId } from "./lib/format.ts";
import { packageFile } from "./lib/package.ts";
import { Progress } from "./lib/progress.ts";
import { verdictLines } from "./lib/verdict.ts";
import { exitCodes, interruptible, main, print, threadCount, verb, withChain } from "./lib/verb.ts";

interface VerifyOptions extends ChainOptions {
  json?: boolean;
  files?: string;
  threads?: number;
}

export const command = withChain(
  verb("verify", "Verify a claim by its id, or a run by its public files, trusting nobody."),
)
  .argument("<what>", "claim id (0x and 64 digits), or a run folder or the URL of a manifest.json")
  .option("--files <folder|url>", "read a claim's files from there, not from its own URI")
  .option("--threads <n>", "verify so many segments at a time (default: one a core)", threadCount)
  .addHelpText(
    "after",
    "\nExit code 0: valid, 3: invalid.\nExamples:\n  trainproof verify runs/mnist\n  trainproof verify 0x… --rpc http://127.0.0.1:8545 --registry 0x…",
  )
  .action(async (what: string, options: VerifyOptions) => {
    const progress = new Progress();
    const generators = new Uint8Array(readFileSync(packageFile("data/generators.bin")));
    const verifyOptions = {
      generators,
      signal: interruptible(),
      ...(options.threads !== undefined && { threads: options.threads }),
      onProgress: (segment: number, phase: string) =>
        progress.show(`segment ${segment + 1}: ${phase}`, 0),
    };
    let result: RunVerification;
    let continues: string | undefined;
    let facts: Record<string, unknown>;
    if (isClaimId(what)) {
      const clients = await chainClients(options, false);
      const files = options.files === undefined ? {} : { files: options.files };
      const verification = await verifyClaim(clients, what, { ...verifyOptions, ...files });
      const { claim } = verification;
      facts = { claimId: what, claimant: claim.claimant };
      if (claim.startKind === "parent") continues = `claim ${claim.start}`;
      result = verification;
    } else {
      const run = await readPublicRun(what);
      const { start } = run.config;
      // Without a chain, what the run continues is its publisher's word.
      const parent =
        "parent" in start
          ? {
              modelCommitment: fromHex(start.parent.modelCommitment),
              weightBound: BigInt(start.parent.weightBound),
            }
          : undefined;
      facts = { source: run.source, proofDigest: run.proofDigest };
      if (parent)
        continues = "a run that its publisher names; verify a claim to bind it to the chain";
      result = await verifyPublicRun(run, { ...verifyOptions, ...(parent && { parent }) });
    }
    progress.stop();
    const { verdict, ...figures } = result;
    print(
      {
        json: {
          ...facts,
          ...(continues && { continues }),
          ...verdict,
          ...figures,
          claim: undefined,
        },
        text: verdictLines(result, continues),
        code: verdict.ok ? exitCodes.ok : exitCodes.invalid,
      },
      options,
    );
  });

if (import.meta.main) await main(command);
