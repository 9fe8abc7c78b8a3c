/**
 * Type tests of the registry's SDK: `npm run typecheck` fails where one of them does not hold. Nothing here runs.
 */
import type { Address, Hex } from "viem";
import type * as sdk from "../../src/registry/index.ts";
import type { Equal, Expect } from "./expect.ts";

type Action = (clients: sdk.RegistryClients, parameters: never, within?: never) => Promise<unknown>;

/** Whether an action takes these parameters after the clients, gives that, and throws RegistryErrors. */
type Is<F extends Action, P, R, E> = [
  Equal<Parameters<F>[0], sdk.RegistryClients>,
  Equal<NonNullable<Parameters<F>[1]>, P>,
  Equal<Awaited<ReturnType<F>>, R>,
  Equal<E, sdk.RegistryError>,
] extends true[]
  ? true
  : false;

/** Each action has its Parameters, ReturnType and ErrorType. */
export type Actions = [
  Expect<
    Is<
      typeof sdk.countPlans,
      sdk.CountPlansParameters,
      sdk.CountPlansReturnType,
      sdk.CountPlansErrorType
    >
  >,
  Expect<
    Is<typeof sdk.getOwed, sdk.GetOwedParameters, sdk.GetOwedReturnType, sdk.GetOwedErrorType>
  >,
  Expect<
    Is<
      typeof sdk.revokeBySignature,
      sdk.RevokeBySignatureParameters,
      sdk.RevokeBySignatureReturnType,
      sdk.RevokeBySignatureErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.signRevocation,
      sdk.SignRevocationParameters,
      sdk.SignRevocationReturnType,
      sdk.SignRevocationErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.answerValidation,
      sdk.AnswerValidationParameters,
      sdk.AnswerValidationReturnType,
      sdk.AnswerValidationErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.checkContract,
      sdk.CheckContractParameters,
      sdk.CheckContractReturnType,
      sdk.CheckContractErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.deployValidator,
      sdk.DeployValidatorParameters,
      sdk.DeployValidatorReturnType,
      sdk.DeployValidatorErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.findBondsPage,
      sdk.FindBondsPageParameters,
      sdk.FindBondsPageReturnType,
      sdk.FindBondsPageErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.findClaimsPage,
      sdk.FindClaimsPageParameters,
      sdk.FindClaimsPageReturnType,
      sdk.FindClaimsPageErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.findPlansPage,
      sdk.FindPlansPageParameters,
      sdk.FindPlansPageReturnType,
      sdk.FindPlansPageErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.getAttestationsPage,
      sdk.GetAttestationsPageParameters,
      sdk.GetAttestationsPageReturnType,
      sdk.GetAttestationsPageErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.getValidation,
      sdk.GetValidationParameters,
      sdk.GetValidationReturnType,
      sdk.GetValidationErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.requestValidation,
      sdk.RequestValidationParameters,
      sdk.RequestValidationReturnType,
      sdk.RequestValidationErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.announcePlan,
      sdk.AnnouncePlanParameters,
      sdk.AnnouncePlanReturnType,
      sdk.AnnouncePlanErrorType
    >
  >,
  Expect<Is<typeof sdk.attest, sdk.AttestParameters, sdk.AttestReturnType, sdk.AttestErrorType>>,
  Expect<
    Is<
      typeof sdk.attestBatch,
      sdk.AttestBatchParameters,
      sdk.AttestBatchReturnType,
      sdk.AttestBatchErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.attestBySignature,
      sdk.AttestBySignatureParameters,
      sdk.AttestBySignatureReturnType,
      sdk.AttestBySignatureErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.challengeBond,
      sdk.ChallengeBondParameters,
      sdk.ChallengeBondReturnType,
      sdk.ChallengeBondErrorType
    >
  >,
  Expect<
    Is<typeof sdk.drawSeed, sdk.DrawSeedParameters, sdk.DrawSeedReturnType, sdk.DrawSeedErrorType>
  >,
  Expect<
    Is<
      typeof sdk.findBonds,
      sdk.FindBondsParameters,
      sdk.FindBondsReturnType,
      sdk.FindBondsErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.findClaims,
      sdk.FindClaimsParameters,
      sdk.FindClaimsReturnType,
      sdk.FindClaimsErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.findPlans,
      sdk.FindPlansParameters,
      sdk.FindPlansReturnType,
      sdk.FindPlansErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.getAttestations,
      sdk.GetAttestationsParameters,
      sdk.GetAttestationsReturnType,
      sdk.GetAttestationsErrorType
    >
  >,
  Expect<
    Is<typeof sdk.getBond, sdk.GetBondParameters, sdk.GetBondReturnType, sdk.GetBondErrorType>
  >,
  Expect<
    Is<typeof sdk.getClaim, sdk.GetClaimParameters, sdk.GetClaimReturnType, sdk.GetClaimErrorType>
  >,
  Expect<
    Is<
      typeof sdk.getLineage,
      sdk.GetLineageParameters,
      sdk.GetLineageReturnType,
      sdk.GetLineageErrorType
    >
  >,
  Expect<
    Is<typeof sdk.getPlan, sdk.GetPlanParameters, sdk.GetPlanReturnType, sdk.GetPlanErrorType>
  >,
  Expect<
    Is<
      typeof sdk.getStatus,
      sdk.GetStatusParameters,
      sdk.GetStatusReturnType,
      sdk.GetStatusErrorType
    >
  >,
  Expect<
    Is<typeof sdk.postBond, sdk.PostBondParameters, sdk.PostBondReturnType, sdk.PostBondErrorType>
  >,
  Expect<
    Is<
      typeof sdk.registerClaim,
      sdk.RegisterClaimParameters,
      sdk.RegisterClaimReturnType,
      sdk.RegisterClaimErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.releaseBond,
      sdk.ReleaseBondParameters,
      sdk.ReleaseBondReturnType,
      sdk.ReleaseBondErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.resolveBond,
      sdk.ResolveBondParameters,
      sdk.ResolveBondReturnType,
      sdk.ResolveBondErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.retractClaim,
      sdk.RetractClaimParameters,
      sdk.RetractClaimReturnType,
      sdk.RetractClaimErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.revokeAttestation,
      sdk.RevokeAttestationParameters,
      sdk.RevokeAttestationReturnType,
      sdk.RevokeAttestationErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.signAttestation,
      sdk.SignAttestationParameters,
      sdk.SignAttestationReturnType,
      sdk.SignAttestationErrorType
    >
  >,
  Expect<
    Is<
      typeof sdk.withdrawOwed,
      sdk.WithdrawOwedParameters,
      sdk.WithdrawOwedReturnType,
      sdk.WithdrawOwedErrorType
    >
  >,
];

