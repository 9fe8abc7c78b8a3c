import { addressOf, digestOf } from "../lib/arguments.ts";
import { nextLines, pageOf, type PagingOptions, withPaging } from "../lib/paging.ts";
import { attestationTable } from "../lib/registryTables.ts";
import { type ReaderOptions, registryReader, withReader } from "../lib/reader.ts";
import { withSampleOrigins } from "../lib/samples.ts";
import { print, verb } from "../lib/verb.ts";

interface AttestationsOptions extends ReaderOptions, PagingOptions {
  json?: boolean;
  claim?: string;
  attester?: string;
}

export const attestations = withPaging(
  withReader(verb("attestations", "Verdicts on a claim, of an account, or all; revoked ones too.")),
)
  .option("--claim <claim>", "verdicts on this claim")
  .option("--attester <address>", "verdicts of this account")
  .addHelpText(
    "after",
    "\nExamples:\n  trainproof query attestations --claim 0x…\n  trainproof query attestations --attester 0x… --limit 20",
  )
  .action(async (options: AttestationsOptions) => {
    const { claim, attester } = options;
    const filter = {
      ...(claim !== undefined && { claimId: digestOf(claim, "claim id") }),
      ...(attester !== undefined && { attester: addressOf(attester, "--attester") }),
    };
    const registry = await registryReader(options);
    const { attestations: given, next } = await registry.getAttestationsPage({
      ...filter,
      ...pageOf(options),
    });
    const page = await withSampleOrigins(registry, given);
    const blockNumbers = page.map(({ blockNumber }) => blockNumber);
    const times = await registry.getBlockTimes({ blockNumbers });
    const none = page.length === 0 ? ["no such verdicts"] : attestationTable(page, times);
    print({ json: { attestations: page, next }, text: [...none, ...nextLines(next)] }, options);
  });
