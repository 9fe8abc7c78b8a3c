import { ponder } from "ponder:registry";
import { claim, deployment } from "ponder:schema";
import { zeroHash } from "viem";
import { bytesIfNeeded } from "./texts.ts";

const stated = (digest: `0x${string}`) => (digest === zeroHash ? null : digest);

ponder.on("Registry:setup", async ({ context }) => {
  const { address } = context.contracts.Registry;
  await context.db
    .insert(deployment)
    .values({ address, chainId: BigInt(context.chain.id) })
    .onConflictDoNothing();
});

ponder.on("Registry:ClaimRegistered", async ({ event, context }) => {
  const { args, block, transaction } = event;
  const fromParent = args.startKind === 1;
  await context.db.insert(claim).values({
    claimId: args.claimId,
    position: event.id,
    claimant: args.claimant,
    modelCommitment: args.modelCommitment,
    startKind: fromParent ? "parent" : "seed",
    start: args.start,
    parent: fromParent ? args.start : null,
    dataRoot: args.dataRoot,
    configDigest: args.configDigest,
    steps: args.steps,
    planDigest: stated(args.planDigest),
    weightsDigest: stated(args.weightsDigest),
    signingDigest: stated(args.signingDigest),
    proofDigest: args.proofDigest,
    uri: args.uri,
    uriBytes: bytesIfNeeded(args.uri),
    registeredAt: block.timestamp,
    blockNumber: block.number,
    transactionHash: transaction.hash,
  });
});

ponder.on("Registry:ClaimRetracted", async ({ event, context }) => {
  const { args, block, transaction } = event;
  await context.db.update(claim, { claimId: args.claimId }).set({
    retractionReason: args.reason,
    retractionReasonBytes: bytesIfNeeded(args.reason),
    retractionBlockNumber: block.number,
    retractionTransactionHash: transaction.hash,
  });
});
