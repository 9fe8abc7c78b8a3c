import { getAddress, type Hex, hexToString } from "viem";
import { z } from "zod";
import type { Attestation, Bond, Claim, GetClaimReturnType } from "../registry/index.ts";

/** Rows as the indexer's GraphQL gives them (indexer/ponder.schema.ts), and what they say. */

const digest = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, "is no 32 bytes")
  .transform((text) => text as Hex);
const address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/, "is no address")
  .transform((text) => getAddress(text));
const bigint = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,19})$/, "is no uint64")
  .transform(BigInt);
const number = bigint
  .refine((value) => value <= Number.MAX_SAFE_INTEGER, "is too large")
  .transform(Number);
const uint32 = number.refine((value) => value < 2 ** 32, "is no uint32");
/** 1,000,000 times the block's number, plus the log's index (indexer/src/places.ts). */
const logsInBlock = 1_000_000n;
const position = z
  .string()
  .regex(/^[1-9][0-9]{0,20}$/, "is no place in the chain")
  .transform(BigInt);

export const positionOf = ({ block, logIndex }: { block: bigint; logIndex: number }) =>
  block * logsInBlock + BigInt(logIndex);

/** The cursor of findClaimsPage for a place. */
export const cursorAt = (place: bigint) => `${place / logsInBlock}-${place % logsInBlock}`;

/** The registry takes URIs and reasons of at most 2048 bytes. */
const text = z.string().max(2048);
const bytes = z
  .string()
  .regex(/^0x([0-9a-f]{2}){0,6144}$/, "is no bytes")
  .transform((value) => hexToString(value as Hex));

const orAbsent = <T>(value: T | null) => value ?? undefined;

export const ClaimRow = z
  .object({
    claimId: digest,
    position,
    claimant: address,
    modelCommitment: digest,
    startKind: z.enum(["seed", "parent", "undisclosed"]),
    start: digest,
    dataRoot: digest,
    configDigest: digest,
    steps: bigint,
    planDigest: digest.nullable(),
    weightsDigest: digest.nullable(),
    signingDigest: digest.nullable(),
    proofDigest: digest,
    uri: text,
    uriBytes: bytes.nullable(),
    registeredAt: number,
    blockNumber: bigint,
    transactionHash: digest,
    retractionReason: text.nullable(),
    retractionReasonBytes: bytes.nullable(),
    retractionBlockNumber: bigint.nullable(),
    retractionTransactionHash: digest.nullable(),
  })
  .refine(
    (row) =>
      (row.retractionReason === null) === (row.retractionBlockNumber === null) &&
      (row.retractionReason === null) === (row.retractionTransactionHash === null),
    "half a retraction",
  );

export const AttestationRow = z
  .object({
    claimId: digest,
    attester: address,
    position,
    reportDigest: digest,
    verdict: z.enum(["invalid", "valid", "sampled"]),
    sampleSize: uint32.nullable(),
    sampleSeed: digest.nullable(),
    proofDigest: digest,
    verifierBuild: digest,
    protocolVersion: uint32,
    uri: text,
    uriBytes: bytes.nullable(),
    blockNumber: bigint,
    transactionHash: digest,
    revocationReason: text.nullable(),
    revocationReasonBytes: bytes.nullable(),
    revocationBlockNumber: bigint.nullable(),
    revocationTransactionHash: digest.nullable(),
  })
  .refine(
    (row) =>
      (row.revocationReason === null) === (row.revocationBlockNumber === null) &&
      (row.revocationReason === null) === (row.revocationTransactionHash === null),
    "half a revocation",
  )
  .refine((row) => (row.sampleSize === null) === (row.sampleSeed === null), "half a sample");

export const BlockRow = z.object({ number: bigint, timestamp: number });

export const PlanRow = z.object({
  planId: digest,
  position,
  claimant: address,
  planDigest: digest,
  number,
  seedBlock: number,
  blockNumber: number,
  transactionHash: digest,
  seed: digest.nullable(),
});

export const BondRow = z
  .object({
    bondId: digest,
    position,
    claimId: digest,
    attester: address.nullable(),
    poster: address,
    amount: z
      .string()
      .regex(/^[1-9][0-9]{0,28}$/, "is no amount")
      .transform(BigInt),
    challengeUntil: number,
    resolveWithin: number,
    threshold: number,
    resolvers: z.array(address).min(1).max(16),
    stage: z.enum(["posted", "challenged", "upheld", "refuted", "unchallenged", "unanswered"]),
    blockNumber: bigint,
    transactionHash: digest,
    challenger: address.nullable(),
    resolveUntil: number.nullable(),
    challengeReason: text.nullable(),
    challengeReasonBytes: bytes.nullable(),
    challengeTransactionHash: digest.nullable(),
  })
  .refine(
    (row) =>
      (row.challenger === null) === (row.resolveUntil === null) &&
      (row.challenger === null) === (row.challengeReason === null) &&
      (row.challenger === null) === (row.challengeTransactionHash === null),
    "half a challenge",
  );

