import { ponder } from "ponder:registry";
import { block, claim, deployment } from "ponder:schema";
import { zeroAddress } from "viem";
import { stated } from "./digests.ts";
import { startKindOf } from "./kinds.ts";
import { blockRow, placeOf } from "./places.ts";
import { storable } from "./texts.ts";

ponder.on("Registry:setup", async ({ context }) => {
  const { Registry, Disputes } = context.contracts;
  const disputes = Disputes.address === zeroAddress ? null : Disputes.address;
  await context.db
    .insert(deployment)
    .values({ address: Registry.address, chainId: BigInt(context.chain.id), disputes })
    .onConflictDoNothing();
});

ponder.on("Registry:ClaimRegistered", async ({ event, context }) => {
  const { args, transaction } = event;
  const uri = storable(args.uri);
  const kind = startKindOf(args.startKind);
  const parent = kind === "parent" ? args.start : null;
  const origin = parent && (await context.db.find(claim, { claimId: parent }));
  await context.db.insert(block).values(blockRow(event)).onConflictDoNothing();
  await context.db.insert(claim).values({
    claimId: args.claimId,
    position: placeOf(event),
    claimant: args.claimant,
    modelCommitment: args.modelCommitment,
    startKind: kind,
    start: args.start,
    parent,
    undisclosed: parent === null ? kind === "undisclosed" : (origin?.undisclosed ?? null),
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
