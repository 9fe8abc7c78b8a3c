import { z } from "zod";

/** What the outputs of several verbs have in common. Integers that may exceed 2^53 are decimal strings; bytes are 0x…. */
export const hex32 = z.string().regex(/^0x[0-9a-f]{64}$/);
export const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
export const decimal = z.string().regex(/^(0|[1-9][0-9]*)$/);
export const count = z.int().min(0);
export const seconds = z.number().min(0);
export const verdict = z.enum(["valid", "invalid", "sampled"]);
export const undisclosedStart = hex32
  .optional()
  .describe(
    "The run continues undisclosed weights with this commitment; nothing is proven of how they came about.",
  );

/** What a transaction was; absent where nothing had to be sent. */
export const sent = { transactionHash: hex32.optional(), gasUsed: decimal.optional() };
export const surelySent = { transactionHash: hex32, gasUsed: decimal };

/** A failed check of docs/PROTOCOL.md (V…, C…, P…), of the manifest (M1) or of the files' form (F1). */
export const failedCheck = {
  check: z.string().regex(/^[VCPMF][0-9]+(\.[0-9]+)?$/),
  reason: z.string().min(1),
  segment: count.optional().describe("From 0."),
};

export const claimContent = {
  modelCommitment: hex32,
  startKind: z.enum(["seed", "parent", "undisclosed"]),
  start: hex32.describe(
    "The public seed, the parent's claim id, or the digest of the commitment to undisclosed weights.",
  ),
  dataRoot: hex32,
  configDigest: hex32,
  steps: decimal,
  planDigest: hex32.optional(),
  weightsDigest: hex32.optional(),
  signingDigest: hex32.optional(),
  proofDigest: hex32,
};

const event = { blockNumber: decimal, transactionHash: hex32 };
const takenBack = z.strictObject({ reason: z.string(), ...event }).optional();

export const origin = z
  .enum(["seed", "undisclosed", "unknown"])
  .describe(
    "What the line of ancestors begins with: a public seed; undisclosed weights; unknown where there are too many to follow.",
  );

export const claim = z.strictObject({
  claimId: hex32,
  claimant: address,
  ...claimContent,
  uri: z.string(),
  retraction: takenBack,
  ...event,
  origin,
});
export const storedClaim = claim.extend({ registeredAt: count.describe("Seconds since 1970.") });

export const attestation = z.strictObject({
  claimId: hex32,
  attester: address,
  verdict,
  sample: z
    .strictObject({
      size: count,
      seed: hex32,
      origin: z
        .enum(["drawn", "other", "unknown"])
        .describe("Whether the seed is the protocol's; unknown without a node that has the block."),
    })
    .optional()
    .describe("Only where a sample of the segments was verified."),
  proofDigest: hex32,
  verifierBuild: hex32,
  protocolVersion: count,
  reportDigest: hex32,
  uri: z.string(),
  revocation: takenBack,
  ...event,
});

const planShape = {
  planId: hex32,
  claimant: address,
  announcedIn: count.describe("Number of a block."),
  number: count,
  seedBlock: count,
  seed: hex32.optional(),
  state: z.enum(["waiting", "ready", "drawn", "missed"]),
};
export const plan = z.strictObject({ ...planShape, announcedByClaimant: count });
export const announcedPlan = z.strictObject({
  ...planShape,
  planDigest: hex32,
  transactionHash: hex32,
});

export const bondTerms = {
  claimId: hex32,
  attester: address.optional().describe("Whose verdict is bonded; absent where the claim is."),
  amount: decimal.describe("Wei."),
  challengeUntil: count,
  resolveWithin: count.describe("Seconds."),
  threshold: count,
  resolvers: z.array(address),
};
export const stage = z.enum([
  "posted",
  "challenged",
  "upheld",
  "refuted",
  "unchallenged",
  "unanswered",
]);
export const bond = z.strictObject({
  bondId: hex32,
  poster: address,
  ...bondTerms,
  stage,
  challenge: z
    .strictObject({
      challenger: address,
      resolveUntil: count,
      reason: z.string(),
      transactionHash: hex32,
    })
    .optional(),
  votes: z.array(
    z.strictObject({
      resolver: address,
      upheld: z.boolean(),
      reason: z.string(),
      transactionHash: hex32,
    }),
  ),
  ...event,
});

const evaluation = z.strictObject({
  count,
  loss: z.number().min(0),
  correct: count.optional(),
  accuracy: z.number().min(0).max(1).optional(),
});
export const test = evaluation.optional().describe("On the plan's test data, if it names any.");

/** How a segment went. */
export const training = {
  segment: count.describe("From 0."),
  steps: count,
  loss: z.number().min(0),
  accuracy: z.number().min(0).max(1),
  validation: z
    .strictObject({
      set: z.enum(["validation", "test"]),
      samples: count,
      loss: z.number().min(0),
      accuracy: z.number().min(0).max(1).optional(),
    })
    .optional(),
  ranges: z.array(
    z.strictObject({
      quantity: z.enum(["pre-activation", "gradient"]),
      layer: count,
      step: count,
      largest: z.number().min(0),
      limit: z.number().min(0),
    }),
  ),
};

/** Where the next page of a list begins, for --after; absent on the last one. */
export const next = z.string().optional();
