import { mkdirSync } from "node:fs";
import path from "node:path";
import { nodeFiles, writeAtomic } from "../src/artifact/index.ts";
import { encodeFloatWeights, encodeWeights, evaluate, type Weights } from "../src/model/index.ts";
import { NativeProver, trainRun, type TrainingReport } from "../src/prover/index.ts";
import { type DeviceOptions, loadOptions, withDevice } from "./lib/device.ts";
import { percent, secs } from "./lib/format.ts";
import { openPlan } from "./lib/openPlan.ts";
import { Progress } from "./lib/progress.ts";
import { interruptible, main, print, verb } from "./lib/verb.ts";

export const command = withDevice(
  verb(
    "train",
    "Train as a plan says, exactly as proving would, without proofs: to see loss, accuracy and ranges first.",
  ),
)
  .argument("<plan>", "plan file (docs/CONFIG.md)")
  .option("--out <folder>", "write the weights there, exact and as float32 (they are secret)")
  .addHelpText("after", "\nExample:\n  trainproof train examples/mnist.json --out weights")
  .action(async (planFile: string, options: TrainOptions) => {
    const { resolved, data, test, start } = await openPlan(planFile);
    const progress = new Progress();
    const prover = await NativeProver.load(loadOptions(options, (line) => progress.line(line)));
    const reports: TrainingReport[] = [];
    const weights = await trainRun(resolved, data, prover, {
      signal: interruptible(),
      ...(start && { start }),
      onSegment: (report) => {
        reports.push(report);
        progress.line(
          `segment ${report.segment}: ${report.steps} steps, loss ${report.loss.toFixed(4)}, ` +
            `training accuracy ${percent(report.accuracy)}, ${secs(report.seconds)}`,
        );
      },
    });
    progress.stop();
    const { fA, R, sigma } = resolved.run.fixedPoint;
    const evaluation = test && evaluate(weights, { fA, R, sigma }, test);
    const files =
      options.out === undefined ? [] : writeWeights(options.out, weights, R, resolved.plan.steps);
    print(
      {
        json: { steps: resolved.plan.steps, segments: reports, test: evaluation, files },
        text: [
          ...resolved.notes,
          evaluation?.accuracy === undefined
            ? "trained"
            : `test accuracy ${percent(evaluation.accuracy)} on ${evaluation.count} samples`,
          ...files.map((file) => `wrote ${file}`),
        ],
      },
      options,
    );
  });

function writeWeights(folder: string, weights: Weights, R: number, step: number): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // No run was made: its id is zero.
  const meta = { R, step, runId: `0x${"0".repeat(64)}` };
  const files = {
    "weights.safetensors": encodeWeights(weights, meta),
    "weights.f32.safetensors": encodeFloatWeights(weights, meta),
  };
  return Object.entries(files).map(([name, bytes]) => {
    const file = path.join(folder, name);
    writeAtomic(nodeFiles, file, bytes, 0o600);
    return file;
  });
}

interface TrainOptions extends DeviceOptions {
  json?: boolean;
  out?: string;
}

if (import.meta.main) await main(command);
