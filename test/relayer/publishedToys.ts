/** Runs of toy segments, as readPublicRun gives them. */
import { hex32, type PublicRun, type PublicSegment } from "../../src/artifact/index.ts";
import type { SampleList } from "../../src/protocol/index.ts";
import type { Toy } from "../model/toy.ts";

interface Published extends PublicSegment {
  readonly samples: SampleList;
}

/** Segments of two steps each, one after the other. */
export const publish = (toys: readonly Toy[]): Published[] =>
  toys.map(({ bytes, statement, proof, samples, weightsIn, weightsOut }, index) => ({
    index,
    statementBytes: bytes,
    statement,
    proof,
    samples,
    weightsIn,
    weightsOut,
  }));

/** `start` is config.json's, the seed unless said; `reads` sees which segments are read, and may throw. */
export function runOf(
  list: readonly Published[],
  reads = (_: number): void => undefined,
  start?: unknown,
): PublicRun {
  const { statement, samples } = list[0]!;
  const steps = 2 * list.length;
  return {
    source: "test",
    proofDigest: hex32(statement.runId),
    manifest: {
      runId: hex32(statement.runId),
      dataRoot: hex32(statement.dataRoot),
      modelCommitment: hex32(list.at(-1)!.statement.weightsOut),
      steps,
    },
    config: { steps, segmentSteps: 2, start: start ?? { seed: hex32(statement.start) } },
    samples: samples.bytes,
    segmentCount: list.length,
    readSegment: (index: number) => Promise.resolve(list[index]!),
    async *segments(indices?: readonly number[]) {
      for (const segment of list) {
        if (indices && !indices.includes(segment.index)) continue;
        reads(segment.index);
        yield await Promise.resolve(segment);
      }
    },
    async *statements() {
      for (const { index, statementBytes, statement: own } of list)
        yield await Promise.resolve({ index, statementBytes, statement: own });
    },
  } as unknown as PublicRun;
}
