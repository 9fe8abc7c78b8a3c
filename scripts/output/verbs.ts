import { z } from "zod";
import { ERROR_CODES } from "../../src/api/index.ts";
import { BenchResultSchema } from "../bench/result.ts";
import {
  address,
  announcedPlan,
  attestation,
  bond,
  bondTerms,
  claim,
  claimContent,
  count,
  decimal,
  failedCheck,
  hex32,
  next,
  origin,
  plan,
  seconds,
  sent,
  stage,
  storedClaim,
  surelySent,
  test,
  training,
  undisclosedStart,
  verdict,
} from "./parts.ts";

/** Values of a data set. */
const valueRange = { least: z.number(), most: z.number(), whole: z.boolean() };

/** After the verb. */
const queueState = z.strictObject({
  waiting: count,
  active: count,
  paused: z.boolean(),
  workers: z.array(z.string()),
});

/** Whose proofs a verdict is on, and what a sample says, in words. */
const covered = {
  coverage: z.union([
    z.strictObject({ kind: z.literal("all"), segments: count }),
    z.strictObject({
      kind: z.literal("sample"),
      checked: count.describe("Proofs that were to be verified."),
      segments: count.describe("Of the whole run."),
      seed: hex32.describe("What they were drawn with (PROTOCOL §23)."),
      block: count.optional().describe("Whose hash the seed comes from."),
    }),
  ]),
  meaning: z.string().optional().describe("What a sample says: it is no proof."),
};

const verified = {
  ...covered,
  segments: count,
  steps: count,
  proofBytes: count,
  seconds,
  timings: z.strictObject({
    atATime: count.describe("Segments verified at a time, at most."),
    segmentSeconds: seconds.describe("Of all segments, added up."),
    slowest: z.strictObject({ segment: count.describe("From 0."), seconds }).optional(),
  }),
  proofDigest: hex32,
  continues: z.string().optional().describe("What was proven elsewhere, and is another verdict."),
  undisclosedStart,
  claimId: hex32.optional(),
  claimant: address.optional(),
  source: z.string().optional().describe("Where files without a claim were read from."),
};

/** What a verb prints instead, where it could not do what was asked. */
export const failure = z.strictObject({
  ok: z.literal(false),
  error: z.string().min(1),
  code: z.enum(Object.keys(ERROR_CODES) as [string, ...string[]]),
  exitCode: z.int().min(1).max(5),
});

const outcome = z.enum(["open", "valid", "invalid", "conflict", "retracted"]);
const counted = {
  valid: count,
  invalid: count,
  sampled: count,
  revoked: count,
  retracted: z.boolean(),
};
/** What a validation is of. */
const question = { validator: address, claimId: hex32, agentId: decimal, salt: hex32.optional() };

