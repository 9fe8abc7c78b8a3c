import { type PublicRun, segmentsOf } from "../artifact/index.ts";
import { equalBytes, fromHex, readGenerators, SampleList } from "../protocol/index.ts";
import { checkPlan, type DrawnPlan } from "./checkPlan.ts";
import { type Verdict, verifyChain, verifySteps } from "../verifier/index.ts";

/** What a run continues, as the parent's claim and statements say. */
export interface VerifiedParent {
  modelCommitment: Uint8Array;
  weightBound: bigint;
}

export interface RunVerification {
  /** A check is V1 … V5, C1 … C3 or P1 … P3 of docs/PROTOCOL.md, or M1: the manifest says otherwise than the statements. */
  verdict: { ok: true } | { ok: false; check: string; reason: string; segment?: number };
  segments: number;
  steps: number;
  proofBytes: number;
  seconds: number;
}

export interface VerifyRunOptions {
  /** PROTOCOL §2's table. */
  generators: Uint8Array;
  /** The run's parent, for a run that continues another. */
  parent?: VerifiedParent;
  /** The plan that the claim names: the run must be its plan's, and use its seed. */
  plan?: DrawnPlan;
  onProgress?: (segment: number, phase: string) => void;
  signal?: AbortSignal;
}

/**
 * Verifies a published run: every segment's proof, the chain of segments, and that the manifest says what the statements
 * say. One segment is in memory at a time.
 */
export async function verifyPublicRun(
  run: PublicRun,
  options: VerifyRunOptions,
): Promise<RunVerification> {
  const { parent, onProgress, signal } = options;
  const started = performance.now();
  const samples = new SampleList(run.samples);
  const generators = readGenerators(options.generators) ?? options.generators;
  const statements: Uint8Array[] = [];
  let [steps, proofBytes] = [0, 0];
  const result = (verdict: RunVerification["verdict"]): RunVerification => ({
    verdict,
    segments: run.segmentCount,
    steps,
    proofBytes,
    seconds: (performance.now() - started) / 1000,
  });
  const mismatch = (reason: string, segment: number) =>
    result({ ok: false, check: "M1", reason, segment });

  const planFault = options.plan && checkPlan(run, options.plan);
  if (planFault) return result({ ok: false, ...planFault });

  for await (const segment of run.segments()) {
    const { index, statementBytes, statement, proof, weightsIn, weightsOut } = segment;
    signal?.throwIfAborted();
    statements.push(statementBytes);
    proofBytes += proof.length;
    const commitments = { samples, weightsOut, ...(weightsIn && { weightsIn }) };
    const phases = verifySteps(statementBytes, proof, commitments, { generators });
    let verdict: Verdict;
    for (;;) {
      const phase = phases.next();
      if (phase.done) {
        verdict = phase.value;
        break;
      }
      onProgress?.(index, phase.value);
      // Lets a signal or a progress bar through.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
    if (!verdict.ok) return result({ ...verdict, segment: index });
    if (!equalBytes(statement.dataRoot, fromHex(run.manifest.dataRoot))) {
      return mismatch("the manifest names another data root than the statement", index);
    }
    if (!equalBytes(statement.runId, fromHex(run.manifest.runId))) {
      return mismatch("the manifest names another run id than the statement", index);
    }
    steps += 2 ** statement.tau;
    if (index === run.segmentCount - 1) {
      if (!equalBytes(statement.weightsOut, fromHex(run.manifest.modelCommitment))) {
        return mismatch("the manifest names another model than the last statement", index);
      }
    }
  }
  const last = run.segmentCount - 1;
  if (steps !== run.manifest.steps || statements.length !== segmentsOf(run.config).length) {
    return mismatch(`the statements prove ${steps} steps, the manifest says otherwise`, last);
  }
  const chain = verifyChain(statements, parent);
  return result(chain.ok ? chain : { ok: false, check: chain.check, reason: chain.reason });
}
