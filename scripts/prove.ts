import { existsSync } from "node:fs";
import path from "node:path";
import {
  createRun,
  encodeConfig,
  hex32,
  openRun,
  planDigest,
  publicConfig,
  readAnnouncement,
  segmentsOf,
} from "../src/artifact/index.ts";
import { evaluate } from "../src/model/index.ts";
import type { RunStanding } from "../src/queue/trainer/estimate.ts";
import { equalBytes } from "../src/protocol/index.ts";
import {
  commitRunSamples,
  NativeProver,
  proveRun,
  RangeWatch,
  type SegmentReport,
} from "../src/prover/index.ts";
import { type DeviceOptions, loadOptions, withDevice } from "./lib/device.ts";
import { kib, percent, secs } from "./lib/format.ts";
import { openPlan } from "./lib/openPlan.ts";
import { Progress } from "./lib/progress.ts";
import { requireStore } from "./lib/queue.ts";
import {
  proveByQueue,
  standingLine,
  type TrainerOptions,
  withTrainer,
} from "./lib/proveByQueue.ts";
import {
  trainingLine,
  type ValidationOptions,
  validatorOf,
  withValidation,
} from "./lib/validation.ts";
import { gibibytes, interruptible, main, print, UsageError, verb } from "./lib/verb.ts";

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
    const announcement =
      options.announced === undefined ? undefined : readAnnouncement(options.announced);
    const { resolved, data, test, validation, parent } = openPlan(planFile, announcement);
    const config = publicConfig(resolved, parent?.link);
    if (announcement && planDigest(config, announcement.dataRoot) !== announcement.planDigest) {
      throw new UsageError(`${planFile} is not the plan that ${announcement.folder} announced`);
    }
    if (options.queue !== undefined) requireStore(options.store);
    const progress = new Progress();
    const { validate, line } = validatorOf(validation, resolved, options);
    const watch = new RangeWatch(resolved.run.fixedPoint, resolved.plan.steps);
    // Before the folder: a device that is not usable leaves none.
    const prover = await NativeProver.load(loadOptions(options, (line) => progress.line(line)));
    const goesOn = existsSync(path.join(options.run, "public", "config.json"));
    const run = goesOn
      ? openRun(options.run)
      : createRun({
          folder: options.run,
          config,
          ...(parent && { parent: parent.committed }),
          ...(announcement && { data: announcement.data }),
        });
    const reports: SegmentReport[] = [];
    const segments = segmentsOf(run.config).length;
    try {
      if (!equalBytes(encodeConfig(run.config), encodeConfig(config))) {
        throw new UsageError(
          `${options.run} is a run of another plan; go on with its own plan, or name a new folder`,
        );
      }
      progress.line(line);
      if (goesOn) progress.line(`going on after ${run.finished} of ${segments} segments`);
      if (announcement && run.resume().segment) {
        await commitRunSamples(run, data, prover, {});
        if (hex32(run.nextStatement().dataRoot) !== announcement.dataRoot) {
          throw new UsageError("the data is not what was announced; the run would fulfil no plan");
        }
      }
      const signal = interruptible();
      const onSegment = (report: SegmentReport) => {
        reports.push(report);
        progress.line(
          `segment ${report.segment + 1}/${segments}: ${report.steps} steps, ${trainingLine(report)}; ` +
            `proved in ${secs(report.proveSeconds)}, ${kib(report.proofBytes)}`,
        );
        for (const warning of watch.look(report.ranges)) progress.line(`  warning: ${warning}`);
      };
      if (options.queue !== undefined) {
        const onLine = (line: string) => progress.line(line);
        let shown = -Infinity;
        const onStanding = (standing: RunStanding) => {
          // A bar may move often, lines in a file may not.
          if (!process.stderr.isTTY && Date.now() - shown < 10_000) return;
          shown = Date.now();
          progress.show(standingLine(standing), standing.proven / standing.segments);
        };
        const callbacks = { onSegment, onStanding, onLine, signal };
        const parts = { run, data, prover, ...(validate && { validate }) };
        await proveByQueue(parts, options, callbacks);
      } else
        await proveRun(run, data, prover, {
          signal,
          ...(options.memory !== undefined && { memoryLimit: options.memory }),
          ...(validate && { validate }),
          onProgress: ({ phase, fraction, segment }) => {
            const where = segment === undefined ? "" : `segment ${segment + 1}/${segments}: `;
            progress.show(`${where}${phase}`, fraction);
          },
          onSegment,
        });
      progress.stop();
      const published = run.publish();
      const { fA, R, sigma } = run.config.fixedPoint;
      const weights = run.weights();
      const evaluation = test && weights && evaluate(weights, { fA, R, sigma }, test);
      print(
        {
          json: {
            run: options.run,
            proofDigest: published.proofDigest,
            modelCommitment: published.manifest.modelCommitment,
            dataRoot: published.manifest.dataRoot,
            steps: run.config.steps,
            segments: reports,
            test: evaluation,
          },
          text: [
            ...resolved.notes,
            `proved ${run.config.steps} steps in ${segments} segments`,
            ...(evaluation?.accuracy === undefined
              ? []
              : [`test accuracy ${percent(evaluation.accuracy)} on ${evaluation.count} samples`]),
            `public files: ${run.publicFolder}`,
            `proof digest: ${published.proofDigest}`,
            `next: trainproof verify ${options.run}, trainproof register ${options.run}`,
          ],
        },
        options,
      );
    } finally {
      progress.stop();
      run.close();
    }
  });

if (import.meta.main) await main(command);
