import path from "node:path";
import type { Dataset } from "../dataset/index.ts";
import type { Weights } from "../model/index.ts";
import { fromHex, planSeeds } from "../protocol/index.ts";
import type { Announcement } from "./announcement.ts";
import { startDigits } from "./committedWeights.ts";
import { hex32 } from "./digest.ts";
import { RunFolderError } from "./errors.ts";
import { type LoadedPlan, loadPlan, openPlanData } from "./loadPlan.ts";
import { type Parent, readParent } from "./parent.ts";
import { type ResolvedPlan, resolvePlan } from "./plan.ts";
import { PlanError } from "./planError.ts";
import { startBound } from "./segments.ts";
import { checkParentWeights, readStartWeights } from "./startWeights.ts";

/** A plan with its data opened, and the run that it continues, if any. */
export interface OpenedPlan {
  resolved: ResolvedPlan;
  data: Dataset;
  test: Dataset | undefined;
  /** What to look at while it trains: data.validation, or else data.test. */
  validation: { set: "validation" | "test"; data: Dataset } | undefined;
  parent: Parent | undefined;
  /** Weights to start from, with their bound, for a plan without a seed: the parent's, or those of start.weights. */
  start: { weights: Weights; weightBound: bigint } | undefined;
}

/**
 * Reads a plan and opens what it names. An announcement's seeds take the place of the plan's own.
 * Errors: those of loadPlan, openPlanData, readParent, readStartWeights, checkParentWeights and resolvePlan; RunFolderError where the
 * announcement's seed is not drawn.
 */
export async function openPlan(file: string, announcement?: Announcement): Promise<OpenedPlan> {
  const loaded = withSeeds(loadPlan(file), announcement);
  const data = await openPlanData(loaded, "train");
  const test = await openPlanData(loaded, "test");
  const aside = await openPlanData(loaded, "validation");
  const set = aside ? "validation" : "test";
  const validated = aside ?? test;
  const { plan } = loaded;
  const parent =
    plan.start.parent && readParent(path.resolve(loaded.folder, plan.start.parent.folder));
  const own = plan.start.weights && readStartWeights(plan, file, plan.start.weights);
  const digits = own && startDigits(own, plan.fixedPoint.b);
  const resolved = resolvePlan(plan, file, {
    samples: data.count,
    ...(parent && { parent: parent.facts }),
    ...(digits !== undefined && { startDigits: digits }),
  });
  if (parent && plan.start.parent?.weights)
    checkParentWeights(plan, file, plan.start.parent.weights, parent.committed.weights);
  const start = parent
    ? { weights: parent.committed.weights, weightBound: parent.facts.weightBound }
    : own && { weights: own, weightBound: startBound(plan.fixedPoint.b, digits!) };
  return { resolved, data, test, validation: validated && { set, data: validated }, parent, start };
}

/** A PlanError for a plan that can be proven and not announced (PROTOCOL §22). */
export function requireAnnounceable({ resolved }: OpenedPlan, file: string): void {
  if (resolved.plan.start.weights === undefined) return;
  throw new PlanError(file, [
    {
      field: "start.weights",
      problem:
        "a run from undisclosed weights cannot be announced: they may be the result of any training.",
      wayOut:
        "Prove it without an announcement, or announce a plan with start.seed or start.parent.",
    },
  ]);
}

function withSeeds(loaded: LoadedPlan, announcement: Announcement | undefined): LoadedPlan {
  if (announcement === undefined) return loaded;
  const { folder, seed } = announcement;
  if (seed === undefined) {
    throw new RunFolderError({
      file: folder,
      problem: "its seed is not drawn yet",
      wayOut: `Run: trainproof draw ${folder}`,
    });
  }
  const seeds = planSeeds(fromHex(seed));
  const { plan } = loaded;
  const start = plan.start.seed === undefined ? plan.start : { seed: hex32(seeds.weights) };
  return { ...loaded, plan: { ...plan, start, scheduleSeed: hex32(seeds.schedule) } };
}
