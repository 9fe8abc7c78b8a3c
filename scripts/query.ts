import {
  type AnnouncedPlan,
  type Attestation,
  type Claim,
  computePlanId,
  countPlans,
  findBonds,
  findClaims,
  findPlans,
  getAttestations,
  getClaim,
  getLineage,
  getPlan,
  getStatus,
  requireAddress,
} from "../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { addressesOf, addressOf, digestOf } from "./lib/arguments.ts";
import { bondLines } from "./lib/bondLines.ts";
import { main, print, UsageError, verb, withChain, withDisputes } from "./lib/verb.ts";

interface QueryOptions extends ChainOptions {
  json?: boolean;
  claimant?: string;
  model?: string;
  data?: string;
  parent?: string;
}

interface StatusOptions extends ChainOptions {
  json?: boolean;
  verifiers: string;
  threshold: number;
}

const claimLines = (claim: Claim) => [
  `claim ${claim.claimId}`,
  ...(claim.retraction ? [`  RETRACTED ${claim.retraction.reason}`] : []),
  `  claimant  ${claim.claimant}`,
  `  model     ${claim.modelCommitment}`,
  `  data      ${claim.dataRoot}`,
  `  ${claim.startKind.padEnd(9)} ${claim.start}`,
  `  steps     ${claim.steps}`,
  `  proof     ${claim.proofDigest}`,
  ...(claim.planDigest ? [`  plan      ${claim.planDigest}`] : []),
  ...(claim.weightsDigest ? [`  weights   SHA-256 ${claim.weightsDigest}`] : []),
  ...(claim.signingDigest ? [`  signing   SHA-256 ${claim.signingDigest}`] : []),
  `  files     ${claim.uri}`,
];

const attestationLines = (attestations: Attestation[]) =>
  attestations.length === 0
    ? ["  nobody has given a verdict"]
    : attestations.flatMap(({ verdict, attester, reportDigest, verifierBuild, revocation }) => [
        `  ${verdict.padEnd(9)} by ${attester}, report ${reportDigest}, verifier ${verifierBuild}`,
        ...(revocation ? [`            REVOKED ${revocation.reason}`] : []),
      ]);

const planLines = (plan: AnnouncedPlan) => [
  `plan ${plan.planId}`,
  `  claimant  ${plan.claimant}, number ${plan.number}`,
  `  digest    ${plan.planDigest}`,
  `  announced in block ${plan.announcedIn}`,
  `  seed      ${plan.seed ?? `${plan.state}, block ${plan.seedBlock}`}`,
];

const status = withChain(
  verb(
    "status",
    "What your own verifiers say of a claim: you choose whom, and how many must agree.",
  ),
)
  .argument("<claim>", "claim id: 0x and 64 digits")
  .requiredOption("--verifiers <addresses>", "whom you trust, separated by commas")
  .requiredOption("--threshold <n>", "how many must agree", Number)
  .addHelpText("after", "\nOutcomes: open, valid, invalid, conflict (both), retracted.")
  .action(async (claim: string, options: StatusOptions) => {
    const claimId = digestOf(claim, "claim id");
    const verifiers = addressesOf(options.verifiers, "--verifiers");
    const { threshold } = options;
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > verifiers.length) {
      throw new UsageError(`--threshold must be from 1 to the ${verifiers.length} verifiers`);
    }
    const clients = await chainClients(options, false);
    const result = await getStatus(clients, { claimId, verifiers, threshold });
    const { outcome, valid, invalid, revoked } = result;
    print(
      {
        json: { claimId, threshold, verifiers, ...result },
        text: [
          outcome,
          `${valid} valid, ${invalid} invalid, ${revoked} revoked of ${verifiers.length} verifiers; ${threshold} must agree`,
        ],
      },
      options,
    );
  });

const lineage = withChain(verb("lineage", "A claim and its ancestors, up to a public seed."))
  .argument("<claim>", "claim id: 0x and 64 digits")
  .action(async (claim: string, options: QueryOptions) => {
    const claimId = digestOf(claim, "claim id");
    const clients = await chainClients(options, false);
    const line = await getLineage(clients, { claimId });
    const text = [
      ...line.claims.flatMap(claimLines),
      line.rooted ? "up to a public seed" : "it goes on further",
    ];
    print({ json: { ...line }, text }, options);
  });

const plans = withChain(
  verb("plans", "Announced plans, and how many an account has announced: each had its own seed."),
)
  .option("--claimant <address>", "plans of this account")
  .action(async (options: QueryOptions) => {
    const claimant =
      options.claimant === undefined ? undefined : addressOf(options.claimant, "--claimant");
    const clients = await chainClients(options, false);
    const found = await findPlans(clients, claimant ? { claimant } : {});
    const count = claimant ? await countPlans(clients, { claimant }) : found.length;
    const drawn = found.filter(({ seed }) => seed !== undefined).length;
    const text = [...found.flatMap(planLines), `${count} plans announced, ${drawn} seeds drawn`];
    print({ json: { plans: found, announced: count, drawn }, text }, options);
  });

export const command = withDisputes(
  verb(
    "query",
    "Ask the registry: a claim with its verdicts, or the claims of an account, model, data set or parent.",
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
    "\nExamples:\n  trainproof query 0x…\n  trainproof query --claimant 0x…\n  trainproof query lineage 0x…\n  trainproof query plans --claimant 0x…\n  trainproof query status 0x… --verifiers 0x…,0x… --threshold 2",
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
    const clients = await chainClients(options, false);
    if (claimId !== undefined) {
      const found = await getClaim(clients, { claimId });
      const attestations = await getAttestations(clients, { claimId });
      const bonds = clients.disputes ? await findBonds(clients, { claimId }) : undefined;
      const plan = found.planDigest && {
        ...(await getPlan(clients, {
          planId: computePlanId({
            chainId: clients.chainId,
            registry: requireAddress(clients),
            claimant: found.claimant,
            planDigest: found.planDigest,
          }),
        })),
      };
      const text = [
        ...claimLines(found),
        ...(plan
          ? [
              `            announced in block ${plan.announcedIn}, number ${plan.number} of ${plan.announcedByClaimant} plans of this account`,
            ]
          : []),
        ...attestationLines(attestations),
        ...(bonds ?? []).flatMap((bond) => bondLines(bond)),
      ];
      print({ json: { claim: found, plan, attestations, bonds }, text }, options);
      return;
    }
    const claims = await findClaims(clients, filter);
    const text = claims.length === 0 ? ["no such claims"] : claims.flatMap(claimLines);
    print({ json: { claims }, text }, options);
  });
for (const part of [status, lineage, plans]) command.addCommand(part);

if (import.meta.main) await main(command);
