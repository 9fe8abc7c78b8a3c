import type { SegmentCosts, Site } from "./simulate.ts";

/** What is measured here, and what the simulation starts from. */
export interface ScaleCosts {
  /** Of a segment of `steps` steps. */
  readonly steps: number;
  readonly segment: SegmentCosts;
  readonly storeBytesPerSecond: number;
  readonly verifyThreads: number;
}

/** Shares of a segment's costs that grow with its steps; the rest is the same for each segment, weights above all. */
export interface Growth {
  /** Bytes of a step's samples. */
  readonly sampleBytes: number;
}

/** A segment of more steps: training and proving in proportion, samples too; weights, their commitment, verification and the queue's work stay. */
export function longer(
  { segment, steps, ...rest }: ScaleCosts,
  factor: number,
  { sampleBytes }: Growth,
): ScaleCosts {
  return {
    ...rest,
    steps: steps * factor,
    segment: {
      ...segment,
      train: segment.train * factor,
      retrain: segment.retrain * factor,
      prove: segment.prove * factor,
      inputBytes: segment.inputBytes + sampleBytes * steps * (factor - 1),
    },
  };
}

export interface Scenario {
  readonly title: string;
  readonly workers: number;
  /** Of all runs together. */
  readonly steps: number;
  readonly costs: ScaleCosts;
  readonly site: Site;
}

type Changes = Partial<Omit<Site, "workers" | "segments">> & { readonly costs?: ScaleCosts };

/** Workers each on a machine like this one, with trainers of the same kind. */
export function scenario(
  title: string,
  workers: number,
  steps: number,
  given: ScaleCosts,
  { costs = given, trainers = 1, ...changes }: Changes = {},
): Scenario {
  const segments = Math.max(1, Math.round(steps / costs.steps / trainers));
  const site = {
    trainers,
    workers,
    segments,
    ahead: Math.max(8, Math.ceil((2 * workers) / trainers)),
    check: 1,
    verifyThreads: costs.verifyThreads,
    storeBytesPerSecond: costs.storeBytesPerSecond,
    stores: 1,
    ...changes,
  };
  return { title, workers, steps, costs, site };
}

export const WORKERS = [10, 100, 1000];
export const STEPS = [1e3, 1e4, 1e5, 1e6];

/** What the design does where something limits: one run of 10^5 steps, or as many as there are trainers, at a thousand workers. */
export function remedies(costs: ScaleCosts, growth: Growth): Scenario[] {
  const [workers, steps] = [1000, 1e5];
  const of = (title: string, changes: Changes) => scenario(title, workers, steps, costs, changes);
  const { segment } = costs;
  const quick = {
    ...costs,
    segment: { ...segment, train: segment.train / 10, commit: segment.commit / 10 },
  };
  const large = longer(costs, 4, growth);
  const faster = longer(quick, 4, growth);
  return [
    of("one run, as above", {}),
    of("segments four times as long", { costs: large }),
    of("a trainer ten times as fast", { costs: quick }),
    of("both, and a tenth of the proofs verified", { costs: faster, check: 0.1 }),
    of("100 runs with a trainer each, one store", { trainers: 100 }),
    of("100 runs, objects spread over 20 stores", { trainers: 100, stores: 20 }),
    of("100 runs, 100 stores", { trainers: 100, stores: 100 }),
    of("100 runs, 100 stores, segments four times as long", {
      trainers: 100,
      stores: 100,
      costs: large,
    }),
  ];
}
