import {
  committedStart,
  encodeConfig,
  encodeManifest,
  type PublicConfig,
  RECORD_BYTES,
} from "../artifact/index.ts";
import { encodeStatement, shapeOf, type Statement } from "../protocol/index.ts";

/** Bytes of a segment's public files, exactly (PROTOCOL §17, docs/FILES.md). */
export interface SegmentBytes {
  readonly proof: number;
  readonly statement: number;
  readonly weightsOut: number;
}

export function segmentBytes(statement: Statement): SegmentBytes {
  const { proofBytes, rows } = shapeOf(statement);
  return {
    proof: proofBytes,
    statement: encodeStatement(statement).length,
    weightsOut: 64 * rows.W,
  };
}

/** Bytes of everything that a run publishes, exactly; `statements` are those of its segments, in order. */
export function publicBytes(config: PublicConfig, statements: readonly Statement[]): number {
  const digest = `0x${"0".repeat(64)}`;
  const files: { path: string; size: number; sha256: string }[] = [
    { path: "config.json", size: encodeConfig(config).length, sha256: digest },
    { path: "samples.bin", size: 64 * config.samples, sha256: digest },
    { path: "segments.bin", size: RECORD_BYTES * statements.length, sha256: digest },
  ];
  if (committedStart(config))
    files.push({
      path: "weights-in.bin",
      size: 64 * shapeOf(statements[0]!).rows.W,
      sha256: digest,
    });
  const manifest = encodeManifest({
    format: "trainproof-run/2",
    runId: digest,
    configDigest: digest,
    dataRoot: digest,
    modelCommitment: digest,
    segmentsRoot: digest,
    steps: config.steps,
    segments: statements.length,
    files,
  }).length;
  const listed = files.reduce((total, { size }) => total + size, manifest);
  return statements.reduce((total, statement) => {
    const { proof, statement: own, weightsOut } = segmentBytes(statement);
    return total + proof + own + weightsOut;
  }, listed);
}
