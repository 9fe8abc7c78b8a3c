import {
  exampleStatement,
  publicConfig,
  type ResolvedPlan,
  weightBounds,
} from "../artifact/index.ts";
import {
  type CostModel,
  dataSeconds,
  type MachineSpeed,
  nodeBytes,
  publicBytes,
  segmentBytes,
  segmentSeconds,
} from "../cost/index.ts";
import { encodeStatement } from "../protocol/index.ts";
import type { NativeProver } from "../prover/index.ts";

/** What a plan will cost: times are predictions, sizes are exact. */
export interface Estimate {
  readonly segments: number;
  /** Of the first segment, a full one. */
  readonly segment: {
    readonly trainSeconds: number;
    readonly proveSeconds: number;
    readonly verifySeconds: number;
    readonly proofBytes: number;
  };
  /** Committing to the data set, once. */
  readonly dataSeconds: number;
  readonly trainSeconds: number;
  readonly proveSeconds: number;
  /** On one thread. */
  readonly verifySeconds: number;
  /** Everything until the run is proven. */
  readonly totalSeconds: number;
  /** Peak of the process that proves. */
  readonly memoryBytes: number;
  /** All proofs, and all that is published. */
  readonly proofBytes: number;
  readonly publicBytes: number;
}

/** Predicts a plan's cost on a machine of this speed. */
export function estimate(
  resolved: ResolvedPlan,
  model: CostModel,
  speed: MachineSpeed,
  prover: NativeProver,
): Estimate {
  const { run, segments, first } = resolved;
  const bounds = weightBounds(run, segments, first.W0);
  const statements = segments.map((segment) =>
    exampleStatement(
      run,
      segment,
      segment.index === 0 ? first.startKind : 1,
      bounds[segment.index]!,
    ),
  );
  // Of a start that is no seed, only the sizes of what will be said are known.
  const link = { modelCommitment: new Uint8Array(32), weightBound: first.W0 };
  // All segments of a length cost the same, up to the first one's start.
  const costs = statements.map((statement) => segmentSeconds(model, statement, speed));
  const sum = (of: (i: number) => number) => segments.reduce((total, _, i) => total + of(i), 0);
  const data = dataSeconds(model, run.samples, run.widths[0]! + run.widths.at(-1)!, speed);
  const train = sum((i) => costs[i]!.train);
  const prove = sum((i) => costs[i]!.commit + costs[i]!.prove);
  const sizes = statements.map(segmentBytes);
  const memory = prover.predictMemory(encodeStatement(statements[0]!));
  return {
    segments: segments.length,
    segment: {
      trainSeconds: costs[0]!.train,
      proveSeconds: costs[0]!.commit + costs[0]!.prove,
      verifySeconds: costs[0]!.verify,
      proofBytes: sizes[0]!.proof,
    },
    dataSeconds: data,
    trainSeconds: train,
    proveSeconds: prove,
    verifySeconds: sum((i) => costs[i]!.verify),
    totalSeconds: data + train + prove,
    memoryBytes: Math.max(memory.train, memory.prove) + nodeBytes(run.widths),
    proofBytes: sum((i) => sizes[i]!.proof),
    publicBytes: publicBytes(
      publicConfig(resolved, first.startKind === 0 ? undefined : link),
      statements,
    ),
  };
}
