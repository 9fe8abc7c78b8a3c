import { prove } from "../src/api/index.ts";
import { type DeviceOptions, loadOptions, withDevice } from "./lib/device.ts";
import { kib, percent, secs } from "./lib/format.ts";
import { ProvingProgress } from "./lib/progress.ts";
import { proveByQueue, type TrainerOptions, withTrainer } from "./lib/proveByQueue.ts";
import { requireStore } from "./lib/queue.ts";
import {
  trainingLine,
  type ValidationOptions,
  validationLine,
  withValidation,
} from "./lib/validation.ts";
import { gibibytes, interruptible, main, print, verb } from "./lib/verb.ts";

interface ProveOptions extends DeviceOptions, TrainerOptions, ValidationOptions {
  json?: boolean;
  run: string;
  announced?: string;
}

export const command = withTrainer(
  withValidation(
    withDevice(
      verb(
        "prove",
        "Train as a plan says and prove every segment of steps; an interrupted run goes on where it stopped.",
      ),
    ),
  ),
)
  .argument("<plan>", "plan file (docs/CONFIG.md)")
  .requiredOption("--run <folder>", "run folder: new, or one to go on with (docs/FILES.md)")
  .option("--memory <GiB>", "refuse a segment whose predicted memory exceeds this", gibibytes)
  .option("--announced <folder>", "use the drawn seed and the data commitment of this announcement")
  .addHelpText("after", "\nExample:\n  trainproof prove examples/mnist.json --run runs/mnist")
  .action(async (planFile: string, options: ProveOptions) => {
    if (options.queue !== undefined) requireStore(options.store);
    const progress = new ProvingProgress();
    const queued = options.queue !== undefined && {
      proveSegments: proveByQueue(options, (line) => progress.line(line)),
    };
    let segments = 0;
    let notes: readonly string[] = [];
    const proven = await prove(planFile, {
      run: options.run,
      ...loadOptions(options, (line) => progress.line(line)),
      ...(options.announced !== undefined && { announced: options.announced }),
      ...(options.memory !== undefined && { memoryLimit: options.memory }),
      ...(options.validate !== undefined && { validate: options.validate }),
      signal: interruptible("what is finished is kept: the same command goes on with it"),
      ...queued,
      onStart: (start) => {
        segments = start.segmentSteps.length;
        notes = start.notes;
        progress.begin(start.segmentSteps);
        progress.line(validationLine(start.validation, options));
        if (start.resumed)
          progress.line(`going on after ${start.finished} of ${segments} segments`);
      },
      onProgress: (at) => progress.at(at),
      onSegment: (report) =>
        progress.line(
          `segment ${report.segment + 1}/${segments}: ${report.steps} steps, ${trainingLine(report)}; ` +
            `proved in ${secs(report.proveSeconds)}, ${kib(report.proofBytes)}`,
        ),
      onWarning: (warning) => progress.line(`  warning: ${warning}`),
    }).finally(() => progress.stop());
    const { publicFolder, ...json } = proven;
    print(
      {
        json: { ...json },
        text: [
          ...notes,
          `proved ${proven.steps} steps in ${segments} segments`,
          ...(proven.test?.accuracy === undefined
            ? []
            : [`test accuracy ${percent(proven.test.accuracy)} on ${proven.test.count} samples`]),
          `public files: ${publicFolder}`,
          `proof digest: ${proven.proofDigest}`,
          `next: trainproof verify ${options.run}, trainproof register ${options.run}`,
        ],
      },
      options,
    );
  });

if (import.meta.main) await main(command);
