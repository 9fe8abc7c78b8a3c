import type { Hex } from "viem";
import {
  type Claim,
  computePlanId,
  findOrigin,
  type Origin,
  type RegistryReader,
} from "../../src/registry/index.ts";
import { bondLines } from "../lib/bondLines.ts";
import { originWords } from "../lib/origins.ts";
import { type CheckedAttestation, withSampleOrigins, sampleLines } from "../lib/samples.ts";
import { timeInWords } from "../lib/time.ts";
import type { Answer } from "../lib/verb.ts";

const claimLines = (claim: Claim & { registeredAt: number; origin: Origin }) => [
  `claim ${claim.claimId}`,
  ...originWords(claim.origin).map((words) => `  ${words}`),
  ...(claim.retraction ? [`  RETRACTED ${claim.retraction.reason}`] : []),
  `  claimant  ${claim.claimant}`,
  `  registered ${timeInWords(claim.registeredAt)}`,
  `  model     ${claim.modelCommitment}`,
  `  data      ${claim.dataRoot}`,
  `  ${claim.startKind === "undisclosed" ? "weights  " : claim.startKind.padEnd(9)} ${claim.start}`,
  `  steps     ${claim.steps}`,
  `  proof     ${claim.proofDigest}`,
  ...(claim.planDigest ? [`  plan      ${claim.planDigest}`] : []),
  ...(claim.weightsDigest ? [`  weights   SHA-256 ${claim.weightsDigest}`] : []),
  ...(claim.signingDigest ? [`  signing   SHA-256 ${claim.signingDigest}`] : []),
  `  files     ${claim.uri}`,
];

const attestationLines = (
  attestations: readonly CheckedAttestation[],
  times: ReadonlyMap<bigint, number>,
) =>
  attestations.length === 0
    ? ["  nobody has given a verdict"]
    : attestations.flatMap((given) => [
        `  ${given.verdict.padEnd(9)} by ${given.attester}, ${timeInWords(times.get(given.blockNumber) ?? 0)}`,
        ...sampleLines(given).map((line) => `            ${line}`),
        `            report ${given.reportDigest}, verifier ${given.verifierBuild}`,
        ...(given.revocation ? [`            REVOKED ${given.revocation.reason}`] : []),
      ]);

/** A claim with its plan, its verdicts and, where a dispute contract was named, its bonds. */
export async function claimAnswer(registry: RegistryReader, claimId: Hex): Promise<Answer> {
  const found = await registry.getClaim({ claimId });
  const claim = { ...found, origin: await findOrigin(registry, found) };
  const attestations = await withSampleOrigins(
    registry,
    await registry.getAttestations({ claimId }),
  );
  const bonds = await registry.findBonds?.({ claimId });
  const { chainId, address } = registry;
  const { claimant, planDigest } = claim;
  const plan = planDigest && {
    ...(await registry.getPlan({
      planId: computePlanId({ chainId, registry: address, claimant, planDigest }),
    })),
  };
  const blockNumbers = attestations.map(({ blockNumber }) => blockNumber);
  const times = await registry.getBlockTimes({ blockNumbers });
  const text = [
    ...claimLines(claim),
    ...(plan
      ? [
          `            announced in block ${plan.announcedIn}, number ${plan.number} of ${plan.announcedByClaimant} plans of this account`,
        ]
      : []),
    ...attestationLines(attestations, times),
    ...(bonds ?? []).flatMap((bond) => bondLines(bond)),
  ];
  return { json: { claim, plan, attestations, bonds }, text };
}
