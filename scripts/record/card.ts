import path from "node:path";
import {
  canonicalBytes,
  type Json,
  nodeFiles,
  type PublicConfig,
  readPublicRun,
  writeAtomic,
} from "../../src/artifact/index.ts";
import { modelCard } from "../../src/record/index.ts";
import {
  chainReader,
  type Claim,
  findOrigin,
  getAttestations,
  getClaim,
  requireAddress,
} from "../../src/registry/index.ts";
import { digestOf } from "../lib/arguments.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { interruptible, print, toJson, verb, version, withChain } from "../lib/verb.ts";

interface CardOptions extends ChainOptions {
  json?: boolean;
  files?: string | false;
  out?: string;
}

/** The configuration that the claim's files hold; their digests are the claimed ones, or this throws. */
async function readConfig(claim: Claim, files: string | undefined): Promise<PublicConfig> {
  const { proofDigest, configDigest, dataRoot, modelCommitment, steps } = claim;
  const expected = { proofDigest, configDigest, dataRoot, modelCommitment, steps };
  const run = await readPublicRun(files ?? claim.uri, { expected, signal: interruptible() });
  return run.config;
}

export const card = withChain(
  verb("card", "A claim as a CycloneDX 1.6 ML-BOM with a model card: what the registry says."),
)
  .argument("<claim>", "claim id: 0x and 64 digits")
  .option("--files <folder|url>", "read the architecture from there, not from the claim's own URI")
  .option("--no-files", "leave the architecture out, and fetch nothing")
  .option("--out <file>", "write it there instead of printing it")
  .addHelpText("after", "\nExample:\n  trainproof record card 0x… --out model.cdx.json")
  .action(async (text: string, options: CardOptions) => {
    const claimId = digestOf(text, "claim id");
    const clients = await chainClients(options, false);
    const claim = await getClaim(clients, { claimId });
    const attestations = await getAttestations(clients, { claimId });
    const config = options.files === false ? undefined : await readConfig(claim, options.files);
    const registry = requireAddress(clients);
    const bom = modelCard({
      chainId: clients.chainId,
      registry,
      claim,
      attestations,
      origin: await findOrigin(chainReader(clients), claim),
      version,
      ...(config && { config }),
    });
    if (options.out === undefined) {
      print({ json: bom as Record<string, Json>, text: toJson(bom).split("\n") }, options);
      return;
    }
    const file = path.resolve(options.out);
    writeAtomic(nodeFiles, file, canonicalBytes(bom), 0o644);
    print({ json: { claimId, file }, text: [`model card ${file}`] }, options);
  });
