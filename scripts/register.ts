import { manifestUrl, readPublicRun } from "../src/artifact/index.ts";
import { claimContent } from "../src/relayer/index.ts";
import { registerClaim } from "../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { main, print, verb, withChain } from "./lib/verb.ts";
import path from "node:path";
import { existsSync } from "node:fs";

interface RegisterOptions extends ChainOptions {
  json?: boolean;
  uri?: string;
}

/** A run folder's public part, or the folder itself where it is one. */
const publicPart = (folder: string) =>
  existsSync(path.join(folder, "public")) ? path.join(folder, "public") : folder;

export const command = withChain(
  verb("register", "Register a proven run as a claim; the key is TRAINPROOF_PRIVATE_KEY."),
)
  .argument("<run>", "run folder, finished by trainproof prove")
  .option("--uri <url>", "where others find manifest.json (default: this machine's file URL)")
  .addHelpText(
    "after",
    "\nExample:\n  trainproof register runs/mnist --uri https://example.org/mnist/manifest.json",
  )
  .action(async (folder: string, options: RegisterOptions) => {
    const run = await readPublicRun(folder);
    const content = claimContent(run);
    const clients = await chainClients(options, true);
    const uri = options.uri ?? String(manifestUrl(path.resolve(publicPart(folder))));
    const result = await registerClaim(clients, { content, uri });
    print(
      {
        json: { ...result, ...content, uri, chainId: clients.chainId },
        text: [
          result.alreadyRegistered
            ? "this account had registered this claim before"
            : `registered, ${result.gasUsed} gas`,
          `claim ${result.claimId}`,
        ],
      },
      options,
    );
  });

if (import.meta.main) await main(command);
