import { hex32, manifestUrl, readPublicRun, sha256 } from "../src/artifact/index.ts";
import { claimContent, claimedPlan, type ClaimExtras } from "../src/relayer/index.ts";
import { registerClaim, requireWallet } from "../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { main, print, UsageError, verb, withChain } from "./lib/verb.ts";
import path from "node:path";
import { existsSync, readFileSync } from "node:fs";

interface RegisterOptions extends ChainOptions {
  json?: boolean;
  uri?: string;
  plan: boolean;
  weightsFile?: string;
  signingManifest?: string;
}

/** SHA-256 of a file that a claim names. */
function fileDigest(file: string): `0x${string}` {
  try {
    return hex32(sha256(new Uint8Array(readFileSync(file)))) as `0x${string}`;
  } catch (error) {
    throw new UsageError(`${file} cannot be read`, { cause: error });
  }
}

/** A run folder's public part, or the folder itself where it is one. */
const publicPart = (folder: string) =>
  existsSync(path.join(folder, "public")) ? path.join(folder, "public") : folder;

export const command = withChain(
  verb("register", "Register a proven run as a claim; the key is TRAINPROOF_PRIVATE_KEY."),
)
  .argument("<run>", "run folder, finished by trainproof prove")
  .option("--uri <url>", "where others find manifest.json (default: this machine's file URL)")
  .option("--weights-file <file>", "name this exported weights file in the claim, by its SHA-256")
  .option("--signing-manifest <file>", "name this OpenSSF model-signing manifest, by its SHA-256")
  .option("--no-plan", "do not name the announced plan that the run fulfils")
  .addHelpText(
    "after",
    "\nExample:\n  trainproof register runs/mnist --uri https://example.org/mnist/manifest.json",
  )
  .action(async (folder: string, options: RegisterOptions) => {
    const run = await readPublicRun(folder);
    claimContent(run); // what cannot be claimed needs no chain
    const clients = await chainClients(options, true);
    const { weightsFile, signingManifest } = options;
    const claimant = requireWallet(clients).account.address;
    const planned = options.plan ? await claimedPlan(clients, claimant, run) : undefined;
    const extras: ClaimExtras = {
      ...(planned && { planDigest: planned.planDigest }),
      ...(weightsFile !== undefined && { weightsDigest: fileDigest(weightsFile) }),
      ...(signingManifest !== undefined && { signingDigest: fileDigest(signingManifest) }),
    };
    const content = claimContent(run, extras);
    const uri = options.uri ?? String(manifestUrl(path.resolve(publicPart(folder))));
    const result = await registerClaim(clients, { content, uri });
    print(
      {
        json: { ...result, ...content, uri, chainId: clients.chainId, plan: planned?.plan },
        text: [
          result.alreadyRegistered
            ? "this account had registered this claim before"
            : `registered, ${result.gasUsed} gas`,
          `claim ${result.claimId}`,
          ...(planned
            ? [
                `it names the announced plan ${planned.plan.number} of ${planned.plan.announcedByClaimant}`,
              ]
            : []),
        ],
      },
      options,
    );
  });

if (import.meta.main) await main(command);
