import { z } from "zod";
import type { JobFormat } from "../jobQueue.ts";

const hex = /^0x[0-9a-f]{64}$/;
const ObjectName = z.string().regex(/^[0-9a-f]{64}\/[0-9a-f]{64}$/);
const WorkerName = z.string().min(1).max(200);

const JobSchema = z.strictObject({
  format: z.literal("verification/1"),
  version: z.string().max(100),
  /** The verifier's code (verifierBuild): a verdict is that of one build. */
  build: z.string().regex(hex),
  /** The id of the verifier's key file. */
  runId: z.string().regex(hex),
  segment: z.number().int().min(0),
  attempt: z.number().int().min(0),
  /** The sample commitments, and the segment's statement, proof and commitments. */
  objects: z.strictObject({ samples: ObjectName, segment: ObjectName }),
  not: z.array(WorkerName).max(1000),
});

/** A segment to verify, as Redis knows it: names and numbers. */
export type VerificationJob = z.output<typeof JobSchema>;

const AnswerSchema = z.discriminatedUnion("ok", [
  z.strictObject({
    ok: z.literal(true),
    worker: WorkerName,
    /** The sealed verdict, base64. */
    verdict: z.base64().max(20_000),
    seconds: z.number().min(0),
  }),
  z.strictObject({
    ok: z.literal(false),
    worker: WorkerName,
    fault: z.enum(["inputs", "store", "verifier"]),
    reason: z.string().max(2000),
  }),
]);
export type VerificationAnswer = z.output<typeof AnswerSchema>;

export const parseVerificationJob = (value: unknown): VerificationJob | undefined =>
  JobSchema.safeParse(value).data;

export const verificationFormat: JobFormat<VerificationJob, VerificationAnswer> = {
  // The object is another each time that it is put: no two verifications have a job in common.
  idOf: ({ objects, segment, attempt }) =>
    `${objects.segment.split("/")[1]!}-${segment}-${attempt}`,
  parseAnswer: (value) => AnswerSchema.safeParse(value).data,
};

/** Proving and verifying are different queues: no worker ever sees a job of the other kind. */
export const verificationQueue = (name: string): string => `${name}-verify`;
