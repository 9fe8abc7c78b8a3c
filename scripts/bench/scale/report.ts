import { digits, percentage, ratio, type Rows, seconds } from "../table.ts";
import type { InProcess, QueueRun } from "./measure.ts";
import type { ScaleCosts, Scenario } from "./scenarios.ts";
import type { HandlingFigures } from "./services.ts";
import { PARTS, type Simulated } from "./simulate.ts";

/** Issue 7's target for the queue's work on a segment over its proving. */
export const OVERHEAD_TARGET = 0.03;

/**
 * The queue's work on a worker's segment, over its proving time in one process: the time that the device waits, and the processor's time
 * that fetching and storing take from a prover that has all threads of its machine.
 */
export const overhead = (
  { idle, threads }: QueueRun,
  { prove }: InProcess,
  { fetch, store }: HandlingFigures,
): number => (idle + (fetch + store) / threads) / prove;

/** The whole cycle but training again, over proving in one process: with it all that makes proving slower, or faster, meanwhile. */
export const excess = ({ cycle, train }: QueueRun, { prove }: InProcess): number =>
  (cycle - train - prove) / prove;

const few = (share: number) => `${(100 * share).toFixed(2)} %`;

/** Runs through the queue, a row each; compared with one process where a worker has as many threads. */
export const queueRows = (
  runs: readonly QueueRun[],
  alone: InProcess & { readonly threads: number },
  handling: HandlingFigures,
): Rows => [
  [
    ...["workers × threads", "in all", "a segment", "train again", "prove", "device waits"],
    ...["fetch meanwhile", "store meanwhile", "queue over proving", "all over proving"],
  ],
  ["in one process", seconds(alone.total), seconds(alone.seconds), "", seconds(alone.prove)],
  ...runs.map((run) => [
    `${run.workers} × ${run.threads}`,
    ...[run.seconds, run.cycle, run.train, run.prove, run.idle, run.fetch, run.store].map(seconds),
    ...(run.threads === alone.threads
      ? [few(overhead(run, alone, handling)), few(excess(run, alone))]
      : []),
  ]),
];

/** The simulation beside the measurement. */
export const checkRows = (
  checks: readonly { readonly run: QueueRun; readonly simulated: number }[],
): Rows => [
  ["workers × threads", "measured", "simulated", "simulated over measured"],
  ...checks.map(({ run, simulated }) => [
    `${run.workers} × ${run.threads}`,
    seconds(run.seconds),
    seconds(simulated),
    ratio(simulated / run.seconds),
  ]),
];

/** What the simulation starts from. */
export function costRows(
  { segment, storeBytesPerSecond, steps }: ScaleCosts,
  handling: HandlingFigures,
): Rows {
  const mb = (bytes: number) => `${digits(bytes / 1e6)} MB`;
  return [
    ["of a segment", `${steps} steps`],
    ["trainer: from one segment ahead to the next", seconds(segment.train + segment.commit)],
    ["trainer: of that commit to the weights", seconds(segment.commit)],
    ["trainer: of that keep it and seal the input", seconds(segment.seal)],
    ["trainer: take and finish", seconds(segment.assemble)],
    ["trainer: look at a job", seconds(segment.look)],
    ["trainer: verify", seconds(segment.verify)],
    ["worker: fetch and store, of the processor", seconds(handling.fetch + handling.store)],
    ["worker: train again", seconds(segment.retrain)],
    ["worker: prove", seconds(segment.prove)],
    ["worker: its first segment takes longer", seconds(segment.first)],
    ["worker: to the next job", seconds(segment.turn)],
    ["Redis: a job", seconds(segment.redis)],
    ["store: input", mb(segment.inputBytes)],
    ["store: proof", mb(segment.proofBytes)],
    ["store: a second", mb(storeBytesPerSecond)],
  ];
}

const duration = (s: number) =>
  s < 120
    ? `${s.toPrecision(3)} s`
    : s < 7200
      ? `${(s / 60).toPrecision(3)} min`
      : s < 172_800
        ? `${(s / 3600).toPrecision(3)} h`
        : `${(s / 86_400).toPrecision(3)} d`;

/** Simulated sites: time, over one worker's, how busy each part is, and which limits. */
export const scenarioRows = (
  head: string,
  found: readonly {
    readonly scenario: Scenario;
    readonly name: string;
    readonly result: Simulated;
    readonly alone: number;
  }[],
): Rows => [
  [head, "time", "times one worker", ...PARTS, "limit"],
  ...found.map(({ name, result, alone }) => [
    name,
    duration(result.seconds),
    (alone / result.seconds).toPrecision(3),
    ...PARTS.map((part) => percentage(result.use[part])),
    result.limit,
  ]),
];
