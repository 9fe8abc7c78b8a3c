import path from "node:path";
import {
  loadPlan,
  openPlanData,
  type Parent,
  readParent,
  resolvePlan,
  type ResolvedPlan,
} from "../../src/artifact/index.ts";
import type { Dataset } from "../../src/dataset/index.ts";

/** A plan with its data opened, and the run that it continues, if any. */
export interface OpenedPlan {
  resolved: ResolvedPlan;
  data: Dataset;
  test: Dataset | undefined;
  parent: Parent | undefined;
}

/** Reads a plan and opens what it names. Errors: those of loadPlan, openPlanData, readParent and resolvePlan. */
export function openPlan(file: string): OpenedPlan {
  const loaded = loadPlan(file);
  const data = openPlanData(loaded, "train");
  const test = openPlanData(loaded, "test");
  const { start } = loaded.plan;
  const parent = start.parent && readParent(path.resolve(loaded.folder, start.parent.folder));
  const resolved = resolvePlan(loaded.plan, loaded.file, {
    samples: data.count,
    ...(parent && { parent: parent.facts }),
  });
  return { resolved, data, test, parent };
}
