import { ponder } from "ponder:registry";
import { block, bond, bondVote } from "ponder:schema";
import { zeroAddress } from "viem";
import { blockRow, placeOf } from "./places.ts";
import { storable } from "./texts.ts";

/** The contract's stages from 1 on (contracts/interfaces/IDisputeBonds.sol). */
const stages = ["posted", "challenged", "upheld", "refuted", "unchallenged", "unanswered"] as const;

ponder.on("Disputes:BondPosted", async ({ event, context }) => {
  const { args, transaction } = event;
  const { attester, resolvers, ...terms } = args.terms;
  await context.db.insert(block).values(blockRow(event)).onConflictDoNothing();
  await context.db.insert(bond).values({
    bondId: args.bondId,
    position: placeOf(event),
    claimId: terms.claimId,
    attester: attester === zeroAddress ? null : attester,
    poster: args.poster,
    amount: terms.amount,
    challengeUntil: BigInt(terms.challengeUntil),
    resolveWithin: BigInt(terms.resolveWithin),
    threshold: BigInt(terms.threshold),
    resolvers: [...resolvers],
    stage: "posted",
    blockNumber: event.block.number,
    transactionHash: transaction.hash,
  });
});

ponder.on("Disputes:BondChallenged", async ({ event, context }) => {
  const { bondId, challenger, resolveUntil, reason } = event.args;
  const { text, bytes } = storable(reason);
  await context.db.update(bond, { bondId }).set({
    stage: "challenged",
    challenger,
    resolveUntil: BigInt(resolveUntil),
    challengeReason: text,
    challengeReasonBytes: bytes,
    challengeTransactionHash: event.transaction.hash,
  });
});

ponder.on("Disputes:VoteCast", async ({ event, context }) => {
  const { bondId, resolver, upheld, reason } = event.args;
  const { text, bytes } = storable(reason);
  await context.db.insert(bondVote).values({
    bondId,
    resolver,
    position: placeOf(event),
    upheld,
    reason: text,
    reasonBytes: bytes,
    transactionHash: event.transaction.hash,
  });
});

ponder.on("Disputes:BondSettled", async ({ event, context }) => {
  const { bondId, stage } = event.args;
  const name = stages[stage - 1];
  if (name === undefined)
    throw new Error(`bond ${bondId} has stage ${stage}, which no contract of ours has`);
  await context.db.update(bond, { bondId }).set({ stage: name });
});
