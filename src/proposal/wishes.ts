import type { DataFilesPlan, Plan } from "../artifact/index.ts";
import { ProposalError } from "./errors.ts";
import type { DataFacts, ValueRange } from "./inspect.ts";

/** What a plan's owner has decided; the rest is proposed. */
export interface Wishes {
  readonly name: string;
  readonly train: DataFilesPlan;
  readonly validation?: DataFilesPlan;
  readonly test?: DataFilesPlan;
  /** Labels' texts, where they are no numbers. */
  readonly classNames?: readonly string[];
  /** Widths of the hidden layers; empty: none. */
  readonly hidden?: readonly number[];
  readonly batch?: number;
  readonly steps?: number;
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly segmentSteps?: number;
  /** The model to go on from. */
  readonly model?: ModelWish;
}

/** A model that training goes on from, as a plan's start names it. */
export interface ModelWish {
  readonly start: Plan["start"];
  readonly widths: readonly number[];
  /** Fraction bits of its weights, where they are exact. */
  readonly R?: number;
}

/** The sizes of a training. */
export interface Sizes {
  readonly widths: readonly number[];
  readonly batch: number;
  readonly steps: number;
}

/** Steps that a small data set is gone through again for. */
const FEW_STEPS = 512;

const powerBelow = (x: number) => 2 ** Math.max(0, Math.floor(Math.log2(x)));

/** Widths, batch and steps: as wished, or what is usual for data of this size. */
export function proposeSizes(wishes: Wishes, facts: DataFacts): Sizes {
  const { samples, features, labels } = facts;
  const outputs = labels.classes?.length ?? labels.columns;
  const usual = [features.columns >= 64 ? 128 : 32];
  const hidden = wishes.model?.widths.slice(1, -1) ?? wishes.hidden ?? usual;
  const widths = [features.columns, ...hidden, outputs];
  if (wishes.model && wishes.model.widths.join() !== widths.join())
    throw new ProposalError(
      `the model has the widths ${wishes.model.widths.join("-")}, the data ${features.columns} features and ${outputs} outputs`,
    );
  const batch = wishes.batch ?? Math.min(64, powerBelow(samples / 8));
  const epoch = Math.max(1, Math.floor(samples / batch));
  const epochs = wishes.epochs ?? Math.max(1, Math.ceil(FEW_STEPS / epoch));
  return {
    widths,
    batch,
    steps: wishes.steps ?? Math.max(1, Math.round(epochs * epoch)),
  };
}

/** Where raw values go: (v − subtract) / divideBy, and the offset that makes their integers positive. */
export interface ProposedScaling {
  readonly subtract: number;
  readonly divideBy: number;
  /** The fraction bits at which every value is exact, if there are so few. */
  readonly exactBits?: number;
  /** The least and the largest scaled value. */
  readonly least: number;
  readonly most: number;
}

const powerAbove = (x: number) => 2 ** Math.ceil(Math.log2(x));

/** Scales values to about [−1, 1] or [0, 1] by a power of two, whole numbers exactly where their range allows. */
export function proposeScaling({ least, most, whole }: ValueRange): ProposedScaling {
  const size = Math.max(Math.abs(least), Math.abs(most));
  const span = most - least;
  // Values far from zero that differ little: their difference is what tells.
  const subtract = span > 0 && span * 4 < size ? Math.round((least + most) / 2) : 0;
  const [low, high] = [least - subtract, most - subtract];
  const reach = Math.max(Math.abs(low), Math.abs(high));
  const divideBy = reach === 0 ? 1 : powerAbove(whole ? reach + 1 : reach);
  const bits = Math.log2(divideBy);
  return {
    subtract,
    divideBy,
    ...(whole && bits >= 0 && bits <= 10 && { exactBits: bits }),
    least: low / divideBy,
    most: high / divideBy,
  };
}

/** Whole and not negative, with room for rounding: the offset x_0 or y_0 at these fraction bits. */
export const offsetFor = ({ least }: Pick<ProposedScaling, "least">, bits: number): number =>
  Math.max(0, Math.ceil(-least * 2 ** bits));
