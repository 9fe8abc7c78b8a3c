import { readFileSync } from "node:fs";
import { readPublicRun } from "../src/artifact/index.ts";
import { type RunVerification, verifyClaim, verifyPublicRun } from "../src/relayer/index.ts";
import { fromHex } from "../src/protocol/index.ts";
import { CHECKS } from "../src/verifier/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { isClaimId, kib, secs } from "./lib/format.ts";
import { packageFile } from "./lib/package.ts";
import { Progress } from "./lib/progress.ts";
import { exitCodes, interruptible, main, print, verb, withChain } from "./lib/verb.ts";

interface VerifyOptions extends ChainOptions {
  json?: boolean;
  files?: string;
}

/** What a verdict says, for people. */
export function verdictLines(result: RunVerification): string[] {
  if (!result.verdict.ok) {
    const { check, reason, segment } = result.verdict;
    const where = segment === undefined ? "" : ` (segment ${segment + 1})`;
    return [`INVALID, check ${check}${where}: ${reason}`];
  }
  return [
    ...Object.entries(CHECKS).map(([check, says]) => `  ${check}  ${says}`),
    `VALID: ${result.steps} steps in ${result.segments} segments, ${kib(result.proofBytes)} of proofs, ${secs(result.seconds)}`,
  ];
}

export const command = withChain(
  verb("verify", "Verify a claim by its id, or a run by its public files, trusting nobody."),
)
  .argument("<what>", "claim id (0x and 64 digits), or a run folder or the URL of a manifest.json")
  .option("--files <folder|url>", "read a claim's files from there, not from its own URI")
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
      onProgress: (segment: number, phase: string) =>
        progress.show(`segment ${segment + 1}: ${phase}`, 0),
    };
    let result: RunVerification;
    let facts: Record<string, unknown>;
    if (isClaimId(what)) {
      const clients = await chainClients(options, false);
      const files = options.files === undefined ? {} : { files: options.files };
      const verification = await verifyClaim(clients, what, { ...verifyOptions, ...files });
      facts = { claimId: what, claimant: verification.claim.claimant };
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
      facts = { source: run.source, proofDigest: run.proofDigest, continues: parent !== undefined };
      result = await verifyPublicRun(run, { ...verifyOptions, ...(parent && { parent }) });
    }
    progress.stop();
    const { verdict, ...figures } = result;
    print(
      {
        json: { ...facts, ...verdict, ...figures, claim: undefined },
        text: verdictLines(result),
        code: verdict.ok ? exitCodes.ok : exitCodes.invalid,
      },
      options,
    );
  });

if (import.meta.main) await main(command);
