import fs from "node:fs";
import { dirname, resolve } from "node:path";
import {
  type DataFiles,
  type Dataset,
  type DatasetOptions,
  mnistPaths,
  openDataset,
} from "../dataset/index.ts";
import { ArtifactFormatError } from "./errors.ts";
import { readFile } from "./files.ts";
import { MAX_PLAN_BYTES, parsePlan } from "./plan.ts";
import { PlanError } from "./planError.ts";
import type { DataFilesPlan, Plan } from "./planSchema.ts";

/** A plan, and the folder that its paths are relative to. */
export interface LoadedPlan {
  readonly plan: Plan;
  readonly file: string;
  readonly folder: string;
}

/** Reads a plan file. Errors: ArtifactNotFoundError, ArtifactFormatError (too large), PlanError. */
export function loadPlan(file: string): LoadedPlan {
  const wayOut = "Name a plan file; examples/mnist.json is one.";
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_PLAN_BYTES)
    throw new ArtifactFormatError({
      file,
      problem: `a plan of ${size} bytes; the limit is ${MAX_PLAN_BYTES}`,
      wayOut,
    });
  const text = Buffer.from(readFile(file, wayOut)).toString("utf8");
  return { plan: parsePlan(text, file), file, folder: dirname(resolve(file)) };
}

/** A part of a plan's data. */
export type Split = "train" | "validation" | "test";

function resolveFiles(files: DataFilesPlan, split: Split, folder: string): DataFiles {
  switch (files.format) {
    case "mnist": {
      // The package has two splits: its test images validate, too.
      const { images, labels } = mnistPaths(folder)[split === "train" ? "train" : "test"];
      return { format: "idx", features: images, labels };
    }
    case "csv":
    case "parquet": {
      const { ignoreColumns, ...rest } = files;
      return {
        ...rest,
        file: resolve(folder, files.file),
        ...(ignoreColumns && { ignoreColumns }),
      };
    }
    case "npz":
    case "safetensors":
      return { ...files, file: resolve(folder, files.file) };
    case "images":
      return {
        ...files,
        folder: resolve(folder, files.folder),
        labels: resolve(folder, files.labels),
      };
    default:
      return {
        format: files.format,
        features: resolve(folder, files.features),
        labels: resolve(folder, files.labels),
      };
  }
}

/** Opens files that a plan in `folder` names, as the options say. Errors: those of src/dataset. */
export const openPlanFiles = (
  files: DataFilesPlan,
  split: Split,
  folder: string,
  options: Omit<DatasetOptions, "files">,
): Promise<Dataset> => openDataset({ ...options, files: resolveFiles(files, split, folder) });

/**
 * Opens a plan's training, validation or test data as fixed-point samples; undefined for data that the plan does not name.
 * Errors: those of src/dataset; a PlanError where the widths do not fit the data.
 */
export function openPlanData(loaded: LoadedPlan, split: "train"): Promise<Dataset>;
export function openPlanData(
  loaded: LoadedPlan,
  split: "validation" | "test",
): Promise<Dataset | undefined>;
export async function openPlanData(
  { plan, file, folder }: LoadedPlan,
  split: Split,
): Promise<Dataset | undefined> {
  const { data, fixedPoint, widths } = plan;
  const files = data[split];
  if (files === undefined) return undefined;
  const dataset = await openPlanFiles(files, split, folder, {
    features: data.features,
    labels: data.labels,
    format: {
      fA: fixedPoint.fA,
      sigma: fixedPoint.sigma,
      b: fixedPoint.b,
      x0: data.features.offset,
      y0: data.labels.offset,
    },
  });
  const issues = [
    { field: "widths[0]", want: widths[0]!, have: dataset.featureCount, what: "features" },
    {
      field: `widths[${widths.length - 1}]`,
      want: widths.at(-1)!,
      have: dataset.labelCount,
      what: "labels",
    },
  ].flatMap(({ field, want, have, what }) =>
    want === have
      ? []
      : [
          {
            field,
            problem: `${want}, but data.${split} has ${have} ${what}.`,
            wayOut: `Set it to ${have}.`,
          },
        ],
  );
  if (issues.length === 0) return dataset;
  dataset.close();
  throw new PlanError(file, issues);
}
