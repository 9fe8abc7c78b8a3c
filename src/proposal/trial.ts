import {
  type FixedPoint,
  type LoadedPlan,
  openPlanData,
  openStart,
  type Plan,
  resolvePlan,
} from "../artifact/index.ts";
import { type NativeProver, ProverError, type RangeUse, trainRun } from "../prover/index.ts";

/** How a short training without proof went. */
export interface Trial {
  readonly steps: number;
  /** Mean losses of the first and of the last segment. */
  readonly loss: readonly [first: number, last: number];
  readonly accuracy: number;
  readonly seconds: number;
  /** The largest values, in real units, over all layers. */
  readonly preActivation: number;
  readonly gradient: number;
  /** The largest share of its range that a quantity used. */
  readonly share: number;
  /** Whether the loss grew instead of falling. */
  readonly diverged: boolean;
}

/** Why there is no trial to go by. */
export interface LeftRange {
  readonly leftRange: string;
}

export interface TrialOptions {
  readonly steps: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/** Steps of a trial's segments: short ones, so that little memory is needed. */
const SEGMENT = 32;

/** How far the loss may rise: it falls from a seed; a trained model's is low, and goes up and down. */
const SLACK = 1.02;
const TRAINED_SLACK = 1.5;

/** Trains a plan's first steps exactly, as proving would. A value that leaves its range is an answer, not an error. */
export async function trial(
  { plan, file, folder }: LoadedPlan,
  prover: NativeProver,
  { steps, signal, onProgress }: TrialOptions,
): Promise<Trial | LeftRange> {
  const short: Plan = {
    ...plan,
    steps,
    segmentSteps: Math.min(SEGMENT, 2 ** Math.floor(Math.log2(steps))),
  };
  const loaded = { plan: short, file, folder };
  const data = await openPlanData(loaded, "train");
  const started = performance.now();
  const losses: number[] = [];
  const uses: RangeUse[] = [];
  let accuracy = 0;
  try {
    const { known, start } = openStart(loaded);
    const resolved = resolvePlan(short, file, { samples: data.count, ...known });
    await trainRun(resolved, data, prover, {
      ...(start && { start }),
      ...(signal && { signal }),
      onSegment: (report) => {
        losses.push(report.loss);
        uses.push(...report.ranges);
        accuracy = report.accuracy;
        onProgress?.(losses.length / resolved.segments.length);
      },
    });
  } catch (error) {
    if (error instanceof ProverError && error.code === "OutOfRange")
      return { leftRange: error.message };
    throw error;
  } finally {
    data.close();
  }
  const largest = (quantity: RangeUse["quantity"]) =>
    Math.max(0, ...uses.filter((use) => use.quantity === quantity).map((use) => use.largest));
  const { fA, fG }: FixedPoint = plan.fixedPoint;
  const [first, last] = [losses[0]!, losses.at(-1)!];
  return {
    steps,
    loss: [first, last],
    accuracy,
    seconds: (performance.now() - started) / 1000,
    preActivation: largest("pre-activation") / 2 ** fA,
    gradient: largest("gradient") / 2 ** fG,
    share: Math.max(...uses.map((use) => use.largest / use.limit)),
    diverged: !(last <= first * (plan.start.seed === undefined ? TRAINED_SLACK : SLACK)),
  };
}
