import { ponder } from "ponder:registry";
import { attestation } from "ponder:schema";
import { bytesIfNeeded } from "./texts.ts";

ponder.on("Registry:ClaimAttested", async ({ event, context }) => {
  const { args, block, transaction } = event;
  await context.db.insert(attestation).values({
    claimId: args.claimId,
    attester: args.attester,
    position: event.id,
    reportDigest: args.reportDigest,
    verdict: args.verdict === 2 ? "valid" : "invalid",
    proofDigest: args.proofDigest,
    verifierBuild: args.verifierBuild,
    protocolVersion: BigInt(args.protocolVersion),
    uri: args.uri,
    uriBytes: bytesIfNeeded(args.uri),
    blockNumber: block.number,
    transactionHash: transaction.hash,
  });
});

ponder.on("Registry:AttestationRevoked", async ({ event, context }) => {
  const { args, block, transaction } = event;
  const { claimId, attester } = args;
  await context.db.update(attestation, { claimId, attester }).set({
    revocationReason: args.reason,
    revocationReasonBytes: bytesIfNeeded(args.reason),
    revocationBlockNumber: block.number,
    revocationTransactionHash: transaction.hash,
  });
});
