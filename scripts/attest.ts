import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { canonicalBytes, nodeFiles, writeAtomic } from "../src/artifact/index.ts";
import { PROTOCOL_VERSION } from "../src/protocol/index.ts";
import { type EnvelopeSigner, signVerdict } from "../src/record/index.ts";
import {
  attest,
  getAttestations,
  type RegistryClients,
  requireWallet,
} from "../src/registry/index.ts";
import { verdictReport, verifierBuild, verifyClaim } from "../src/relayer/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { isClaimId } from "./lib/format.ts";
import { packageFile } from "./lib/package.ts";
import { Progress } from "./lib/progress.ts";
import {
  exitCodes,
  interruptible,
  main,
  print,
  threadCount,
  UsageError,
  verb,
  version,
  withChain,
} from "./lib/verb.ts";
import { verdictLines } from "./lib/verdict.ts";

interface AttestOptions extends ChainOptions {
  json?: boolean;
  files?: string;
  threads?: number;
  report?: string;
  uri?: string;
  envelope?: string;
}

/** The wallet's account, as a signer of envelopes. */
const signerOf = (wallet: NonNullable<RegistryClients["wallet"]>): EnvelopeSigner => ({
  address: wallet.account.address,
  signMessage: ({ message }) => wallet.signMessage({ message }),
});

export const command = withChain(
  verb(
    "attest",
    "Verify a claim and put the verdict on chain, valid or invalid; the key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .argument("<claim>", "claim id: 0x and 64 digits")
  .option("--files <folder|url>", "read the claim's files from there, not from its own URI")
  .option("--report <file>", "write the report there", "report.json")
  .option(
    "--envelope <file>",
    "sign the report, too: an in-toto statement in a DSSE envelope, written there",
  )
  .option("--uri <url>", "where others find the report (default: this machine's file URL)")
  .option("--threads <n>", "verify so many segments at a time (default: one a core)", threadCount)
  .addHelpText("after", "\nExit code 0: attested as valid, 3: attested as invalid.")
  .action(async (claimId: string, options: AttestOptions) => {
    if (!isClaimId(claimId)) throw new UsageError(`${claimId} is no claim id: 0x and 64 digits`);
    const clients = await chainClients(options, true);
    const attester = requireWallet(clients).account.address;
    const progress = new Progress();
    const verification = await verifyClaim(clients, claimId, {
      generators: new Uint8Array(readFileSync(packageFile("data/generators.bin"))),
      signal: interruptible(),
      onProgress: (segment, phase) => progress.show(`segment ${segment + 1}: ${phase}`, 0),
      ...(options.threads !== undefined && { threads: options.threads }),
      ...(options.files !== undefined && { files: options.files }),
    });
    progress.stop();
    const build = verifierBuild();
    const report = verdictReport(verification, {
      chainId: clients.chainId,
      registry: String(clients.address),
      verifierVersion: version,
      verifierBuild: build,
    });
    const file = path.resolve(options.report ?? "report.json");
    const verdict = verification.verdict.ok ? "valid" : "invalid";
    // A report that is on chain already must stay what it is.
    const [before] = await getAttestations(clients, { claimId, attester });
    if (before === undefined) writeAtomic(nodeFiles, file, report.bytes, 0o644);
    const envelope = options.envelope === undefined ? undefined : path.resolve(options.envelope);
    if (before === undefined && envelope !== undefined) {
      const { claim } = verification;
      const signed = await signVerdict(signerOf(requireWallet(clients)), report.bytes, claim.uri);
      writeAtomic(nodeFiles, envelope, canonicalBytes({ ...signed }), 0o644);
    }
    const result = await attest(clients, {
      claimId,
      verdict,
      proofDigest: verification.claim.proofDigest,
      verifierBuild: build,
      protocolVersion: PROTOCOL_VERSION,
      reportDigest: report.digest,
      uri: options.uri ?? pathToFileURL(file).href,
    });
    print(
      {
        json: {
          claimId,
          verdict,
          ...(verification.verdict.ok ? {} : verification.verdict),
          seconds: verification.seconds,
          reportDigest: before?.reportDigest ?? report.digest,
          report: before?.uri ?? file,
          verifierBuild: before?.verifierBuild ?? build,
          ...(before === undefined && envelope !== undefined && { envelope }),
          ...result,
        },
        text: [
          ...verdictLines(
            verification,
            verification.claim.startKind === "parent"
              ? `claim ${verification.claim.start}`
              : undefined,
          ),
          result.alreadyAttested
            ? "this account had given this verdict before"
            : `attested as ${verdict}, ${result.gasUsed} gas; report ${file}`,
        ],
        code: verification.verdict.ok ? exitCodes.ok : exitCodes.invalid,
      },
      options,
    );
  });

if (import.meta.main) await main(command);
