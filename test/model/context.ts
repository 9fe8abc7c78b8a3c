import type { Shape } from "../../src/protocol/shape.ts";
import type { Statement } from "../../src/protocol/statement.ts";
import type { DenseProver } from "./dense.ts";
import type { Committed, Trace } from "./training.ts";

/** What every relation of the model prover works on. */
export interface Model {
  readonly s: Statement;
  readonly shape: Shape;
  readonly trace: Trace;
  readonly committed: Committed;
  readonly prover: DenseProver;
  /** 2^kappa */
  readonly columns: number;
}
