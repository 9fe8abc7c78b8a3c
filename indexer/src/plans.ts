import { ponder } from "ponder:registry";
import { block, plan } from "ponder:schema";
import { blockRow, placeOf } from "./places.ts";

ponder.on("Registry:PlanAnnounced", async ({ event, context }) => {
  const { args, transaction } = event;
  await context.db.insert(block).values(blockRow(event)).onConflictDoNothing();
  await context.db.insert(plan).values({
    planId: args.planId,
    position: placeOf(event),
    claimant: args.claimant,
    planDigest: args.planDigest,
    number: BigInt(args.number),
    seedBlock: BigInt(args.seedBlock),
    blockNumber: event.block.number,
    transactionHash: transaction.hash,
  });
});

ponder.on("Registry:SeedDrawn", async ({ event, context }) => {
  const { planId, seed } = event.args;
  await context.db.update(plan, { planId }).set({ seed });
});
