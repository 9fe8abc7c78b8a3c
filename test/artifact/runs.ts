import { createHash } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import {
  createRun,
  hex32,
  type PublicConfig,
  type Run,
  type SegmentHistory,
  type SegmentResult,
  segmentsOf,
  type TrainedAhead,
} from "../../src/artifact/index.ts";
import { decodeStatement, encodeStatement } from "../../src/protocol/index.ts";
import { weightsFromSeed } from "../../src/model/index.ts";

/** 5 steps in segments of 4 and 1; the stand-ins below need no prover. */
export const config: PublicConfig = {
  format: "trainproof-config/1",
  name: "small",
  widths: [3, 4, 2],
  fixedPoint: { fA: 8, fG: 13, R: 32, sigma: 8, b: 16, dv: 1, dg: 1 },
  eta: "4",
  batch: 2,
  steps: 5,
  segmentSteps: 4,
  kappa: 3,
  start: { seed: `0x${"11".repeat(32)}` },
  scheduleSeed: `0x${"22".repeat(32)}`,
  samples: 6,
  labels: "oneHot",
  offsets: { x0: 0, y0: 0 },
};

/** Bytes that look random and are the same each time. */
export function bytesOf(label: string, length: number): Uint8Array {
  const out = Buffer.alloc(length);
  for (let at = 0, i = 0; at < length; at += 32, i++)
    createHash("sha256").update(`${label}/${i}`).digest().copy(out, at);
  return out;
}

/** |W| of 3-4-2: 4 rows of 4 and 5 of 2, in rows of 2^3. */
const ROWS = Math.ceil((16 + 10) / 8);

/** Stand-ins for the weights after a segment: right in form, meaningless in content. */
export function weightsAfter(index: number, salt = "") {
  return {
    weights: weightsFromSeed(bytesOf(`weights${index}${salt}`, 32), config.widths, 32),
    rows: bytesOf(`rows${index}${salt}`, 64 * ROWS),
    blindings: bytesOf(`blindings${index}${salt}`, 32 * ROWS),
  };
}

export const samples = bytesOf("samples", 64 * config.samples);

const phases = [{ phase: "train", seconds: 0.5, processorSeconds: 1, peakBytes: 4096 }];

/** A record of a segment's training. */
export function historyOf(index: number): SegmentHistory {
  const steps = index === 0 ? 4 : 1;
  return {
    format: "trainproof-history/1",
    segment: index,
    firstStep: 4 * index,
    steps,
    learningRate: 0.015625,
    loss: Array.from({ length: steps }, (_, t) => 1 / (1 + 4 * index + t)),
    correct: Array.from({ length: steps }, () => 1),
    validation: { set: "test", samples: 10, loss: 0.5, accuracy: 0.7 },
    ranges: [{ quantity: "gradient", layer: 1, step: 4 * index, largest: 300, limit: 32768 }],
    phases,
    proofBytes: 500,
    device: "cpu",
    threads: 2,
    finished: "2026-11-26T20:00:00.000Z",
  };
}

/** What a prover would hand over for a segment of this run. */
export function segmentResult(run: Run, index: number, salt = ""): SegmentResult {
  const out = weightsAfter(index, salt);
  const statement = run.nextStatement(out.rows);
  return {
    ...out,
    statement: encodeStatement(statement),
    proof: bytesOf(`proof${index}${salt}`, 500),
    history: historyOf(index),
  };
}

/** A stand-in for the next segment after those that are trained ahead. */
export function trainedAhead(run: Run, index: number): TrainedAhead {
  const segment = segmentsOf(config)[index]!;
  const before = index > run.finished ? run.ahead.statement(index - 1) : undefined;
  const former = { previous: before && decodeStatement(before), rows: run.rowsBefore(index) };
  const out = weightsAfter(index);
  const statement = encodeStatement(run.statementAfter(segment, former, out.rows));
  return { ...out, statement, record: { loss: 0.5 } };
}

/** A new run with both its segments trained ahead. */
export function runAhead(folder: string): Run {
  const run = createRun({ folder, config });
  run.writeSamples(samples);
  for (const index of [0, 1]) run.ahead.add(index, trainedAhead(run, index));
  return run;
}

/** Finishes what is trained ahead, with proofs from elsewhere. */
export function finishAhead(run: Run) {
  for (const index of [...run.ahead.indices])
    run.finishAhead(index, { proof: bytesOf(`proof${index}`, 500), history: historyOf(index) });
}

/** Brings a run to its end, from wherever it stands. */
export function finish(run: Run) {
  if (run.samples() === undefined)
    run.writeSamples(samples, { format: "trainproof-history/1", samples: 6, phases });
  for (let at = run.resume(); at.segment; at = run.resume())
    run.finishSegment(at.segment.index, segmentResult(run, at.segment.index));
  return run.publish();
}

/** Every file below a folder with its content, by path. */
export function snapshot(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).sort())
    if (fs.statSync(join(folder, path)).isFile())
      found.set(path, hex32(fs.readFileSync(join(folder, path))));
  return found;
}
