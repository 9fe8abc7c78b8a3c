import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { mnistPaths } from "../../src/dataset/index.ts";
import type { RunVerification } from "../../src/relayer/index.ts";
import { epochTargets } from "./cases.ts";
import { BenchProcessError, runPart } from "./children.ts";
import { fenced } from "./document.ts";
import type { BenchAnswer, BenchOptions } from "./options.ts";
import type { EpochReport, EpochRequest } from "./proveEpoch.ts";
import { kilobytes, mebibytes, seconds } from "./table.ts";
import type { VerifyEpochRequest } from "./verifyEpoch.ts";

/** Steps of 64 samples in an epoch of MNIST's 60,000: 14 segments of 64 and one each of 32, 8 and 1. */
export const EPOCH_STEPS = 937;

/** An epoch of MNIST by the demo's plan, from the data's files to a verified run folder. With --small its first 3 steps. */
export async function benchEpoch(options: BenchOptions): Promise<BenchAnswer> {
  mnistPaths(import.meta.dirname); // says what to do where it is missing, before anything is measured
  const { threads, portable = false, small } = options;
  const steps = small === true ? 3 : EPOCH_STEPS;
  const parent = mkdtempSync(path.join(os.tmpdir(), "trainproof-bench-"));
  const folder = path.join(parent, "run");
  try {
    const request: EpochRequest = { folder, steps, threads };
    console.error("  training and proving");
    const prove = await runPart<EpochRequest, EpochReport>("proveEpoch", request, { portable });
    console.error("  verifying");
    const started = performance.now();
    const verification = await runPart<VerifyEpochRequest, RunVerification>("verifyEpoch", {
      folder,
    });
    const verifySeconds = (performance.now() - started) / 1000;
    const { verdict, proofBytes } = verification;
    if (!verdict.ok)
      throw new BenchProcessError(`the run was rejected: ${verdict.check}, ${verdict.reason}`);
    return answerOf(steps, prove, { verifySeconds, proofBytes });
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

function answerOf(
  steps: number,
  prove: EpochReport,
  { verifySeconds, proofBytes }: { verifySeconds: number; proofBytes: number },
): BenchAnswer {
  const { segments, dataSetSeconds, peakBytes, threads, cpu, backend } = prove;
  const sum = (of: (segment: (typeof segments)[number]) => number) =>
    segments.reduce((total, segment) => total + of(segment), 0);
  const [training, committing, proving] = [
    sum((s) => s.trainSeconds),
    sum((s) => s.commitSeconds),
    sum((s) => s.proveSeconds),
  ];
  const totalSeconds = prove.totalSeconds + verifySeconds;
  const target = epochTargets.totalSeconds!;
  const last = segments.at(-1)!;
  const text = [
    `784-128-10 on MNIST, batch 64: ${steps} steps in ${segments.length} segments; ${cpu}, ${threads} threads`,
    `data set         ${seconds(dataSetSeconds)}: 60,000 samples committed, once a run`,
    `training         ${seconds(training)}; last loss ${last.loss.toFixed(3)}`,
    `weights' rows    ${seconds(committing)}: W^out of every segment`,
    `proofs           ${seconds(proving)}, ${kilobytes(proofBytes)}`,
    `files and rest   ${seconds(prove.totalSeconds - dataSetSeconds - training - committing - proving)}`,
    `verification     ${seconds(verifySeconds)}: a process of its own, one thread, from the public files to the verdict`,
    `in all           ${seconds(totalSeconds)}; target ${target} s: ${totalSeconds <= target ? "met" : "missed"}`,
    `peak memory      ${mebibytes(peakBytes)}`,
  ];
  return {
    json: {
      device: backend,
      cpu,
      threads,
      steps,
      segments: segments.length,
      totalSeconds,
      dataSetSeconds,
      trainOnlySeconds: training,
      commitWeightsSeconds: committing,
      proveSeconds: proving,
      verifySeconds,
      proofBytes,
      peakBytes,
    },
    text,
    document: { section: "epoch", lines: fenced(text) },
  };
}
