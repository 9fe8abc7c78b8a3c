import { z } from "zod";

/** What goes through Redis and the store changes with this number. */
export const JOB_FORMAT = 2;

const hex = /^0x[0-9a-f]{64}$/;
const ObjectName = z.string().regex(/^[0-9a-f]{64}\/[0-9a-f]{64}$/);
const WorkerName = z.string().min(1).max(200);

const Objects = z.strictObject({
  input: ObjectName,
  /** Absent where the segment starts from a public seed. */
  weights: ObjectName.optional(),
  commitmentIn: ObjectName.optional(),
  commitmentOut: ObjectName,
});

const JobSchema = z.strictObject({
  format: z.literal(JOB_FORMAT),
  /** The trainer's version of the package: training must be exactly the same. */
  version: z.string().max(100),
  runId: z.string().regex(hex),
  segment: z.number().int().min(0),
  /** Which try this is, from 0. */
  attempt: z.number().int().min(0),
  /** Names of objects in the store. */
  objects: Objects,
  /** Workers that shall leave it to others. */
  not: z.array(WorkerName).max(1000),
});

/** A segment to prove, as Redis knows it: names and numbers, no content. */
export type SegmentJob = z.output<typeof JobSchema>;
/** The names of a segment's objects in the store. */
export type SegmentObjectNames = z.output<typeof Objects>;
export const SegmentObjectNamesSchema = Objects;

/** What a worker says at the end: where the proof is, or why there is none. */
const AnswerSchema = z.discriminatedUnion("ok", [
  z.strictObject({
    ok: z.literal(true),
    worker: WorkerName,
    proof: z.string().max(200),
    seconds: z.number().min(0),
  }),
  z.strictObject({
    ok: z.literal(false),
    worker: WorkerName,
    /** inputs: an object is missing or damaged; store: it cannot be reached; prover: anything else. */
    fault: z.enum(["inputs", "store", "prover"]),
    reason: z.string().max(2000),
  }),
]);
export type WorkerAnswer = z.output<typeof AnswerSchema>;

/** Undefined for anything that is no job or answer of this format: Redis may hold anything. */
export const parseJob = (value: unknown): SegmentJob | undefined => JobSchema.safeParse(value).data;
export const parseAnswer = (value: unknown): WorkerAnswer | undefined =>
  AnswerSchema.safeParse(value).data;

/** The folder of a run's objects. */
export const runFolderName = (runId: string): string => runId.slice(2);

/** Of the objects that a job is made from: they are others each time that they are put. */
const tagOf = ({ objects }: SegmentJob): string => objects.input.split("/")[1]!.slice(0, 16);

/** A job's id in the queue: the same job is never there twice. */
export const jobIdOf = (job: SegmentJob): string =>
  `${runFolderName(job.runId)}-${job.segment}-${job.attempt}-${tagOf(job)}`;

/** The name of a job's proof: found again when Redis has lost the job. */
export const proofNameOf = (job: SegmentJob): string =>
  `${runFolderName(job.runId)}/proof-${job.segment}-${job.attempt}-${tagOf(job)}`;
