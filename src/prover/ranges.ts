import type { FixedPoint } from "../artifact/index.ts";
import type { NativeTraining } from "./addon.ts";

/** How far a layer's values went into their range, at most, over a segment's steps. */
export interface RangeUse {
  readonly quantity: "pre-activation" | "gradient";
  /** l = 1 … L; of gradients l = 1 … L − 1. */
  readonly layer: number;
  /** The step of the run with the largest value. */
  readonly step: number;
  /** The largest absolute value, as an integer, and the limit that it must stay below. */
  readonly largest: number;
  readonly limit: number;
}

/** 2^(b·dv) for pre-activations, 2^(b·dg−1) for gradients (PROTOCOL §4). */
export const rangeLimits = ({ b, dv, dg }: FixedPoint) => ({
  "pre-activation": 2 ** (b * dv),
  gradient: 2 ** (b * dg - 1),
});

type Magnitudes = Pick<NativeTraining, "loss" | "largestPreActivations" | "largestGradients">;

/** The use of every range in a trained segment that starts at `firstStep`, layer by layer. */
export function rangeUse(
  training: Magnitudes,
  fixedPoint: FixedPoint,
  firstStep: number,
): RangeUse[] {
  const steps = training.loss.length;
  const limits = rangeLimits(fixedPoint);
  const of = (quantity: RangeUse["quantity"], magnitudes: Float64Array): RangeUse[] => {
    const layers = magnitudes.length / steps;
    return Array.from({ length: layers }, (_, index) => {
      let [largest, at] = [-1, 0];
      for (let step = 0; step < steps; step++) {
        const value = magnitudes[step * layers + index]!;
        if (value > largest) [largest, at] = [value, step];
      }
      const limit = limits[quantity];
      return { quantity, layer: index + 1, step: firstStep + at, largest, limit };
    });
  };
  return [
    ...of("pre-activation", training.largestPreActivations),
    ...of("gradient", training.largestGradients),
  ];
}

/** What gives a quantity more room: the plan's fields, with values. */
export function moreRoom(quantity: RangeUse["quantity"], fixedPoint: FixedPoint): string {
  const { b, dv, dg, fA, fG, sigma } = fixedPoint;
  const [name, digits, bits] =
    quantity === "gradient" ? (["dg", dg, fG] as const) : (["dv", dv, fA] as const);
  const ways: string[] = [];
  if (b * (digits + 1) <= 32) ways.push(`raise ${name} to ${digits + 1}`);
  if (quantity === "gradient" && bits > Math.max(fA, sigma))
    ways.push(`lower fG to ${bits - 1}, which halves it`);
  if (quantity === "pre-activation" && bits > 0)
    ways.push(`lower fA to ${bits - 1} and scale the features with it`);
  ways.push("lower eta");
  return ways.join(", or ");
}

/** Above this share of its range a quantity is worth a word. */
const WARN_SHARE = 0.8;
/** A share that grows is worth one from here on, if it would reach the limit soon. */
const GROWING_SHARE = 0.4;

/** Tells, segment after segment, which quantity comes near its limit, before it leaves its range and stops the training. */
export class RangeWatch {
  readonly #fixedPoint: FixedPoint;
  readonly #totalSteps: number;
  readonly #before = new Map<string, RangeUse>();
  readonly #said = new Map<string, number>();

  constructor(fixedPoint: FixedPoint, totalSteps: number) {
    this.#fixedPoint = fixedPoint;
    this.#totalSteps = totalSteps;
  }

  /** What to say after a segment; a quantity again only when it has come a tenth of its range nearer. */
  look(uses: readonly RangeUse[]): string[] {
    return uses.flatMap((use) => {
      const key = `${use.quantity} ${use.layer}`;
      const before = this.#before.get(key);
      this.#before.set(key, use);
      const share = use.largest / use.limit;
      const leaves = before && crossing(before, use);
      const soon =
        leaves !== undefined && share >= GROWING_SHARE && leaves < this.#totalSteps
          ? `; growing as it does, it leaves about step ${leaves}`
          : "";
      if (share < WARN_SHARE && soon === "") return [];
      if (share < (this.#said.get(key) ?? 0) + 0.1) return [];
      this.#said.set(key, share);
      return [
        `layer ${use.layer}: a ${use.quantity} reached ${Math.round(100 * share)} % of its range at step ${use.step}${soon}: ${moreRoom(use.quantity, this.#fixedPoint)}`,
      ];
    });
  }
}

/** The step at which a quantity that keeps its growth reaches its limit; undefined where it does not grow. */
function crossing(before: RangeUse, now: RangeUse): number | undefined {
  const [growth, steps] = [Math.log(now.largest / before.largest), now.step - before.step];
  if (!(growth > 0) || steps <= 0) return undefined;
  return Math.ceil(now.step + (Math.log(now.limit / now.largest) / growth) * steps);
}
