import {
  chainReader,
  findOrigin,
  getAttestations,
  getBond,
  getClaim,
} from "../../src/registry/index.ts";
import { digestOf } from "../lib/arguments.ts";
import { bondLines } from "../lib/bondLines.ts";
import { type ChainOptions, chainClients } from "../lib/chain.ts";
import { originWords } from "../lib/origins.ts";
import { withSampleOrigins, sampleLines } from "../lib/samples.ts";
import { print, verb, withDisputes } from "../lib/verb.ts";

export const show = withDisputes(verb("show", "A bond: its terms, its challenge, its votes."))
  .argument("<bond>", "bond id: 0x and 64 digits")
  .addHelpText("after", "\nExample:\n  trainproof dispute show 0x…")
  .action(async (bond: string, options: ChainOptions & { json?: boolean }) => {
    const bondId = digestOf(bond, "bond id");
    const clients = await chainClients(options, false);
    const found = await getBond(clients, { bondId });
    const { claimId, attester } = found;
    const reader = chainReader(clients);
    const origin = await findOrigin(reader, await getClaim(clients, { claimId }));
    // What is staked on is what the verdict says, perhaps of a sample alone.
    const [attestation] =
      attester === undefined
        ? []
        : await withSampleOrigins(reader, await getAttestations(clients, { claimId, attester }));
    const text = [
      ...bondLines(found),
      ...originWords(origin).map((words) => `  the claim is ${words}`),
      ...(attestation ? [`  the verdict ${attestation.verdict}`] : []),
      ...(attestation ? sampleLines(attestation).map((line) => `            ${line}`) : []),
    ];
    print({ json: { bond: found, origin, attestation }, text }, options);
  });
