import { affordableSamples, evaluate, type Samples, spread, type Weights } from "../model/index.ts";
import type { FixedPoint } from "../artifact/index.ts";

/** Loss and accuracy on data that the training does not see. */
export interface Validation {
  /** The plan's data.validation, or its data.test. */
  readonly set: "validation" | "test";
  readonly samples: number;
  readonly loss: number;
  /** For one-hot labels. */
  readonly accuracy?: number;
}

/** Looks at the network between two segments. */
export type Validator = (weights: Weights) => Validation;

/**
 * A look at `samples` of a set, the same each time; as many as take a fraction of a second unless said.
 *
 * @example
 * const validate = makeValidator("test", testData, run, { samples: 1000 });
 */
export function makeValidator(
  set: Validation["set"],
  data: Samples,
  { widths, fixedPoint }: { widths: readonly number[]; fixedPoint: FixedPoint },
  options: { samples?: number } = {},
): Validator {
  const size = Math.min(data.count, options.samples ?? affordableSamples(data.count, widths));
  const chosen = spread(data, size);
  return (weights) => {
    const { count, loss, accuracy } = evaluate(weights, fixedPoint, chosen);
    return { set, samples: count, loss, ...(accuracy !== undefined && { accuracy }) };
  };
}
