import { isAddress } from "viem";
import { type Claim, findClaims, getAttestations, getClaim } from "../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { isClaimId } from "./lib/format.ts";
import { main, print, UsageError, verb, withChain } from "./lib/verb.ts";

interface QueryOptions extends ChainOptions {
  json?: boolean;
  claimant?: string;
  model?: string;
}

const claimLines = (claim: Claim) => [
  `claim ${claim.claimId}`,
  `  claimant  ${claim.claimant}`,
  `  model     ${claim.modelCommitment}`,
  `  data      ${claim.dataRoot}`,
  `  ${claim.startKind.padEnd(9)} ${claim.start}`,
  `  steps     ${claim.steps}`,
  `  proof     ${claim.proofDigest}`,
  `  files     ${claim.uri}`,
];

export const command = withChain(
  verb(
    "query",
    "Ask the registry: a claim with its verdicts, or the claims of an account or model.",
  ),
)
  .argument("[claim]", "claim id: 0x and 64 digits")
  .option("--claimant <address>", "claims of this account")
  .option("--model <commitment>", "claims on this model commitment")
  .action(async (claimId: string | undefined, options: QueryOptions) => {
    const { claimant, model } = options;
    if (claimId !== undefined && !isClaimId(claimId)) {
      throw new UsageError(`${claimId} is no claim id: 0x and 64 digits`);
    }
    if (claimant !== undefined && !isAddress(claimant)) {
      throw new UsageError(`--claimant ${claimant} is no address: 0x and 40 digits`);
    }
    if (model !== undefined && !isClaimId(model)) {
      throw new UsageError(`--model ${model} is no commitment: 0x and 64 digits`);
    }
    const clients = await chainClients(options, false);
    if (claimId !== undefined) {
      const claim = await getClaim(clients, { claimId });
      const attestations = await getAttestations(clients, { claimId });
      const verdicts = attestations.map(
        ({ verdict, attester, reportDigest }) =>
          `  ${verdict.padEnd(9)} by ${attester}, report ${reportDigest}`,
      );
      const text = [
        ...claimLines(claim),
        ...(verdicts.length === 0 ? ["  nobody has given a verdict"] : verdicts),
      ];
      print({ json: { claim, attestations }, text }, options);
      return;
    }
    const claims = await findClaims(clients, {
      ...(claimant && { claimant }),
      ...(model && { modelCommitment: model }),
    });
    const text = claims.length === 0 ? ["no such claims"] : claims.flatMap(claimLines);
    print({ json: { claims }, text }, options);
  });

if (import.meta.main) await main(command);
