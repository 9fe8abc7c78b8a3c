import { mkdirSync } from "node:fs";
import path from "node:path";
import { nodeFiles, openPlan, writeAtomic } from "../src/artifact/index.ts";
import { encodeFloatWeights, encodeWeights, evaluate, type Weights } from "../src/model/index.ts";
import { NativeProver, RangeWatch, trainRun, type TrainingReport } from "../src/prover/index.ts";
import { type DeviceOptions, loadOptions, withDevice } from "./lib/device.ts";
import { percent, secs } from "./lib/format.ts";
import { Progress } from "./lib/progress.ts";
import {
  fullestRange,
  trainingLine,
  type ValidationOptions,
  validatorOf,
  withValidation,
} from "./lib/validation.ts";
import { interruptible, main, print, verb } from "./lib/verb.ts";

export const command = withValidation(
  withDevice(
    verb(
      "train",
      "Train as a plan says, exactly as proving would, without proofs: to see loss, accuracy and ranges first.",
    ),
  ),
)
  .argument("<plan>", "plan file (docs/CONFIG.md)")
  .option("--out <folder>", "write the weights there, exact and as float32 (they are secret)")
  .addHelpText(
    "after",
    "\nExamples:\n  trainproof train examples/mnist.json\n  trainproof train examples/mnist.json --validate 10000 --out weights",
  )
  .action(async (planFile: string, options: TrainOptions) => {
    const { resolved, data, test, validation, start } = await openPlan(planFile);
    const progress = new Progress();
    const { validate, line } = validatorOf(validation, resolved, options);
    progress.line(line);
    const watch = new RangeWatch(resolved.run.fixedPoint, resolved.plan.steps);
    const segments = resolved.segments.length;
    const prover = await NativeProver.load(loadOptions(options, (line) => progress.line(line)));
    const reports: TrainingReport[] = [];
    const weights = await trainRun(resolved, data, prover, {
      signal: interruptible(),
      ...(start && { start }),
      ...(validate && { validate }),
      onProgress: ({ phase, fraction, segment = 0 }) =>
        progress.show(`segment ${segment + 1}/${segments}: ${phase}`, fraction),
      onSegment: (report) => {
        reports.push(report);
        progress.line(
          `segment ${report.segment + 1}/${segments}: ${report.steps} steps, ${trainingLine(report)}; ` +
            `${fullestRange(report.ranges)}; ${secs(report.seconds)}`,
        );
        for (const warning of watch.look(report.ranges)) progress.line(`  warning: ${warning}`);
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

interface TrainOptions extends DeviceOptions, ValidationOptions {
  json?: boolean;
  out?: string;
}

if (import.meta.main) await main(command);
