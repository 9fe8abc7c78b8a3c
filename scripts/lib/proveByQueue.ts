import { readFileSync, existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { hex32 } from "../../src/artifact/index.ts";
import { commitRunSamples, type ProveRunOptions, type RunParts } from "../../src/prover/index.ts";
import type { RunStanding } from "../../src/queue/trainer/estimate.ts";
import { logLevel } from "./daemon.ts";
import { packageFile } from "./package.ts";
import {
  type QueueOptions,
  queuePlace,
  queueSecrets,
  requireStore,
  statusPort,
  storeOption,
  withQueue,
} from "./queue.ts";
import { version, wholeNumber } from "./verb.ts";

/** prove's options with --queue. */
export interface TrainerOptions extends QueueOptions {
  store?: string;
  keyFile?: string;
  ahead: number;
  check: number;
  tries: number;
  priority: number;
  threads?: number;
  memory?: number;
  port?: number;
  listen: string;
  logLevel: string;
}

const share = (text: string): number => {
  const value = /^(0|1|0?\.[0-9]{1,6}|[01]\.0*)$/.test(text) ? Number(text) : NaN;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("It is a share from 0 to 1.");
};

/** Adds the options of a run that workers prove. */
export function withTrainer(command: Command): Command {
  const queued = withQueue(command, "have workers prove the segments (docs/QUEUE.md)")
    .addOption(storeOption())
    .option(
      "--key-file <file>",
      "for workers; made where it is missing, <run>/secret/queue.key unless said",
    )
    .option("--ahead <n>", "segments trained and not finished at most", wholeNumber(1, 100_000), 8)
    .option("--check <share>", "of the workers' proofs that are verified in full", share, 1)
    .option("--tries <n>", "until a segment that fails stops the run", wholeNumber(1, 1000), 5)
    .option("--priority <n>", "among runs; 1 comes first", wholeNumber(1, 100_000), 100)
    .addOption(logLevel().default("silent"));
  return statusPort(queued);
}

/** How far a run is, for people. */
export function standingLine(standing: RunStanding): string {
  const { proven, segments, active, waiting, workers, paused, secondsLeft } = standing;
  const left =
    secondsLeft === undefined || proven === segments ? "" : `, about ${duration(secondsLeft)} left`;
  const held = paused ? ", the queue is paused" : "";
  return `${proven}/${segments} proven, ${active} at work, ${waiting} waiting, ${workers} workers${held}${left}`;
}

const duration = (seconds: number): string =>
  seconds < 90
    ? `${Math.ceil(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;

/** Milliseconds between lines on how far the run is. */
const SHOWN_EVERY = 10_000;

/**
 * Has a run's segments proven by workers; `say` shows a line. Errors: those of Trainer.run and lockRun, KeyFileError, StoreUsageError,
 * PortError.
 */
export const proveByQueue =
  (options: TrainerOptions, say: (line: string) => void) =>
  async (given: Omit<RunParts, "commitments">, proving: ProveRunOptions): Promise<void> => {
    const { run, data, prover } = given;
    const queueing = await import("../../src/queue/index.ts");
    const { createLog, Health, startStatusServer } = await import("../../src/service/index.ts");
    const place = queuePlace(options);
    const runId = hex32(run.runId);
    const file = options.keyFile ?? path.join(run.folder, "secret", "queue.key");
    const key = existsSync(file) ? queueing.readKeyFile(file) : queueing.createKeyFile(file, runId);
    if (key.runId !== runId)
      throw new queueing.KeyFileError(
        `${file} is the key of run ${key.runId}; this is run ${runId}`,
      );
    const store = await queueing.openStore(requireStore(options.store));
    if (!store.name.startsWith("s3://"))
      queueing.removeAbandonedObjects(store.name, runId.slice(2));
    const secrets = await queueSecrets(place.url, [key.key]);
    const log = createLog({ name: "trainproof-trainer", level: options.logLevel, secrets });
    const [health, metrics] = [new Health(), new queueing.TrainerMetrics()];
    const stop = new AbortController();
    const signal = AbortSignal.any([...(proving.signal ? [proving.signal] : []), stop.signal]);
    say(`workers need the key file ${file}`);
    let silent = false;
    let shown = -Infinity;
    const queue = new queueing.SegmentQueue(place, (error) => {
      health.obstacle("redis", `the queue: ${error.message}`);
      if (!silent) say(`the queue does not answer (${error.message}); trying again`);
      silent = true;
    });
    queue.connection.on("ready", () => {
      silent = false;
      health.obstacle("redis", undefined);
    });
    const closing: (() => Promise<void>)[] = [() => queue.close()];
    try {
      if (options.port !== undefined) {
        const { port, listen } = options;
        const server = await startStatusServer({ port, listen, metrics: metrics.registry, health });
        closing.unshift(() => server.close());
        say(`health and metrics: http://${listen}:${server.port}`);
      }
      const lock = await queueing.lockRun(
        queue.connection,
        { runId, folder: run.folder },
        (error) => stop.abort(error),
      );
      closing.unshift(() => lock.release());
      const commitments = await commitRunSamples(run, data, prover, { signal });
      const checker = new queueing.ProofChecker({
        samples: commitments,
        generators: new Uint8Array(readFileSync(packageFile("data/generators.bin"))),
        share: options.check,
        threads: options.threads ?? os.availableParallelism(),
      });
      closing.unshift(() => checker.close());
      health.expect("queue", 5 * 60_000);
      const trainer = new queueing.Trainer({
        parts: { ...given, commitments },
        queue,
        objects: new queueing.SegmentObjects(store, key),
        checker,
        policy: {
          ...queueing.DEFAULT_TRAINER_POLICY,
          ahead: options.ahead,
          tries: options.tries,
          priority: options.priority,
        },
        version,
        log,
        metrics,
        health,
        onStanding: (standing) => {
          if (Date.now() - shown < SHOWN_EVERY) return;
          shown = Date.now();
          say(`  ${standingLine(standing)}`);
        },
        ...(proving.onSegment && { onSegment: proving.onSegment }),
        onTrouble: say,
        ...(options.memory !== undefined && { memoryLimit: options.memory }),
        signal,
      });
      await trainer.run();
    } finally {
      for (const close of closing) await close();
    }
  };
