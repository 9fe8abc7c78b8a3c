/**
 * What the indexer stores: one table for claims, verdicts, plans and bonds each, with what took them back in the same row. Columns have the
 * names of the contract's events. Unsigned integers of events are bigint: an int4 column would let anyone stop the indexer with a
 * value above 2^31.
 */
import { index, onchainEnum, onchainTable, primaryKey, relations } from "ponder";

export const startKind = onchainEnum("start_kind", ["seed", "parent", "undisclosed"]);
export const verdict = onchainEnum("verdict", ["invalid", "valid", "sampled"]);
export const stage = onchainEnum("stage", [
  "posted",
  "challenged",
  "upheld",
  "refuted",
  "unchallenged",
  "unanswered",
]);

/** One row: what this is an index of. */
export const deployment = onchainTable("deployment", (t) => ({
  address: t.hex().primaryKey(),
  chainId: t.bigint().notNull(),
  /** Whose bonds are indexed, if any's are. */
  disputes: t.hex(),
}));

/** When blocks with events were built. */
export const block = onchainTable("block", (t) => ({
  number: t.bigint().primaryKey(),
  timestamp: t.bigint().notNull(),
}));

export const claim = onchainTable(
  "claim",
  (t) => ({
    claimId: t.hex().primaryKey(),
    /** Place in the chain: 1,000,000 times the block, plus the log (src/places.ts). */
    position: t.bigint().notNull(),
    claimant: t.hex().notNull(),
    modelCommitment: t.hex().notNull(),
    startKind: startKind("start_kind").notNull(),
    start: t.hex().notNull(),
    /** `start` again where it is a claim: children are found by it. */
    parent: t.hex(),
    /** Continued from undisclosed weights, itself or through its ancestors; null where an ancestor is before the start block. */
    undisclosed: t.boolean(),
    dataRoot: t.hex().notNull(),
    configDigest: t.hex().notNull(),
    steps: t.bigint().notNull(),
    planDigest: t.hex(),
    weightsDigest: t.hex(),
    signingDigest: t.hex(),
    proofDigest: t.hex().notNull(),
    uri: t.text().notNull(),
    /** The UTF-8 bytes of `uri`, only where it holds U+0000, which Postgres cannot: there `uri` lacks it. */
    uriBytes: t.hex(),
    registeredAt: t.bigint().notNull(),
    blockNumber: t.bigint().notNull(),
    transactionHash: t.hex().notNull(),
    retractionReason: t.text(),
    retractionReasonBytes: t.hex(),
    retractionBlockNumber: t.bigint(),
    retractionTransactionHash: t.hex(),
  }),
  (table) => ({
    position: index().on(table.position),
    claimant: index().on(table.claimant, table.position),
    modelCommitment: index().on(table.modelCommitment, table.position),
    dataRoot: index().on(table.dataRoot, table.position),
    parent: index().on(table.parent, table.position),
    planDigest: index().on(table.planDigest, table.position),
  }),
);

export const attestation = onchainTable(
  "attestation",
  (t) => ({
    claimId: t.hex().notNull(),
    attester: t.hex().notNull(),
    position: t.bigint().notNull(),
    reportDigest: t.hex().notNull(),
    verdict: verdict("verdict").notNull(),
    proofDigest: t.hex().notNull(),
    verifierBuild: t.hex().notNull(),
    protocolVersion: t.bigint().notNull(),
    /** How many segments were verified, and what they were drawn from; null where all were. */
    sampleSize: t.bigint(),
    sampleSeed: t.hex(),
    uri: t.text().notNull(),
    uriBytes: t.hex(),
    blockNumber: t.bigint().notNull(),
    transactionHash: t.hex().notNull(),
    revocationReason: t.text(),
    revocationReasonBytes: t.hex(),
    revocationBlockNumber: t.bigint(),
    revocationTransactionHash: t.hex(),
  }),
  (table) => ({
    key: primaryKey({ columns: [table.claimId, table.attester] }),
    claim: index().on(table.claimId, table.position),
    attester: index().on(table.attester, table.position),
    position: index().on(table.position),
  }),
);

export const plan = onchainTable(
  "plan",
  (t) => ({
    planId: t.hex().primaryKey(),
    position: t.bigint().notNull(),
    claimant: t.hex().notNull(),
    planDigest: t.hex().notNull(),
    number: t.bigint().notNull(),
    seedBlock: t.bigint().notNull(),
    blockNumber: t.bigint().notNull(),
    transactionHash: t.hex().notNull(),
    seed: t.hex(),
  }),
  (table) => ({
    position: index().on(table.position),
    claimant: index().on(table.claimant, table.position),
    planDigest: index().on(table.planDigest, table.position),
  }),
);

export const bond = onchainTable(
  "bond",
  (t) => ({
    bondId: t.hex().primaryKey(),
    position: t.bigint().notNull(),
    claimId: t.hex().notNull(),
    /** Whose verdict is bonded; null where the claim itself is. */
    attester: t.hex(),
    poster: t.hex().notNull(),
    amount: t.bigint().notNull(),
    challengeUntil: t.bigint().notNull(),
    resolveWithin: t.bigint().notNull(),
    threshold: t.bigint().notNull(),
    resolvers: t.hex().array().notNull(),
    stage: stage("stage").notNull(),
    blockNumber: t.bigint().notNull(),
    transactionHash: t.hex().notNull(),
    challenger: t.hex(),
    resolveUntil: t.bigint(),
    challengeReason: t.text(),
    challengeReasonBytes: t.hex(),
    challengeTransactionHash: t.hex(),
  }),
  (table) => ({
    position: index().on(table.position),
    claim: index().on(table.claimId, table.position),
    poster: index().on(table.poster, table.position),
  }),
);

export const bondVote = onchainTable(
  "bond_vote",
  (t) => ({
    bondId: t.hex().notNull(),
    resolver: t.hex().notNull(),
    position: t.bigint().notNull(),
    upheld: t.boolean().notNull(),
    reason: t.text().notNull(),
    reasonBytes: t.hex(),
    transactionHash: t.hex().notNull(),
  }),
  (table) => ({
    key: primaryKey({ columns: [table.bondId, table.resolver] }),
    position: index().on(table.position),
  }),
);

export const bondRelations = relations(bond, ({ one, many }) => ({
  claim: one(claim, { fields: [bond.claimId], references: [claim.claimId] }),
  votes: many(bondVote),
}));

export const bondVoteRelations = relations(bondVote, ({ one }) => ({
  bond: one(bond, { fields: [bondVote.bondId], references: [bond.bondId] }),
}));

export const claimRelations = relations(claim, ({ one, many }) => ({
  attestations: many(attestation),
  bonds: many(bond),
  parentClaim: one(claim, { fields: [claim.parent], references: [claim.claimId] }),
}));

export const attestationRelations = relations(attestation, ({ one }) => ({
  claim: one(claim, { fields: [attestation.claimId], references: [claim.claimId] }),
}));
