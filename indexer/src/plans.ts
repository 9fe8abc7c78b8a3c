import { ponder } from "ponder:registry";
import { plan } from "ponder:schema";

ponder.on("Registry:PlanAnnounced", async ({ event, context }) => {
  const { args, block, transaction } = event;
  await context.db.insert(plan).values({
    planId: args.planId,
    position: event.id,
    claimant: args.claimant,
    planDigest: args.planDigest,
    number: BigInt(args.number),
    seedBlock: BigInt(args.seedBlock),
    blockNumber: block.number,
    transactionHash: transaction.hash,
  });
});

ponder.on("Registry:SeedDrawn", async ({ event, context }) => {
  const { planId, seed } = event.args;
  await context.db.update(plan, { planId }).set({ seed });
});
