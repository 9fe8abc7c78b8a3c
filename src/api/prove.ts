import {
  type Announcement,
  hex32,
  openPlan,
  readAnnouncement,
  type Run,
  RunFolderError,
  segmentsOf,
} from "../artifact/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { evaluate, type Evaluation } from "../model/index.ts";
import {
  commitRunSamples,
  type LoadOptions,
  makeValidator,
  NativeProver,
  proveRun,
  type ProveRunOptions,
  RangeWatch,
  type RunParts,
  type RunProgress,
  type SegmentReport,
  type Validation,
} from "../prover/index.ts";
import { typed } from "./errors.ts";
import { openPlanRun } from "./planRun.ts";

export interface ProveOptions extends LoadOptions {
  /** Run folder: a new one, or one to go on with. */
  run: string;
  /** Folder of `trainproof announce`: its drawn seeds and its data commitment are used. */
  announced?: string;
  /** Samples of data.validation (or else data.test) to look at after each segment; 0: none; as many as take a fraction of a second unless said. */
  validate?: number;
  /** Bytes that one segment may need, as predicted. */
  memoryLimit?: number;
  /** Aborting stops at once; what is finished stays on disk, and the same call goes on with it. */
  signal?: AbortSignal;
  /** The run as it begins: how many of its segments were finished before, and what the plan says in passing. */
  onStart?: (start: ProveStart) => void;
  onProgress?: (progress: RunProgress) => void;
  onSegment?: (report: SegmentReport) => void;
  /** Proves what is left of the run otherwise than in this process (src/queue); proveRun unless given. */
  proveSegments?: (parts: Omit<RunParts, "commitments">, options: ProveRunOptions) => Promise<void>;
  /** A value comes near to the limit of its range: what, where, and what to change. */
  onWarning?: (warning: string) => void;
}

export interface ProveStart {
  /** Steps of all segments, in order. */
  segmentSteps: number[];
  /** Whether the run folder was there before. */
  resumed: boolean;
  /** Segments that were finished before. */
  finished: number;
  /** The data that is looked at after each segment, whether or not the options ask for it. */
  validation?: Validation["set"];
  /** Remarks on the plan. */
  notes: readonly string[];
}

export interface ProvenRun {
  /** The run folder. */
  run: string;
  /** What to publish; the rest of the folder is secret. */
  publicFolder: string;
  /** SHA-256 of manifest.json: what a claim binds. */
  proofDigest: string;
  modelCommitment: string;
  dataRoot: string;
  steps: number;
  /** Those proven in this call. */
  segments: SegmentReport[];
  /** On the plan's test data, if it names any. */
  test?: Evaluation;
}

/**
 * Trains as a plan says and proves every segment of steps; each is on disk before the next begins, and an interrupted run goes on
 * where it stopped. Needs the native prover.
 *
 * @param plan - plan file (docs/CONFIG.md).
 * @throws TrainproofError "PLAN_INVALID", "DATA_INVALID", "RUN_FOLDER_INVALID", "RUN_LOCKED", "PROVER_MISSING", "PROVER_DEVICE",
 *   "OUT_OF_RANGE", "MEMORY_LIMIT", "CANCELLED", "WRITE_FAILED"
 *
 * @example
 * const { publicFolder, proofDigest } = await prove("plan.json", { run: "runs/first" });
 */
export function prove(plan: string, options: ProveOptions): Promise<ProvenRun> {
  return typed(() => proveFiles(plan, options), options.signal);
}

async function proveFiles(planFile: string, options: ProveOptions): Promise<ProvenRun> {
  const { run: folder, announced, signal, memoryLimit, onProgress } = options;
  const announcement = announced === undefined ? undefined : readAnnouncement(announced);
  const opened = await openPlan(planFile, announcement);
  const { resolved, data, test, validation } = opened;
  // Before the folder: a device that is not usable leaves none.
  const prover = await NativeProver.load(options);
  const { run, goesOn } = await openPlanRun(planFile, opened, folder, {
    prover,
    ...(announcement && { announcement }),
    ...(signal && { signal }),
  });
  try {
    const segmentSteps = segmentsOf(run.config).map(({ steps }) => steps);
    options.onStart?.({
      segmentSteps,
      resumed: goesOn,
      finished: run.finished,
      notes: resolved.notes,
      ...(validation && { validation: validation.set }),
    });
    if (announcement && run.resume().segment) {
      await commitAnnounced(run, data, prover, announcement, signal);
    }
    const segments: SegmentReport[] = [];
    const watch = new RangeWatch(resolved.run.fixedPoint, resolved.plan.steps);
    const looks = validation && options.validate !== 0;
    const samples = options.validate === undefined ? {} : { samples: options.validate };
    const looking = looks && {
      validate: makeValidator(validation.set, validation.data, resolved.run, samples),
    };
    const proving: ProveRunOptions = {
      ...(signal && { signal }),
      ...(memoryLimit !== undefined && { memoryLimit }),
      ...(onProgress && { onProgress }),
      ...looking,
      onSegment: (report) => {
        segments.push(report);
        options.onSegment?.(report);
        for (const warning of watch.look(report.ranges)) options.onWarning?.(warning);
      },
    };
    if (options.proveSegments === undefined) await proveRun(run, data, prover, proving);
    else await options.proveSegments({ run, data, prover, ...looking }, proving);
    const { proofDigest, manifest } = run.publish();
    const { fA, R, sigma } = run.config.fixedPoint;
    const weights = run.weights();
    const evaluation = test && weights && evaluate(weights, { fA, R, sigma }, test);
    return {
      run: folder,
      publicFolder: run.publicFolder,
      proofDigest,
      modelCommitment: manifest.modelCommitment,
      dataRoot: manifest.dataRoot,
      steps: run.config.steps,
      segments,
      ...(evaluation && { test: evaluation }),
    };
  } finally {
    run.close();
  }
}

/** Commits the data before training, so that a run on other data than the announced stops before it costs anything. */
async function commitAnnounced(
  run: Run,
  data: Dataset,
  prover: NativeProver,
  announcement: Announcement,
  signal: AbortSignal | undefined,
): Promise<void> {
  await commitRunSamples(run, data, prover, signal ? { signal } : {});
  if (hex32(run.nextStatement().dataRoot) === announcement.dataRoot) return;
  throw new RunFolderError({
    file: announcement.folder,
    problem: "the data is not what was announced; the run would fulfil no plan",
    wayOut: "Give the announced data, or announce the plan with this data.",
  });
}
