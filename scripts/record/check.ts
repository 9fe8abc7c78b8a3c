import { readFileSync, statSync } from "node:fs";
import { MAX_ENVELOPE_BYTES, type SignedVerdict, verifyVerdict } from "../../src/record/index.ts";
import { getAttestations, RegistryError } from "../../src/registry/index.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { undisclosedLines } from "../lib/verdict.ts";
import { exitCodes, print, UsageError, verb, withChain } from "../lib/verb.ts";

interface CheckOptions extends ChainOptions {
  json?: boolean;
  /** The verdict must be on chain. */
  onChain?: boolean;
}

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

/** What the signer says on chain, beside the signed verdict. */
const meanings = {
  same: "same: the signer has given this very verdict there",
  absent: "absent: the signer has given no verdict there",
  revoked: "REVOKED: the signer has taken the verdict back there",
  another: "ANOTHER: the signer has given another verdict, or named another report, there",
};
type OnChain = keyof typeof meanings;

/** Silence on chain contradicts no signature; what the signer says there does. */
const accepted = (chain: OnChain | undefined, { onChain: required }: CheckOptions) =>
  chain === undefined || chain === "same" || (chain === "absent" && !required);

/** Whether the signer's verdict on chain is this one, or how it differs. */
async function onChain(signed: SignedVerdict, options: ChainOptions): Promise<OnChain> {
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
  const same =
    given.reportDigest === signed.reportDigest &&
    given.verdict === signed.verdict &&
    given.sample?.size === signed.sample?.size &&
    given.sample?.seed === signed.sample?.seed;
  return same ? "same" : "another";
}

export const check = withChain(
  verb(
    "check",
    "Verify a signed verdict (DSSE, in-toto): signature, form and, where a node is named, what its signer says on chain.",
  ),
)
  .argument("<envelope>", "file that trainproof attest --envelope wrote")
  .option("--on-chain", "the signer must have given this very verdict on chain: exit code 3 if not")
  .addHelpText(
    "after",
    "\nOn chain: same, revoked, absent, or another verdict or report of this signer. Exit code 3 for revoked and another: the signer says otherwise there. A verdict that is absent may have been signed for reading alone: exit code 0, and 3 with --on-chain.\nExamples:\n  trainproof record check verdict.dsse.json\n  trainproof record check verdict.dsse.json --on-chain --rpc http://127.0.0.1:8545",
  )
  .action(async (file: string, options: CheckOptions) => {
    if (options.onChain && options.rpc === undefined) {
      throw new UsageError("--on-chain asks a node; give --rpc or TRAINPROOF_RPC_URL");
    }
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
          `  on chain  ${chain === undefined ? "not asked; --rpc does" : meanings[chain]}`,
        ],
        code: accepted(chain, options) ? exitCodes.ok : exitCodes.invalid,
      },
      options,
    );
  });
