import {
  canonicalBytes,
  committedStart,
  encodeConfig,
  type PublicConfig,
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
  const configBytes = encodeConfig(config).length;
  const files: { path: string; size: number; sha256: string }[] = [
    { path: "config.json", size: configBytes, sha256: digest },
    { path: "samples.bin", size: 64 * config.samples, sha256: digest },
  ];
  for (const [index, statement] of statements.entries()) {
    const { proof, statement: own, weightsOut } = segmentBytes(statement);
    const folder = `segments/${String(index).padStart(6, "0")}`;
    files.push(
      { path: `${folder}/proof.bin`, size: proof, sha256: digest },
      { path: `${folder}/statement.bin`, size: own, sha256: digest },
      { path: `${folder}/weights-out.bin`, size: weightsOut, sha256: digest },
    );
  }
  if (committedStart(config))
    files.push({
      path: "weights-in.bin",
      size: 64 * shapeOf(statements[0]!).rows.W,
      sha256: digest,
    });
  const manifest = canonicalBytes({
    format: "trainproof-run/1",
    runId: digest,
    configDigest: digest,
    dataRoot: digest,
    modelCommitment: digest,
    steps: config.steps,
    segments: statements.length,
    files,
  }).length;
  return manifest + files.reduce((total, { size }) => total + size, 0);
}
