import { readFileSync, statSync } from "node:fs";
import { MAX_ENVELOPE_BYTES, type SignedVerdict, verifyVerdict } from "../../src/record/index.ts";
import { getAttestations, RegistryError } from "../../src/registry/index.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { undisclosedLines } from "../lib/verdict.ts";
import { exitCodes, print, UsageError, verb, withChain } from "../lib/verb.ts";

function readEnvelope(file: string): unknown {
  try {
    if (statSync(file).size > MAX_ENVELOPE_BYTES) {
      throw new UsageError(`${file} has more than the ${MAX_ENVELOPE_BYTES} bytes of an envelope`);
    }
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} cannot be read as JSON`, { cause: error });
  }
}

/** Whether the signer's verdict on chain is this one, or how it differs. */
async function onChain(signed: SignedVerdict, options: ChainOptions): Promise<string> {
  const { signer: attester, claimId } = signed;
  const clients = await chainClients({ ...options, registry: signed.registry }, false);
  if (clients.chainId !== signed.chainId) {
    throw new RegistryError(
      "wrongChain",
      `the verdict is on chain ${signed.chainId}, the node on ${clients.chainId}; check --rpc`,
    );
  }
  const [given] = await getAttestations(clients, { claimId, attester });
  if (given === undefined) return "absent";
  if (given.revocation) return "revoked";
  const same = given.reportDigest === signed.reportDigest && given.verdict === signed.verdict;
  return same ? "same" : "another";
}

export const check = withChain(
  verb(
    "check",
    "Verify a signed verdict (DSSE, in-toto): signature, form and, with --rpc, that its signer gave it on chain.",
  ),
)
  .argument("<envelope>", "file that trainproof attest --envelope wrote")
  .addHelpText(
    "after",
    "\nOn chain: same, revoked, absent, or another verdict or report of this signer. Exit code 3 unless same.\nExample:\n  trainproof record check verdict.dsse.json --rpc http://127.0.0.1:8545",
  )
  .action(async (file: string, options: ChainOptions & { json?: boolean }) => {
    const { statement, ...signed } = await verifyVerdict(readEnvelope(file));
    const chain =
      options.rpc === undefined ? undefined : await onChain({ statement, ...signed }, options);
    print(
      {
        json: { ...signed, onChain: chain, statement },
        text: [
          `${signed.verdict}, says ${signed.signer}`,
          ...undisclosedLines(signed.undisclosedStart),
          `  claim     ${signed.claimId}`,
          `  registry  ${signed.registry} on chain ${signed.chainId}`,
          `  proof     ${signed.proofDigest}`,
          `  report    ${signed.reportDigest}`,
          chain === undefined ? "  on chain  not asked; --rpc does" : `  on chain  ${chain}`,
        ],
        code: chain === undefined || chain === "same" ? exitCodes.ok : exitCodes.invalid,
      },
      options,
    );
  });
