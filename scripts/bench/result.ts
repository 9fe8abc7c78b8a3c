import { z } from "zod";

const seconds = z.number().min(0);
const bytes = z.number().int().min(0);

const PhaseSchema = z.strictObject({
  seconds: seconds.describe("Seconds of the whole segment."),
  limitSeconds: seconds
    .nullable()
    .describe("What this processor could at best take, measured in the same run; null: no limit."),
});

/** What `bench headline --json` and `bench mnist --json` print, exactly. */
export const BenchResultSchema = z.strictObject({
  device: z.string().describe("The backend that proved."),
  cpu: z.string(),
  threads: z.number().int().min(1),
  stepSeconds: seconds.describe("All phases, for one step."),
  verifySeconds: seconds.describe("The segment's verification in Node, on one thread."),
  proofBytes: bytes.describe("The segment's proof."),
  peakBytes: bytes.describe("Most memory of the process that trained and proved."),
  trainOnlySeconds: seconds.describe("Exact training of the segment's steps, without proof."),
  phases: z.record(z.string(), PhaseSchema).describe("In the order of their beginning."),
});
export type BenchResult = z.infer<typeof BenchResultSchema>;

/** The JSON Schema of a result, as schema/bench.schema.json holds it. */
export function benchJsonSchema(): string {
  const schema = z.toJSONSchema(BenchResultSchema);
  return `${JSON.stringify({ ...schema, title: "Trainproof benchmark of a segment" }, null, 2)}\n`;
}
