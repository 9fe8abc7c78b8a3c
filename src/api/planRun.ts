import { existsSync } from "node:fs";
import path from "node:path";
import {
  type Announcement,
  type CommittedWeights,
  createRun,
  encodeConfig,
  type OpenedPlan,
  openRun,
  planDigest,
  publicConfig,
  requireAnnounceable,
  type Run,
  RunFolderError,
  type StartLink,
} from "../artifact/index.ts";
import type { Weights } from "../model/index.ts";
import { equalBytes, fromHex } from "../protocol/index.ts";
import { commitStart, type NativeProver } from "../prover/index.ts";

interface Start {
  link?: StartLink;
  committed?: CommittedWeights;
}

/**
 * The run of a plan, open: the one in the folder to go on with, or a new one. Undisclosed start weights are committed under fresh
 * blindings when it is created. Errors: those of openRun and createRun; RunFolderError where the folder has a run of another plan, or
 * the plan is another than the announced one; ProverError.
 */
export async function openPlanRun(
  planFile: string,
  opened: OpenedPlan,
  folder: string,
  parts: { prover: NativeProver; announcement?: Announcement; signal?: AbortSignal },
): Promise<{ run: Run; goesOn: boolean }> {
  const { announcement } = parts;
  if (announcement) requireAnnounced(planFile, opened, announcement);
  if (existsSync(path.join(folder, "public", "config.json")))
    return { run: reopen(opened, folder), goesOn: true };
  const { link, committed } = await startOf(opened, parts);
  const run = createRun({
    folder,
    config: publicConfig(opened.resolved, link),
    ...(committed && { start: committed }),
    ...(announcement && { data: announcement.data }),
  });
  return { run, goesOn: false };
}

function requireAnnounced(planFile: string, opened: OpenedPlan, announcement: Announcement): void {
  requireAnnounceable(opened, planFile);
  const config = publicConfig(opened.resolved, opened.parent?.link);
  if (planDigest(config, announcement.dataRoot) === announcement.planDigest) return;
  throw new RunFolderError({
    file: planFile,
    problem: `it is not the plan that ${announcement.folder} announced`,
    wayOut: "Name the plan that was announced, or announce this one.",
  });
}

/** What a new run starts from where that is no seed. */
async function startOf(
  { resolved, parent, start }: OpenedPlan,
  { prover, signal }: { prover: NativeProver; signal?: AbortSignal },
): Promise<Start> {
  if (parent) return { link: parent.link, committed: parent.committed };
  if (!start) return {};
  return commitStart(resolved, start.weights, prover, signal && { signal });
}

function reopen({ resolved, parent, start }: OpenedPlan, folder: string): Run {
  const run = openRun(folder);
  try {
    const own = run.config.start;
    // Its blindings are its own.
    const undisclosed = !parent && start && "undisclosed" in own && own.undisclosed;
    const link = undisclosed
      ? { modelCommitment: fromHex(undisclosed.modelCommitment), weightBound: start.weightBound }
      : parent?.link;
    const same =
      (start === undefined) === (link === undefined) &&
      equalBytes(encodeConfig(run.config), encodeConfig(publicConfig(resolved, link)));
    if (!same)
      throw new RunFolderError({
        file: folder,
        problem: "it is a run of another plan",
        wayOut: "Go on with its own plan, or name a new folder.",
      });
    if (undisclosed && run.finished === 0 && !sameWeights(run.weights(), start.weights))
      throw new RunFolderError({
        file: folder,
        problem: "it starts from other weights than those that the plan's start.weights names",
        wayOut: "Give the weights that it was created with, or name a new folder.",
      });
    return run;
  } catch (error) {
    run.close();
    throw error;
  }
}

const sameWeights = (a: Weights | undefined, b: Weights): boolean =>
  a !== undefined &&
  a.layers.every((layer, l) => layer.every((weight, i) => weight === b.layers[l]![i]));