/** What each verb prints with --json where it succeeds, or reaches a verdict. */
export const outputs: Readonly<Record<string, z.ZodType>> = {
  init: z.strictObject({
    file: z.string(),
    plan: z.looseObject({ name: z.string() }).describe("What was written (plan.schema.json)."),
    data: z.strictObject({
      samples: count,
      features: z.strictObject({ ...valueRange, columns: count, evenness: z.number() }),
      labels: z.strictObject({ ...valueRange, columns: count, classes: z.array(count).optional() }),
    }),
    cautions: z.array(z.string()),
    trial: z
      .strictObject({
        steps: count,
        loss: z.array(z.number()).length(2).describe("Means of the first and the last segment."),
        accuracy: z.number().min(0).max(1),
        seconds,
        preActivation: z.number().min(0),
        gradient: z.number().min(0),
        share: z.number().min(0).max(1).describe("Most of a range that was used."),
        diverged: z.literal(false),
      })
      .optional(),
    tried: z.array(z.string()),
    cost: z.strictObject({
      segments: count,
      segment: z.strictObject({
        trainSeconds: seconds,
        proveSeconds: seconds,
        verifySeconds: seconds,
        proofBytes: count,
      }),
      dataSeconds: seconds,
      trainSeconds: seconds,
      proveSeconds: seconds,
      verifySeconds: seconds,
      totalSeconds: seconds,
      memoryBytes: count,
      proofBytes: count.describe("Exactly."),
      publicBytes: count.describe("Exactly."),
    }),
    speed: z
      .strictObject({ train: seconds, commit: seconds, prove: seconds })
      .describe("How long this machine takes for what the calibrated one did in a unit of time."),
  }),
  report: z.strictObject({ file: z.string(), public: z.boolean(), bytes: count }),
  announce: z.union([
    z.strictObject({ planDigest: hex32, dataRoot: hex32, sent: z.literal(false) }),
    z.strictObject({
      planId: hex32,
      alreadyAnnounced: z.boolean(),
      number: count,
      seedBlock: count,
      ...sent,
      planDigest: hex32,
      dataRoot: hex32,
      claimant: address,
      count,
    }),
  ]),
  draw: z.strictObject({ planId: hex32, seed: hex32, alreadyDrawn: z.boolean(), ...sent }),
  train: z.strictObject({
    steps: count,
    segments: z.array(z.strictObject({ ...training, seconds })),
    test,
    files: z.array(z.string()),
  }),
  export: z.strictObject({
    file: z.string(),
    format: z.enum(["safetensors", "onnx", "exact"]),
    bytes: count,
    step: count,
  }),
  prove: z.strictObject({
    run: z.string(),
    proofDigest: hex32,
    modelCommitment: hex32,
    dataRoot: hex32,
    steps: count,
    segments: z
      .array(
        z.strictObject({
          ...training,
          trainSeconds: seconds,
          commitSeconds: seconds,
          proveSeconds: seconds,
          proofBytes: count,
        }),
      )
      .describe("Those proven in this call."),
    test,
  }),
  verify: z.union([
    z.strictObject({ ok: z.literal(true), ...verified }),
    z.strictObject({ ok: z.literal(false), ...failedCheck, ...verified }),
  ]),
  register: z.strictObject({
    claimId: hex32,
    alreadyRegistered: z.boolean(),
    ...sent,
    ...claimContent,
    uri: z.string(),
    chainId: count,
    plan: plan.optional(),
  }),
  attest: z.strictObject({
    claimId: hex32,
    verdict,
    ok: z.literal(false).optional(),
    check: failedCheck.check.optional(),
    reason: failedCheck.reason.optional(),
    segment: failedCheck.segment,
    ...covered,
    seconds,
    undisclosedStart,
    reportDigest: hex32,
    report: z.string(),
    verifierBuild: hex32,
    envelope: z.string().optional(),
    alreadyAttested: z.boolean(),
    ...sent,
  }),
  relay: z.strictObject({
    journal: z.string(),
    folders: z.strictObject({ done: count, open: count, unusable: count }),
    intents: z.array(z.strictObject({ kind: z.string(), state: z.string(), count })),
  }),
  retract: z.strictObject({ claimId: hex32, ...surelySent }),
  revoke: z.strictObject({ claimId: hex32, ...surelySent }),
  worker: z.strictObject({ worker: z.string(), device: z.string(), segments: count }),
  "queue status": queueState,
  "queue pause": queueState,
  "queue resume": queueState,
  watch: z.strictObject({ ended: z.enum(["stopped", "nothing is left to do"]) }),
  query: z.union([
    z.strictObject({ claims: z.array(claim), next }),
    z.strictObject({
      claim: storedClaim,
      plan: plan.optional(),
      attestations: z.array(attestation),
      bonds: z.array(bond).optional().describe("Where --disputes was given."),
    }),
  ]),
  "query status": z.strictObject({
    claimId: hex32,
    threshold: count,
    verifiers: z.array(address),
    outcome,
    ...counted,
    origin,
  }),
  "query lineage": z.strictObject({
    claims: z.array(storedClaim),
    rooted: z.boolean(),
    undisclosed: z.boolean(),
    retracted: z.boolean(),
  }),
  "query plans": z.strictObject({
    plans: z.array(announcedPlan),
    next,
    announced: count.optional().describe("How many plans --claimant has announced."),
  }),
  "query attestations": z.strictObject({ attestations: z.array(attestation), next }),
  "query disputes": z.strictObject({ bonds: z.array(bond), next }),
  "query registry": z.strictObject({
    chainId: count,
    version: z.string(),
    same: z.boolean(),
    contracts: z.array(
      z.strictObject({
        contract: z.enum(["registry", "disputes", "validator"]),
        address,
        matches: z.boolean(),
        codeHash: hex32,
        bytes: count,
        immutables: z.record(z.string(), hex32).optional().describe("Where the code matches."),
        created: z.boolean().optional().describe("Where --transaction was given."),
      }),
    ),
  }),
  "validation request": z.strictObject({ ...question, requestHash: hex32, ...surelySent }),
  "validation answer": z.strictObject({
    ...question,
    requestHash: hex32,
    outcome,
    response: count,
    ...surelySent,
  }),
  "validation show": z.strictObject({
    ...question,
    requestHash: hex32,
    state: z.enum(["unasked", "taken", "requested", "answered"]),
    answer: z.strictObject({ response: count, tag: z.string(), answeredAt: count }).optional(),
    now: z.strictObject({ outcome, ...counted }),
  }),
  "dispute post": z.strictObject({
    bondId: hex32,
    alreadyPosted: z.boolean(),
    ...sent,
    ...bondTerms,
    poster: address,
  }),
  "dispute challenge": z.strictObject({ bondId: hex32, staked: decimal, ...surelySent }),
  "dispute resolve": z.strictObject({ bondId: hex32, upheld: z.boolean(), stage, ...surelySent }),
  "dispute release": z.strictObject({ bondId: hex32, ...surelySent }),
  "dispute withdraw": z.strictObject({ amount: decimal, to: address, ...surelySent }),
  "dispute show": z.strictObject({
    bond,
    origin,
    attestation: attestation.optional().describe("Where a verdict is bonded: what it says."),
  }),
  "record card": z.union([
    z.strictObject({ claimId: hex32, file: z.string() }),
    z.looseObject({ bomFormat: z.literal("CycloneDX"), specVersion: z.literal("1.6") }),
  ]),
  "record check": z.strictObject({
    signer: address,
    statement: z.looseObject({ _type: z.string(), predicateType: z.string() }),
    reportDigest: hex32,
    chainId: count,
    registry: address,
    claimId: hex32,
    proofDigest: hex32,
    verdict,
    sample: z.strictObject({ size: count, seed: hex32 }).optional(),
    undisclosedStart,
    onChain: z.enum(["same", "revoked", "absent", "another"]).optional(),
  }),
  demo: z.strictObject({
    accuracy: z.number().min(0).max(1),
    steps: count,
    proveSeconds: seconds,
    proveWallSeconds: seconds,
    verifySeconds: seconds,
    proofBytes: count,
    verdict: z.string(),
    rejections: z.array(
      z.strictObject({ changed: z.string(), check: z.string(), reason: z.string() }),
    ),
    claimId: hex32,
  }),
  doctor: z.strictObject({
    version: z.string(),
    findings: z.array(
      z.strictObject({ what: z.string(), ok: z.boolean(), needed: z.string(), detail: z.string() }),
    ),
  }),
  completion: z.strictObject({ shell: z.enum(["bash", "zsh", "fish"]), script: z.string() }),
  "bench headline": BenchResultSchema,
  "bench mnist": BenchResultSchema,
};

/** The JSON Schemas of all outputs, as schema/output.schema.json holds them: one definition a verb, and that of a failure. */
export function outputJsonSchema(): string {
  const definitions = Object.entries({ failure, ...outputs }).map(([name, schema]) => {
    const definition = { ...z.toJSONSchema(schema) };
    delete definition.$schema;
    return [name.replaceAll(" ", "-"), definition];
  });
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "What trainproof's verbs print with --json",
    $defs: Object.fromEntries(definitions) as unknown,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
