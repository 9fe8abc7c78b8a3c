import { ponder } from "ponder:registry";
import { attestation, block } from "ponder:schema";
import { blockRow, placeOf } from "./places.ts";
import { bytesIfNeeded } from "./texts.ts";

ponder.on("Registry:ClaimAttested", async ({ event, context }) => {
  const { args, transaction } = event;
  await context.db.insert(block).values(blockRow(event)).onConflictDoNothing();
  await context.db.insert(attestation).values({
    claimId: args.claimId,
    attester: args.attester,
    position: placeOf(event),
    reportDigest: args.reportDigest,
    verdict: args.verdict === 2 ? "valid" : "invalid",
    proofDigest: args.proofDigest,
    verifierBuild: args.verifierBuild,
    protocolVersion: BigInt(args.protocolVersion),
    uri: args.uri,
    uriBytes: bytesIfNeeded(args.uri),
    blockNumber: event.block.number,
    transactionHash: transaction.hash,
  });
});

ponder.on("Registry:AttestationRevoked", async ({ event, context }) => {
  const { args, transaction } = event;
  const { claimId, attester } = args;
  await context.db.update(attestation, { claimId, attester }).set({
    revocationReason: args.reason,
    revocationReasonBytes: bytesIfNeeded(args.reason),
    revocationBlockNumber: event.block.number,
    revocationTransactionHash: transaction.hash,
  });
});
