/**
 * A worker with the run's key that answers with bytes of the right length: argv[6] "noise", or "flip": a real proof with one bit changed, or
 * "late": first a good proof, then such a one, then noise.
 */
import { randomBytes } from "node:crypto";
import { decodeStatement, shapeOf } from "../../../src/protocol/index.ts";
import { NativeProver, proveSegment } from "../../../src/prover/index.ts";
import { answerWith } from "./workerScript.ts";

const prover = await NativeProver.load({ threads: 1, device: "cpu" });
const late = ["good", "flip"];
await answerWith(async (job, objects) => {
  const input = await objects.getInput(job);
  const kind = process.argv[6] === "late" ? (late.shift() ?? "noise") : process.argv[6];
  if (kind === "noise") return randomBytes(shapeOf(decodeStatement(input.statement)).proofBytes);
  const { proof } = await proveSegment(prover, input);
  if (kind === "good") return proof;
  // In the last scalar of the answer: well-formed, and wrong.
  proof[proof.length - 1]! ^= 1;
  return proof;
});
