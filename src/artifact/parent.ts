import { weightBound, weightDigest } from "../protocol/index.ts";
import type { CommittedWeights } from "./committedWeights.ts";
import { runParameters, type StartLink } from "./config.ts";
import { RunFolderError } from "./errors.ts";
import type { ParentFacts } from "./plan.ts";
import { openRun } from "./run.ts";

/** What continuing from a run needs (PROTOCOL §19, C3). */
export interface Parent {
  /** For resolvePlan. */
  readonly facts: ParentFacts;
  /** For publicConfig. */
  readonly link: StartLink;
  /** For createRun. Secret. */
  readonly committed: CommittedWeights;
}

/**
 * Reads the last weights of a finished run from its folder, secret part included.
 * Errors: those of openRun; RunFolderError where the run is not finished.
 */
export function readParent(folder: string): Parent {
  const run = openRun(folder);
  try {
    const { segment, start, previous } = run.resume();
    if (segment !== undefined || start === undefined || previous === undefined)
      throw new RunFolderError({
        file: folder,
        problem: `only ${run.finished} of ${run.segmentCount} segments are finished`,
        wayOut: "Finish the parent run first: trainproof prove.",
      });
    const { widths, fixedPoint, kappa } = run.config;
    const { R } = fixedPoint;
    const bound = weightBound(previous);
    return {
      facts: { widths, R, kappa, weightBound: bound },
      link: {
        modelCommitment: weightDigest({ ...runParameters(run.config), R }, start.rows),
        weightBound: bound,
      },
      committed: start,
    };
  } finally {
    run.close();
  }
}
