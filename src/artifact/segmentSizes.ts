import { encodeStatement, shapeOf } from "../protocol/index.ts";
import {
  committedStart,
  type PublicConfig,
  runParameters,
  segmentOf,
  startKindOf,
} from "./config.ts";
import type { SegmentFile } from "./segmentList.ts";
import { exampleStatement } from "./segments.ts";

/** Bytes of each file of a segment. */
export type SegmentSizes = Readonly<Record<SegmentFile, number>>;

/**
 * What the files of a segment measure by config.json alone (PROTOCOL §5, §7, §17): no more is ever fetched. The sizes of a configuration
 * that breaks V1 may be anything, NaN included; its files can be read as far as a reader's limits go, and the verifier says why not.
 */
export function segmentSizes(config: PublicConfig): (index: number) => SegmentSizes {
  const run = runParameters(config);
  const W0 = BigInt(committedStart(config)?.weightBound ?? 0);
  const known = new Map<string, SegmentSizes>();
  return (index) => {
    const segment = segmentOf(config, index);
    if (segment === undefined) throw new RangeError(`segmentSizes: there is no segment ${index}`);
    const startKind = startKindOf(config, index);
    const key = `${startKind}/${segment.steps}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const statement = exampleStatement(run, segment, startKind, W0);
    const { proofBytes, rows } = shapeOf(statement);
    const sizes = {
      "statement.bin": encodeStatement(statement).length,
      "weights-out.bin": 64 * rows.W,
      "proof.bin": proofBytes,
    };
    known.set(key, sizes);
    return sizes;
  };
}
