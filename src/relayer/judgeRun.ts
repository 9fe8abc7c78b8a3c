import { hex32, type PublicRun, type PublicSegment } from "../artifact/published.ts";
import type { Verdict } from "../verifier/index.ts";
import { checkPlan, type DrawnPlan } from "./checkPlan.ts";
import { type Coverage, coverageOf, type SampleChoice } from "./coverage.ts";
import type { SegmentVerifier } from "./segmentVerifier.ts";
import { StatementChain } from "./statementChain.ts";
import { undisclosedStart } from "./undisclosedStart.ts";

/** What a run continues, as the parent's claim and statements say. */
export interface VerifiedParent {
  modelCommitment: Uint8Array;
  weightBound: bigint;
}

export interface RunVerification {
  /** A check is V1 … V5, C1 … C4 or P1 … P3 of docs/PROTOCOL.md, or M1: the manifest says otherwise than the statements. */
  verdict: { ok: true } | { ok: false; check: string; reason: string; segment?: number };
  /** Whose proofs the verdict is on: a run of which a sample was verified is not thereby valid. */
  coverage: Coverage;
  /** Of the whole run. */
  segments: number;
  /** Whose proofs were verified. */
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
  /** Verifies the proofs of a sample alone, after all statements. */
  sample?: SampleChoice;
  /** Phases of segments that are verified at the same time come as they come; `segments` is how many will be. */
  onProgress?: (segment: number, phase: string, segments: number) => void;
  signal?: AbortSignal;
}

/**
 * The verdict on a published run, in Node and in browsers: every segment's proof (or a sample's), the chain of segments, and that the manifest
 * says what the statements say. It is that of the first segment that fails, however many are verified at a time. Makes the verifier
 * where there is something to verify, and closes it.
 */
export async function judgeRun(
  run: PublicRun,
  makeVerifier: () => SegmentVerifier,
  { parent, plan, sample, onProgress, signal }: JudgeRunOptions = {},
): Promise<RunVerification> {
  const started = performance.now();
  const undisclosed = undisclosedStart(run.config);
  const { coverage, drawn } = coverageOf(run.segmentCount, sample);
  const toVerify = drawn?.length ?? run.segmentCount;
  const statements = new StatementChain(run);
  let [steps, proofBytes] = [0, 0];
  const timings: VerificationTimings = { atATime: 0, segmentSeconds: 0 };
  const result = (verdict: RunVerification["verdict"]): RunVerification => ({
    verdict,
    coverage,
    segments: run.segmentCount,
    steps,
    proofBytes,
    seconds: (performance.now() - started) / 1000,
    ...(undisclosed && { undisclosedStart: hex32(undisclosed.modelCommitment) }),
    timings,
  });

  const planFault = plan && checkPlan(run, plan);
  if (planFault) return result({ ok: false, ...planFault });

  if (drawn) {
    for await (const statement of run.statements()) {
      signal?.throwIfAborted();
      const said = statements.add(statement);
      if (!said.ok) return result({ ...said, segment: statement.index });
    }
    const chained = statements.verdict(parent);
    if (!chained.ok) return result(chained);
  }

  /** What is wrong with the segment after those before it, if anything. */
  const judge = (
    segment: PublicSegment,
    { verdict, seconds: took }: TimedVerdict,
  ): RunVerification["verdict"] => {
    const { index, statement } = segment;
    proofBytes += segment.proof.length;
    timings.segmentSeconds += took;
    if (took > (timings.slowest?.seconds ?? -1))
      timings.slowest = { segment: index, seconds: took };
    if (!verdict.ok) return { ...verdict, segment: index };
    const said = drawn ? verdict : statements.add(segment);
    if (!said.ok) return { ...said, segment: index };
    steps += 2 ** statement.tau;
    return verdict;
  };

  const verifier = makeVerifier();
  const aborted = abortion(signal);
  timings.atATime = verifier.capacity;
  const begun: { segment: PublicSegment; verdict: Promise<TimedVerdict> }[] = [];
  const segments = run.segments(drawn);
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
              verifier.verify(segment, (phase) => onProgress?.(segment.index, phase, toVerify)),
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

  return result(drawn ? { ok: true } : statements.verdict(parent));
}

interface TimedVerdict {
  readonly verdict: Verdict;
  readonly seconds: number;
}

async function timed(verdict: Promise<Verdict>): Promise<TimedVerdict> {
  const began = performance.now();
  return { verdict: await verdict, seconds: (performance.now() - began) / 1000 };
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
