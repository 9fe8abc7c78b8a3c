import type { NativeProver } from "../../prover/index.ts";
import type { Health, Logger } from "../../service/index.ts";
import type { RunKey } from "../keyFile.ts";
import type { WorkerMetrics } from "../metrics.ts";
import type { QueuePlace } from "../segmentQueue.ts";
import type { ObjectStore } from "../store/index.ts";

/** What a worker works with. */
export interface WorkerContext {
  /** In the queue and in what trainers say; letters, digits and . _ / - only. */
  readonly name: string;
  readonly place: QueuePlace;
  readonly store: ObjectStore;
  /** Of the runs whose segments it may prove. */
  readonly keys: readonly RunKey[];
  /** One device: a segment at a time. */
  readonly prover: NativeProver;
  /** Of this package. */
  readonly version: string;
  /** Milliseconds that it may be silent until its segment goes elsewhere. */
  readonly lease: number;
  readonly memoryLimit?: number;
  readonly log: Logger;
  readonly metrics: WorkerMetrics;
  readonly health: Health;
}