export const BondVoteRow = z.object({
  bondId: digest,
  resolver: address,
  position,
  upheld: z.boolean(),
  reason: text,
  reasonBytes: bytes.nullable(),
  transactionHash: digest,
});

/** The fields to ask for, of a row's schema. */
export const fieldsOf = (row: { shape: Record<string, unknown> }) =>
  Object.keys(row.shape).join(" ");

function takenBack(
  reason: string | null,
  reasonBytes: string | null,
  blockNumber: bigint | null,
  transactionHash: Hex | null,
) {
  if (reason === null || blockNumber === null || transactionHash === null) return undefined;
  return { reason: reasonBytes ?? reason, blockNumber, transactionHash };
}

/** The claim, with its fields in the order that findClaims gives them. */
export function claimOf(row: z.output<typeof ClaimRow>): Claim {
  const retraction = takenBack(
    row.retractionReason,
    row.retractionReasonBytes,
    row.retractionBlockNumber,
    row.retractionTransactionHash,
  );
  const [planDigest, weightsDigest, signingDigest] = [
    orAbsent(row.planDigest),
    orAbsent(row.weightsDigest),
    orAbsent(row.signingDigest),
  ];
  return {
    claimId: row.claimId,
    claimant: row.claimant,
    modelCommitment: row.modelCommitment,
    startKind: row.startKind,
    start: row.start,
    dataRoot: row.dataRoot,
    configDigest: row.configDigest,
    steps: row.steps,
    ...(planDigest && { planDigest }),
    ...(weightsDigest && { weightsDigest }),
    ...(signingDigest && { signingDigest }),
    proofDigest: row.proofDigest,
    uri: row.uriBytes ?? row.uri,
    ...(retraction && { retraction }),
    blockNumber: row.blockNumber,
    transactionHash: row.transactionHash,
  };
}

export const fullClaimOf = (row: z.output<typeof ClaimRow>): GetClaimReturnType => ({
  ...claimOf(row),
  registeredAt: row.registeredAt,
});

/** The verdict, with its fields in the order that getAttestations gives them. */
export function attestationOf(row: z.output<typeof AttestationRow>): Attestation {
  const revocation = takenBack(
    row.revocationReason,
    row.revocationReasonBytes,
    row.revocationBlockNumber,
    row.revocationTransactionHash,
  );
  const { sampleSize, sampleSeed } = row;
  return {
    claimId: row.claimId,
    attester: row.attester,
    verdict: row.verdict,
    ...(sampleSize !== null &&
      sampleSeed !== null && { sample: { size: sampleSize, seed: sampleSeed } }),
    proofDigest: row.proofDigest,
    verifierBuild: row.verifierBuild,
    protocolVersion: row.protocolVersion,
    reportDigest: row.reportDigest,
    uri: row.uriBytes ?? row.uri,
    ...(revocation && { revocation }),
    blockNumber: row.blockNumber,
    transactionHash: row.transactionHash,
  };
}

/** The bond's terms, with their fields in the order that findBonds gives them. */
export const bondTermsIn = (row: z.output<typeof BondRow>) => ({
  claimId: row.claimId,
  amount: row.amount,
  challengeUntil: row.challengeUntil,
  resolveWithin: row.resolveWithin,
  threshold: row.threshold,
  resolvers: row.resolvers,
  ...(row.attester !== null && { attester: row.attester }),
});

/** The bond with its votes, oldest first. */
export function bondOf(
  row: z.output<typeof BondRow>,
  votes: readonly z.output<typeof BondVoteRow>[],
): Bond {
  const { challenger, resolveUntil, challengeReason, challengeTransactionHash } = row;
  return {
    ...bondTermsIn(row),
    bondId: row.bondId,
    poster: row.poster,
    stage: row.stage,
    ...(challenger !== null &&
      resolveUntil !== null &&
      challengeReason !== null &&
      challengeTransactionHash !== null && {
        challenge: {
          challenger,
          resolveUntil,
          reason: row.challengeReasonBytes ?? challengeReason,
          transactionHash: challengeTransactionHash,
        },
      }),
    votes: votes.map(({ resolver, upheld, reason, reasonBytes, transactionHash }) => ({
      resolver,
      upheld,
      reason: reasonBytes ?? reason,
      transactionHash,
    })),
    blockNumber: row.blockNumber,
    transactionHash: row.transactionHash,
  };
}
