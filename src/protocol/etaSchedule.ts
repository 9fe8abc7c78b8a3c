/** A step integer η, and the step of the run from which it counts. */
export interface EtaChange {
  readonly fromStep: number;
  readonly eta: bigint;
}

/** The step integers of a run, ascending by step; the first counts from step 0 (PROTOCOL §19, C4). */
export type EtaSchedule = readonly EtaChange[];

/** η of the segment that starts at `firstStep`. A RangeError for a schedule without a step 0. */
export function etaAt(schedule: EtaSchedule, firstStep: number | bigint): bigint {
  const step = Number(firstStep); // exact: steps are below 2^40
  const change = schedule.findLast(({ fromStep }) => fromStep <= step);
  if (change === undefined)
    throw new RangeError(`the schedule of eta says nothing of step ${String(firstStep)}`);
  return change.eta;
}
