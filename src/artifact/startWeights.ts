import fs from "node:fs";
import { dirname, resolve } from "node:path";
import {
  decodeStartWeights,
  differenceFrom,
  ModelFileError,
  type Weights,
} from "../model/index.ts";
import { readFile } from "./files.ts";
import type { Plan, WeightsFilePlan } from "./planSchema.ts";

/** Largest weights file: it is held in memory. */
const MAX_BYTES = 2 ** 31;

const WAY_OUT = "Correct the path in the plan's start section; it is relative to the plan.";

function readWeightsFile(planFile: string, { file }: WeightsFilePlan) {
  const path = resolve(dirname(planFile), file);
  const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_BYTES)
    throw new ModelFileError(
      path,
      `${size} bytes; the limit is ${MAX_BYTES}.`,
      "Save the linear layers alone.",
    );
  return { path, bytes: readFile(path, WAY_OUT) };
}

const fitOf = ({ widths, fixedPoint }: Plan, { names }: WeightsFilePlan) => ({
  widths,
  R: fixedPoint.R,
  ...(names && { names }),
});

/** The weights of start.weights, as integers. Errors: ArtifactNotFoundError, ModelFileError. */
export function readStartWeights(plan: Plan, planFile: string, source: WeightsFilePlan): Weights {
  const { path, bytes } = readWeightsFile(planFile, source);
  return decodeStartWeights(bytes, path, fitOf(plan, source));
}

/**
 * Checks that the file of start.parent.weights holds the parent's weights (model: differenceFrom).
 * Errors: ArtifactNotFoundError, ModelFileError, which names the place and no value.
 */
export function checkParentWeights(
  plan: Plan,
  planFile: string,
  source: WeightsFilePlan,
  parent: Weights,
): void {
  const { path, bytes } = readWeightsFile(planFile, source);
  const difference = differenceFrom(bytes, path, fitOf(plan, source), parent);
  if (difference === undefined) return;
  throw new ModelFileError(
    path,
    `layer ${difference.layer}, entry ${difference.entry}: not the parent's weight.`,
    "The file is of another model or step: export the parent run again (trainproof export), or leave start.parent.weights out.",
  );
}