/** Those that take clients alone. */
export type Deployments = [
  Expect<Equal<Parameters<typeof sdk.deployRegistry>, [clients: sdk.RegistryClients]>>,
  Expect<Equal<Awaited<ReturnType<typeof sdk.deployRegistry>>, sdk.DeployRegistryReturnType>>,
  Expect<Equal<sdk.DeployRegistryErrorType, sdk.RegistryError>>,
  Expect<Equal<Parameters<typeof sdk.deployDisputes>, [clients: sdk.RegistryClients]>>,
  Expect<Equal<Awaited<ReturnType<typeof sdk.deployDisputes>>, sdk.DeployDisputesReturnType>>,
  Expect<Equal<sdk.DeployDisputesErrorType, sdk.RegistryError>>,
  Expect<Equal<(typeof sdk.deployments)[number], sdk.Deployment | undefined>>,
];

/** What results say, in the types that callers rely on. */
export type Results = [
  Expect<Equal<sdk.GetClaimReturnType["steps"], bigint>>,
  Expect<Equal<sdk.GetClaimReturnType["startKind"], "seed" | "parent" | "undisclosed">>,
  Expect<Equal<sdk.GetClaimReturnType["claimant"], Address>>,
  Expect<Equal<sdk.GetClaimReturnType["planDigest"], Hex | undefined>>,
  Expect<Equal<sdk.Attestation["verdict"], "valid" | "invalid" | "sampled">>,
  Expect<Equal<sdk.Attestation["sample"], sdk.SegmentSample | undefined>>,
  Expect<Equal<sdk.CheckSamplesReturnType, (sdk.SampleOrigin | undefined)[]>>,
  Expect<Equal<sdk.Origin, "seed" | "undisclosed" | "unknown">>,
  Expect<
    Equal<
      sdk.GetStatusReturnType["outcome"],
      "open" | "valid" | "invalid" | "conflict" | "retracted"
    >
  >,
  Expect<Equal<sdk.GetPlanReturnType["state"], "waiting" | "ready" | "drawn" | "missed">>,
  Expect<
    Equal<
      sdk.Bond["stage"],
      "posted" | "challenged" | "upheld" | "refuted" | "unchallenged" | "unanswered"
    >
  >,
  Expect<Equal<sdk.RegisterClaimReturnType["transactionHash"], Hex | undefined>>,
];

declare const clients: sdk.RegistryClients;
declare const hex: Hex;
declare const actions: typeof sdk;

/** What must not compile. */
export function refused(): unknown[] {
  return [
    // @ts-expect-error a claim id is hexadecimal
    actions.getClaim(clients, { claimId: "claim" }),
    // @ts-expect-error the clients come first
    actions.getClaim({ claimId: hex }),
    // @ts-expect-error a retraction has a reason
    actions.retractClaim(clients, { claimId: hex }),
    // @ts-expect-error so has a revocation
    actions.revokeAttestation(clients, { claimId: hex }),
    // @ts-expect-error a verdict is valid or invalid, nothing else
    (verdict: "unknown"): sdk.AttestedVerdict => verdict,
    // @ts-expect-error a reader names verifiers and a threshold
    actions.getStatus(clients, { claimId: hex }),
    // @ts-expect-error an optional digest is left out, not undefined
    actions.findClaims(clients, { dataRoot: undefined }),
    // @ts-expect-error amounts are bigints, in wei
    actions.postBond(clients, { amount: 1 } satisfies Partial<sdk.PostBondParameters>),
    // @ts-expect-error a ruling is a boolean
    actions.resolveBond(clients, { bondId: hex, upheld: "yes", reason: "" }),
    // @ts-expect-error a signature is good until a deadline
    actions.signAttestation(clients, {} as sdk.AttestParameters),
    // @ts-expect-error kinds of errors are a closed list
    (error: sdk.RegistryError) => error.kind === "unknown",
    // @ts-expect-error and so are the contracts' errors
    (error: sdk.ContractError) => error.name === "NoSuchError",
  ];
}
