import { type Command, InvalidArgumentError } from "commander";
import type { OpenedPlan, ResolvedPlan } from "../../src/artifact/index.ts";
import {
  makeValidator,
  type RangeUse,
  type Validation,
  type Validator,
} from "../../src/prover/index.ts";
import { percent } from "./format.ts";

/** The option of a verb that looks at a validation set while it trains. */
export interface ValidationOptions {
  validate?: number;
}

const sampleCount = (text: string): number => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a number of samples, or 0 for none.");
};

/** Adds --validate. */
export function withValidation(command: Command): Command {
  return command.option(
    "--validate <samples>",
    "samples of data.validation (or else data.test) to look at after each segment; 0: none; absent: as many as take a fraction of a second",
    sampleCount,
  );
}

/** What is looked at, for people. */
export function validationLine(
  set: Validation["set"] | undefined,
  { validate: samples }: ValidationOptions,
): string {
  if (set === undefined)
    return "no validation: the plan names neither data.validation nor data.test";
  if (samples === 0) return "no validation, as asked";
  return `validation after each segment: on data.${set}, which enters no proof`;
}

/** The look that the options ask for; none where there is no data for it. */
export function validatorOf(
  validation: OpenedPlan["validation"],
  { run }: ResolvedPlan,
  options: ValidationOptions,
): { validate?: Validator; line: string } {
  const line = validationLine(validation?.set, options);
  const { validate: samples } = options;
  if (validation === undefined || samples === 0) return { line };
  const { set, data } = validation;
  const validate = makeValidator(set, data, run, samples === undefined ? {} : { samples });
  return { validate, line };
}

/** How a segment went, in one line. */
export function trainingLine(report: {
  loss: number;
  accuracy: number;
  validation?: Validation;
}): string {
  const { loss, accuracy, validation } = report;
  const held =
    validation === undefined
      ? ""
      : `; ${validation.set} loss ${validation.loss.toFixed(4)}` +
        (validation.accuracy === undefined ? "" : `, accuracy ${percent(validation.accuracy)}`) +
        ` (${validation.samples} samples)`;
  return `loss ${loss.toFixed(4)}, training accuracy ${percent(accuracy)}${held}`;
}

/** The fullest range in words: "pre-activations up to 41 % of their range". */
export function fullestRange(uses: readonly RangeUse[]): string {
  const share = (use: RangeUse) => use.largest / use.limit;
  const most = uses.reduce((a, b) => (share(b) > share(a) ? b : a));
  return `${most.quantity}s of layer ${most.layer} up to ${Math.round(100 * share(most))} % of their range`;
}
