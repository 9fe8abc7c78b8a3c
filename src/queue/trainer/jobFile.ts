import { z } from "zod";
import { canonicalBytes, type Json, type Run } from "../../artifact/index.ts";
import { parseJob, type SegmentJob } from "../job.ts";

/** secret/ahead/n/job.json: what the run folder keeps of a segment's way through the queue. */
const NoteSchema = z.strictObject({ format: z.literal("trainproof-job/1"), job: z.unknown() });

/** Undefined where there is none, or one of another version: the segment is then offered anew. */
export function readJob(run: Run, segment: number): SegmentJob | undefined {
  const bytes = run.ahead.extra(segment, "job.json");
  if (bytes === undefined) return undefined;
  try {
    const note = NoteSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
    return parseJob(note.job);
  } catch {
    return undefined;
  }
}

export function writeJob(run: Run, job: SegmentJob): void {
  const note = { format: "trainproof-job/1", job: JSON.parse(JSON.stringify(job)) as Json };
  run.ahead.addExtra(job.segment, "job.json", canonicalBytes(note));
}
