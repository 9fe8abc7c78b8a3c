import {
  announcedSchedule,
  hex32,
  type PublicRun,
  type PublicSegment,
  segmentsOf,
} from "../artifact/published.ts";
import { equalBytes, fromHex } from "../protocol/index.ts";
import { type Verdict, verifyChain } from "../verifier/index.ts";
import { checkPlan, type DrawnPlan } from "./checkPlan.ts";
import type { SegmentVerifier } from "./segmentVerifier.ts";
import { undisclosedStart } from "./undisclosedStart.ts";

/** What a run continues, as the parent's claim and statements say. */
export interface VerifiedParent {
  modelCommitment: Uint8Array;
  weightBound: bigint;
}

export interface RunVerification {
  /** A check is V1 … V5, C1 … C4 or P1 … P3 of docs/PROTOCOL.md, or M1: the manifest says otherwise than the statements. */
  verdict: { ok: true } | { ok: false; check: string; reason: string; segment?: number };
  segments: number;
  steps: number;
  proofBytes: number;
  seconds: number;
  /** Commitment to the undisclosed weights that the run continues, 0x and 64 digits, if it does: nothing is proven of what came before. */
  undisclosedStart?: string;
  timings: VerificationTimings;
}

/** Where a verification's time went. */
export interface VerificationTimings {
  /** Segments that were verified at a time, at most. */
  atATime: number;
  /** Of the segments that count for the verdict, from when each was handed to its verifier to its verdict, added up: more than `seconds` where several were at work. */
  segmentSeconds: number;
  /** The one that took longest; absent where none was verified. */
  slowest?: { segment: number; seconds: number };
}

export interface JudgeRunOptions {
  /** The run's parent, for a run that continues another. */
  parent?: VerifiedParent;
  /** The plan that the claim names: the run must be its plan's, and use its seed. */
  plan?: DrawnPlan;
  /** Phases of segments that are verified at the same time come as they come; `segments` is how many the run has. */
  onProgress?: (segment: number, phase: string, segments: number) => void;
  signal?: AbortSignal;
}

/**
 * The verdict on a published run, in Node and in browsers: every segment's proof, the chain of segments, and that the manifest says
 * what the statements say. It is that of the first segment that fails, however many are verified at a time. Makes the verifier
 * where there is something to verify, and closes it.
 */
export async function judgeRun(
  run: PublicRun,
  makeVerifier: () => SegmentVerifier,
  { parent, plan, onProgress, signal }: JudgeRunOptions = {},
): Promise<RunVerification> {
  const started = performance.now();
  const undisclosed = undisclosedStart(run.config);
  const statements: Uint8Array[] = [];
  let [steps, proofBytes] = [0, 0];
  const timings: VerificationTimings = { atATime: 0, segmentSeconds: 0 };
  const result = (verdict: RunVerification["verdict"]): RunVerification => ({
    verdict,
    segments: run.segmentCount,
    steps,
    proofBytes,
    seconds: (performance.now() - started) / 1000,
    ...(undisclosed && { undisclosedStart: hex32(undisclosed.modelCommitment) }),
    timings,
  });

  const planFault = plan && checkPlan(run, plan);
  if (planFault) return result({ ok: false, ...planFault });

  /** What is wrong with the segment after those before it, if anything. */
  const judge = (
    segment: PublicSegment,
    { verdict, seconds: took }: TimedVerdict,
  ): RunVerification["verdict"] => {
    const { index, statement } = segment;
    statements.push(segment.statementBytes);
    proofBytes += segment.proof.length;
    timings.segmentSeconds += took;
    if (took > (timings.slowest?.seconds ?? -1))
      timings.slowest = { segment: index, seconds: took };
    if (!verdict.ok) return { ...verdict, segment: index };
    const fault = manifestFault(run, segment);
    if (fault !== undefined) return { ok: false, check: "M1", reason: fault, segment: index };
    steps += 2 ** statement.tau;
    return verdict;
  };

  const verifier = makeVerifier();
  const aborted = abortion(signal);
  timings.atATime = verifier.capacity;
  const begun: { segment: PublicSegment; verdict: Promise<TimedVerdict> }[] = [];
  const segments = run.segments();
  let unread: { error: unknown } | undefined;
  try {
    for (let reading = true; reading || begun.length > 0;) {
      signal?.throwIfAborted();
      if (reading && begun.length < verifier.capacity) {
        try {
          const next = await segments.next();
          if (next.done === true) reading = false;
          else {
            const segment = next.value;
            const verdict = timed(
              verifier.verify(segment, (phase) =>
                onProgress?.(segment.index, phase, run.segmentCount),
              ),
            );
            verdict.catch(() => undefined); // thrown when it is this segment's turn, if ever
            begun.push({ segment, verdict });
          }
        } catch (error) {
          // Those before it come first: one of them may be invalid.
          unread = { error };
          reading = false;
        }
        continue;
      }
      const { segment, verdict } = begun.shift()!;
      const judged = judge(segment, await Promise.race([verdict, aborted]));
      if (!judged.ok) return result(judged);
    }
  } finally {
    await verifier.close();
  }
  if (unread) throw unread.error;

  if (steps !== run.manifest.steps || statements.length !== segmentsOf(run.config).length) {
    const reason = `the statements prove ${steps} steps, the manifest says otherwise`;
    return result({ ok: false, check: "M1", reason, segment: run.segmentCount - 1 });
  }
  const chain = verifyChain(statements, {
    parent,
    undisclosed,
    schedule: announcedSchedule(run.config),
  });
  return result(chain.ok ? chain : { ok: false, check: chain.check, reason: chain.reason });
}

interface TimedVerdict {
  readonly verdict: Verdict;
  readonly seconds: number;
}

async function timed(verdict: Promise<Verdict>): Promise<TimedVerdict> {
  const began = performance.now();
  return { verdict: await verdict, seconds: (performance.now() - began) / 1000 };
}

/** What the manifest says otherwise than a segment's statement. */
function manifestFault(
  { manifest, segmentCount }: PublicRun,
  { index, statement }: PublicSegment,
): string | undefined {
  if (!equalBytes(statement.dataRoot, fromHex(manifest.dataRoot)))
    return "the manifest names another data root than the statement";
  if (!equalBytes(statement.runId, fromHex(manifest.runId)))
    return "the manifest names another run id than the statement";
  const last = index === segmentCount - 1;
  if (last && !equalBytes(statement.weightsOut, fromHex(manifest.modelCommitment)))
    return "the manifest names another model than the last statement";
  return undefined;
}

/** Rejects when the signal aborts, with its reason. */
function abortion(signal: AbortSignal | undefined): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the signal's own reason
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  return aborted;
}
