import { hex32, planDigest, type PublicRun } from "../artifact/published.ts";
import { planSeeds } from "../protocol/index.ts";
import { undisclosedStart } from "./undisclosedStart.ts";

/** A plan whose seed was drawn, as the registry tells it. */
export interface DrawnPlan {
  /** 0x and 64 digits. */
  planDigest: string;
  seed: Uint8Array;
}

/** A rule of PROTOCOL §22 that a run breaks. */
export interface PlanFault {
  check: "P1" | "P2" | "P3";
  reason: string;
}

/**
 * Whether a run is what its plan announced, and uses the plan's seed: P1 its configuration and data are the announced ones (never for a run
 * from undisclosed weights), P2 its
 * initial weights come from the seed (unless it continues a run), P3 its batch order does. The statements say what config.json
 * says, by the reader's checks.
 */
export function checkPlan(
  { config, manifest }: Pick<PublicRun, "config" | "manifest">,
  plan: DrawnPlan,
): PlanFault | undefined {
  if (undisclosedStart(config)) {
    const reason = "the run starts from undisclosed weights, which no plan can announce";
    return { check: "P1", reason };
  }
  const digest = planDigest(config, manifest.dataRoot);
  if (digest !== plan.planDigest.toLowerCase()) {
    const reason = `the run's plan is ${digest}, announced was ${plan.planDigest}`;
    return { check: "P1", reason };
  }
  const seeds = planSeeds(plan.seed);
  const [weights, schedule] = [hex32(seeds.weights), hex32(seeds.schedule)];
  if ("seed" in config.start && config.start.seed !== weights) {
    const reason = `the weights come from seed ${config.start.seed}, the plan's is ${weights}`;
    return { check: "P2", reason };
  }
  if (config.scheduleSeed !== schedule) {
    const reason = `the batch order comes from seed ${config.scheduleSeed}, the plan's is ${schedule}`;
    return { check: "P3", reason };
  }
  return undefined;
}
