/**
 * A worker with the run's key that answers with bytes of the right length: argv[6] "noise", or "flip": a real proof with one bit changed, or
 * "late": first a good proof, then such a one, then, when that is taken, noise; "later": noise when it is finished.
 */
import { randomBytes } from "node:crypto";
import { SegmentQueue } from "../../../src/queue/index.ts";
import { decodeStatement, shapeOf } from "../../../src/protocol/index.ts";
import type { SegmentJob } from "../../../src/queue/job.ts";
import { NativeProver, proveSegment } from "../../../src/prover/index.ts";
import { answerWith } from "./workerScript.ts";

const prover = await NativeProver.load({ threads: 1, device: "cpu" });
const late = ["good", "flip"];
let before: SegmentJob | undefined;
const queue = new SegmentQueue({ url: process.argv[2]!, name: "segments" }, () => undefined);
await answerWith(async (job, objects) => {
  const input = await objects.getInput(job);
  const mode = process.argv[6]!;
  const kind = mode.startsWith("late") ? (late.shift() ?? "noise") : mode;
  // The trainer takes jobs that are done out of the queue, and finished segments' objects out of the store.
  const over = async (former: SegmentJob) =>
    mode === "late"
      ? (await queue.outcome(former)).state === "missing"
      : !(await objects.hasProof(former));
  while (mode.startsWith("late") && kind === "noise" && !(await over(before!)))
    await new Promise((resolve) => setTimeout(resolve, 20));
  before = job;
  if (kind === "noise") return randomBytes(shapeOf(decodeStatement(input.statement)).proofBytes);
  const { proof } = await proveSegment(prover, input);
  if (kind === "good") return proof;
  // In the last scalar of the answer: well-formed, and wrong.
  proof[proof.length - 1]! ^= 1;
  return proof;
});
