import { register } from "../src/api/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { main, print, verb, withChain } from "./lib/verb.ts";

interface RegisterOptions extends ChainOptions {
  json?: boolean;
  uri?: string;
  plan: boolean;
  weightsFile?: string;
  signingManifest?: string;
}

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
  .action(async (run: string, options: RegisterOptions) => {
    const { uri, plan, weightsFile, signingManifest } = options;
    const registered = await register(await chainClients(options, true), {
      run,
      plan,
      ...(uri !== undefined && { uri }),
      ...(weightsFile !== undefined && { weightsFile }),
      ...(signingManifest !== undefined && { signingManifest }),
    });
    print(
      {
        json: { ...registered },
        text: [
          registered.alreadyRegistered
            ? "this account had registered this claim before"
            : `registered, ${registered.gasUsed} gas`,
          `claim ${registered.claimId}`,
          ...(registered.plan
            ? [
                `it names the announced plan ${registered.plan.number} of ${registered.plan.announcedByClaimant}`,
              ]
            : []),
        ],
      },
      options,
    );
  });

if (import.meta.main) await main(command);
