import path from "node:path";
import {
  type Announcement,
  hex32,
  type LoadedPlan,
  loadPlan,
  openPlanData,
  type Parent,
  readParent,
  resolvePlan,
  type ResolvedPlan,
} from "../../src/artifact/index.ts";
import type { Dataset } from "../../src/dataset/index.ts";
import { fromHex, planSeeds } from "../../src/protocol/index.ts";
import { UsageError } from "./verb.ts";

/** A plan with its data opened, and the run that it continues, if any. */
export interface OpenedPlan {
  resolved: ResolvedPlan;
  data: Dataset;
  test: Dataset | undefined;
  /** What to look at while it trains: data.validation, or else data.test. */
  validation: { set: "validation" | "test"; data: Dataset } | undefined;
  parent: Parent | undefined;
}

/**
 * Reads a plan and opens what it names. An announcement's seeds take the place of the plan's own.
 * Errors: those of loadPlan, openPlanData, readParent and resolvePlan.
 */
export function openPlan(file: string, announcement?: Announcement): OpenedPlan {
  const loaded = withSeeds(loadPlan(file), announcement);
  const data = openPlanData(loaded, "train");
  const test = openPlanData(loaded, "test");
  const own = openPlanData(loaded, "validation");
  const set = own ? "validation" : "test";
  const validated = own ?? test;
  const { start } = loaded.plan;
  const parent = start.parent && readParent(path.resolve(loaded.folder, start.parent.folder));
  const resolved = resolvePlan(loaded.plan, loaded.file, {
    samples: data.count,
    ...(parent && { parent: parent.facts }),
  });
  return { resolved, data, test, validation: validated && { set, data: validated }, parent };
}

function withSeeds(loaded: LoadedPlan, announcement: Announcement | undefined): LoadedPlan {
  if (announcement === undefined) return loaded;
  const { folder, seed } = announcement;
  if (seed === undefined) {
    throw new UsageError(`the seed of ${folder} is not drawn yet; run: trainproof draw ${folder}`);
  }
  const seeds = planSeeds(fromHex(seed));
  const { plan } = loaded;
  const start = plan.start.parent ? plan.start : { seed: hex32(seeds.weights) };
  return { ...loaded, plan: { ...plan, start, scheduleSeed: hex32(seeds.schedule) } };
}
