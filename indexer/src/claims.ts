import { ponder } from "ponder:registry";
import { block, claim, deployment } from "ponder:schema";
import { zeroHash } from "viem";
import { blockRow, placeOf } from "./places.ts";
import { storable } from "./texts.ts";

const stated = (digest: `0x${string}`) => (digest === zeroHash ? null : digest);

ponder.on("Registry:setup", async ({ context }) => {
  const { address } = context.contracts.Registry;
  await context.db
    .insert(deployment)
    .values({ address, chainId: BigInt(context.chain.id) })
    .onConflictDoNothing();
});

ponder.on("Registry:ClaimRegistered", async ({ event, context }) => {
  const { args, transaction } = event;
  const uri = storable(args.uri);
  const fromParent = args.startKind === 1;
  await context.db.insert(block).values(blockRow(event)).onConflictDoNothing();
  await context.db.insert(claim).values({
    claimId: args.claimId,
    position: placeOf(event),
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
    uri: uri.text,
    uriBytes: uri.bytes,
    registeredAt: event.block.timestamp,
    blockNumber: event.block.number,
    transactionHash: transaction.hash,
  });
});

ponder.on("Registry:ClaimRetracted", async ({ event, context }) => {
  const { args, transaction } = event;
  const reason = storable(args.reason);
  await context.db.update(claim, { claimId: args.claimId }).set({
    retractionReason: reason.text,
    retractionReasonBytes: reason.bytes,
    retractionBlockNumber: event.block.number,
    retractionTransactionHash: transaction.hash,
  });
});
