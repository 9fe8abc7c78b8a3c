import { ponder } from "ponder:registry";
import { attestation, block } from "ponder:schema";
import { stated } from "./digests.ts";
import { verdictOf } from "./kinds.ts";
import { blockRow, placeOf } from "./places.ts";
import { storable } from "./texts.ts";

ponder.on("Registry:ClaimAttested", async ({ event, context }) => {
  const { args, transaction } = event;
  const uri = storable(args.uri);
  await context.db.insert(block).values(blockRow(event)).onConflictDoNothing();
  await context.db.insert(attestation).values({
    claimId: args.claimId,
    attester: args.attester,
    position: placeOf(event),
    reportDigest: args.reportDigest,
    verdict: verdictOf(args.verdict),
    proofDigest: args.proofDigest,
    verifierBuild: args.verifierBuild,
    protocolVersion: BigInt(args.protocolVersion),
    sampleSize: args.sampleSize === 0 ? null : BigInt(args.sampleSize),
    sampleSeed: stated(args.sampleSeed),
    uri: uri.text,
    uriBytes: uri.bytes,
    blockNumber: event.block.number,
    transactionHash: transaction.hash,
  });
});

ponder.on("Registry:AttestationRevoked", async ({ event, context }) => {
  const { args, transaction } = event;
  const { claimId, attester } = args;
  const reason = storable(args.reason);
  await context.db.update(attestation, { claimId, attester }).set({
    revocationReason: reason.text,
    revocationReasonBytes: reason.bytes,
    revocationBlockNumber: event.block.number,
    revocationTransactionHash: transaction.hash,
  });
});
