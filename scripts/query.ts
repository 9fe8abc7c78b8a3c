import { addressOf, digestOf } from "./lib/arguments.ts";
import { nextLines, pageOf, type PagingOptions, withPaging } from "./lib/paging.ts";
import { withOrigins } from "./lib/origins.ts";
import { type ReaderOptions, registryReader, withIndexer } from "./lib/reader.ts";
import { claimTable } from "./lib/registryTables.ts";
import { main, print, verb, withDisputes } from "./lib/verb.ts";
import { attestations } from "./query/attestations.ts";
import { claimAnswer } from "./query/claim.ts";
import { disputes } from "./query/disputes.ts";
import { lineage } from "./query/lineage.ts";
import { plans } from "./query/plans.ts";
import { registry as registryPart } from "./query/registry.ts";
import { status } from "./query/status.ts";

interface QueryOptions extends ReaderOptions, PagingOptions {
  json?: boolean;
  claimant?: string;
  model?: string;
  data?: string;
  parent?: string;
}

export const command = withPaging(
  withIndexer(
    withDisputes(
      verb(
        "query",
        "Ask the registry: a claim with its verdicts, or the claims of an account, model, data set or parent.",
      ),
    ),
  ),
)
  .enablePositionalOptions()
  .argument("[claim]", "claim id: 0x and 64 digits")
  .option("--claimant <address>", "claims of this account")
  .option("--model <commitment>", "claims on this model commitment")
  .option("--data <root>", "claims on this data root")
  .option("--parent <claim>", "claims that continue this one")
  .addHelpText(
    "after",
    "\nExamples:\n  trainproof query 0x…\n  trainproof query --claimant 0x… --limit 20\n  trainproof query lineage 0x…\n  trainproof query plans --claimant 0x…\n  trainproof query attestations --attester 0x…\n  trainproof query disputes --claim 0x…\n  trainproof query status 0x… --verifiers 0x…,0x… --threshold 2\n  trainproof query registry",
  )
  .action(async (claim: string | undefined, options: QueryOptions) => {
    const { claimant, model, data, parent } = options;
    const claimId = claim === undefined ? undefined : digestOf(claim, "claim id");
    const filter = {
      ...(claimant !== undefined && { claimant: addressOf(claimant, "--claimant") }),
      ...(model !== undefined && { modelCommitment: digestOf(model, "commitment") }),
      ...(data !== undefined && { dataRoot: digestOf(data, "data root") }),
      ...(parent !== undefined && { parent: digestOf(parent, "claim id") }),
    };
    const registry = await registryReader(options);
    if (claimId !== undefined) {
      print(await claimAnswer(registry, claimId), options);
      return;
    }
    const { claims: found, next } = await registry.findClaimsPage({
      ...filter,
      ...pageOf(options),
    });
    const claims = await withOrigins(registry, found);
    const blockNumbers = claims.map(({ blockNumber }) => blockNumber);
    const times = await registry.getBlockTimes({ blockNumbers });
    const table = claims.length === 0 ? ["no such claims"] : claimTable(claims, times);
    print({ json: { claims, next }, text: [...table, ...nextLines(next)] }, options);
  });
for (const part of [status, lineage, plans, attestations, disputes, registryPart]) {
  command.addCommand(part);
}

if (import.meta.main) await main(command);
