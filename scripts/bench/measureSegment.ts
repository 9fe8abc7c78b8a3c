import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { draftOf } from "./caseStatement.ts";
import type { BenchCase } from "./cases.ts";
import { BenchProcessError, runPart } from "./children.ts";
import { type Limits, measureLimits, phaseLimits } from "./limits.ts";
import type { ProveReport, ProveRequest } from "./proveSegment.ts";
import type { BenchResult } from "./result.ts";
import type { VerifyReport, VerifyRequest } from "./verifySegment.ts";

export interface MeasureOptions {
  readonly threads?: number | undefined;
  /** "cpu" (the default), "auto" or a GPU such as "cuda:0", for which no limits are known. */
  readonly device?: string | undefined;
  /** Forces the code without vector instructions. */
  readonly portable?: boolean | undefined;
  readonly repeat?: number | undefined;
  /** Rough limits, for tests. */
  readonly quick?: boolean | undefined;
  readonly onProgress?: (what: string) => void;
}

/** A segment's figures, and what they were made of. */
export interface SegmentMeasurement {
  readonly bench: BenchCase;
  readonly result: BenchResult;
  readonly limits: Limits;
  readonly prove: ProveReport;
  readonly verify: VerifyReport;
}

const sum = (seconds: Record<string, number>) => Object.values(seconds).reduce((a, b) => a + b, 0);

/**
 * Measures the processor's limits, trains and proves a segment, and verifies it from its files: each in a process of its own.
 *
 * @throws BenchProcessError where one of them fails, or a proof is rejected.
 */
export async function measureSegment(
  bench: BenchCase,
  options: MeasureOptions = {},
): Promise<SegmentMeasurement> {
  const {
    threads,
    device = "cpu",
    portable = false,
    quick = false,
    repeat = 1,
    onProgress,
  } = options;
  const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-bench-"));
  try {
    onProgress?.("training and proving");
    const request: ProveRequest = { bench, folder, threads, device, repeat };
    const prove = await runPart<ProveRequest, ProveReport>("proveSegment", request, { portable });
    onProgress?.("verifying");
    const verify = await runPart<VerifyRequest, VerifyReport>("verifySegment", { folder });
    if (!verify.verdict.ok) {
      const { check, reason } = verify.verdict;
      throw new BenchProcessError(`the proof was rejected: ${check}, ${reason}`);
    }
    onProgress?.("measuring the processor's limits");
    const limits = await measureLimits(prove.threads, { portable, quick });
    const limitSeconds =
      prove.backend === "cpu" ? phaseLimits(draftOf(bench), prove.weightBits, limits.rates) : {};
    const phases = Object.entries(prove.phases).map(([name, seconds]) => [
      name,
      { seconds, limitSeconds: limitSeconds[name] ?? null },
    ]);
    const result: BenchResult = {
      device: prove.backend,
      cpu: prove.cpu,
      threads: prove.threads,
      stepSeconds: sum(prove.phases) / bench.steps,
      verifySeconds: sum(verify.phases),
      proofBytes: prove.proofBytes,
      peakBytes: prove.peakBytes,
      trainOnlySeconds: prove.phases["train"] ?? 0,
      phases: Object.fromEntries(phases) as BenchResult["phases"],
    };
    return { bench, result, limits, prove, verify };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
