import { z } from "zod";
import { DATA_PHASE, type MachineSpeed } from "./speed.ts";
import { type Statement } from "../protocol/index.ts";
import { type CostPhase, dataTerms, PHASES, termsOf } from "./counts.ts";

const factor = z.number().min(0);
const seconds = z.number().min(0);
const factors = z.array(factor).min(1).max(8);

/** data/cost.json: what `npm run bench -- calibrate --write` measured, and the factors that fit it. */
export const CostModelSchema = z.strictObject({
  format: z.literal("trainproof-cost/1"),
  /** The machine that was measured. */
  cpu: z.string(),
  threads: z.number().int().min(1),
  /** Seconds of the probe (probe.ts) there: what another machine's are compared with. */
  probe: z.strictObject({ train: seconds, commit: seconds, prove: seconds }),
  /** Seconds for one of each of counts.ts' terms. */
  phases: z.strictObject(
    Object.fromEntries(PHASES.map((phase) => [phase, factors])) as Record<
      CostPhase,
      typeof factors
    >,
  ),
  [DATA_PHASE]: factors,
});
export type CostModel = z.output<typeof CostModelSchema>;

/** Seconds of one segment. */
export interface SegmentSeconds {
  readonly train: number;
  readonly commit: number;
  readonly prove: number;
  /** In Node, on one thread, of this machine. */
  readonly verify: number;
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);

/** Seconds by phase on the machine that the model was made on. */
export function phaseSeconds(model: CostModel, statement: Statement): Record<CostPhase, number> {
  const terms = termsOf(statement);
  return Object.fromEntries(
    PHASES.map((phase) => [phase, dot(model.phases[phase], terms[phase])]),
  ) as Record<CostPhase, number>;
}

/** A segment's predicted time on a machine of this speed. */
export function segmentSeconds(
  model: CostModel,
  statement: Statement,
  speed: MachineSpeed,
): SegmentSeconds {
  const at = phaseSeconds(model, statement);
  return {
    train: at.train * speed.train,
    commit: at["commit weights"] * speed.commit,
    prove:
      at.commit * speed.commit +
      (at.lookup + at.products + at.zkrelu + at.opening + at.rest) * speed.prove,
    verify: at.verify * speed.prove,
  };
}

/** Predicted time of committing to a data set, once a run. */
export const dataSeconds = (
  model: CostModel,
  samples: number,
  columns: number,
  speed: MachineSpeed,
): number => dot(model[DATA_PHASE], dataTerms(samples, columns)) * speed.commit;
