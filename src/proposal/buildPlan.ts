import { type FixedPoint, parsePlan, type Plan } from "../artifact/index.ts";
import type { DataFacts } from "./inspect.ts";
import { offsetFor, proposeScaling, type Sizes, type Wishes } from "./wishes.ts";

/** What a trial decides. */
export interface Arithmetic {
  readonly fixedPoint: FixedPoint;
  readonly eta: number;
}

/** The learning rate that an eta of 1 stands for. */
export const rateUnit = (batch: number, { R, fA, fG }: FixedPoint): number =>
  batch * 2 ** (fA + fG - R);

/** Seeds and schema of a plan file. */
export interface PlanFrame {
  readonly file: string;
  readonly schema?: string;
  readonly seed: string;
  readonly scheduleSeed: string;
}

/** Longest line that an object or a list stays on. */
const LINE = 96;

/** JSON on one line, with spaces. */
function inline(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`,
  );
  return `{ ${entries.join(", ")} }`;
}

/** JSON as people write it: what fits a line stays on one, but for the whole. */
function layOut(value: object, indent = ""): string {
  const deeper = `${indent}  `;
  const at = (item: unknown, before: number) => {
    const line = inline(item);
    return line.length + before + deeper.length <= LINE || typeof item !== "object" || item === null
      ? line
      : layOut(item, deeper);
  };
  const lines = Array.isArray(value)
    ? value.map((item: unknown) => at(item, 0))
    : Object.entries(value).map(([key, item]) => {
        const name = `${JSON.stringify(key)}: `;
        return name + at(item, name.length);
      });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.map((line) => deeper + line).join(",\n")}\n${indent}${close}`;
}

/** A plan of these parts, checked as any plan file is. Errors: PlanError. */
export function buildPlan(
  wishes: Wishes,
  facts: DataFacts,
  { widths, batch, steps }: Sizes,
  { fixedPoint, eta }: Arithmetic,
  segmentSteps: number,
  frame: PlanFrame,
): { plan: Plan; text: string } {
  const features = proposeScaling(facts.features);
  const labels = proposeScaling(facts.labels);
  const { classes } = facts.labels;
  const scaled = (scaling: typeof features, bits: number) => ({
    ...(scaling.subtract !== 0 && { subtract: scaling.subtract }),
    ...(scaling.divideBy !== 1 && { divideBy: scaling.divideBy }),
    ...(offsetFor(scaling, bits) > 0 && { offset: offsetFor(scaling, bits) }),
  });
  const json = {
    ...(frame.schema !== undefined && { $schema: frame.schema }),
    name: wishes.name,
    widths,
    fixedPoint,
    eta,
    batch,
    steps,
    segmentSteps,
    start: wishes.model?.start ?? { seed: frame.seed },
    scheduleSeed: frame.scheduleSeed,
    data: {
      train: wishes.train,
      ...(wishes.validation && { validation: wishes.validation }),
      ...(wishes.test && { test: wishes.test }),
      features: scaled(features, fixedPoint.fA),
      labels: classes
        ? { encoding: "oneHot", classes: wishes.classNames ?? classes.length }
        : { encoding: "real", ...scaled(labels, fixedPoint.sigma) },
    },
  };
  const text = `${layOut(json)}\n`;
  return { plan: parsePlan(text, frame.file), text };
}
