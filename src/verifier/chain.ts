import { equalBytes } from "../protocol/bytes.ts";
import { weightBound } from "../protocol/check.ts";
import { etaAt, type EtaSchedule } from "../protocol/etaSchedule.ts";
import type { Statement } from "../protocol/statement.ts";
import { readStatement, type Verdict } from "./verify.ts";

/** The claim that a run continues: what its last segment ended with (PROTOCOL §19). */
export interface ParentClaim {
  /** The parent's model commitment: its last segment's weightsOut. */
  readonly modelCommitment: Uint8Array;
  /** weightBound of the parent's last statement. */
  readonly weightBound: bigint;
}

/** The undisclosed weights that a run says it starts from (PROTOCOL §19). */
export interface UndisclosedStart {
  /** Digest of their row commitments. */
  readonly modelCommitment: Uint8Array;
  /** W0 = 2^(w−1): each weight is in [−W0, W0). */
  readonly weightBound: bigint;
}

/** What a run says of itself, and its statements must bear out. A run without parent and undisclosed weights starts from a public seed. */
export interface RunExpectation {
  readonly parent?: ParentClaim | undefined;
  readonly undisclosed?: UndisclosedStart | undefined;
  /** The step sizes that the run's configuration announces; without it all are equal. */
  readonly schedule?: EtaSchedule | undefined;
}

/** Fields that all segments of a run share; eta only where no schedule says otherwise. */
const CONSTANT = [
  "runId",
  "scheduleSeed",
  "beta",
  "kappa",
  "b",
  "R",
  "dv",
  "dg",
  "fA",
  "fG",
  "sigma",
  "eta",
  "x0",
  "y0",
  "samples",
  "dataRoot",
  "widths",
] as const satisfies readonly (keyof Statement)[];

/**
 * Checks that statements are the segments of one run in order: C1 neighbours fit, C2 the run starts
 * at step 0, C3 it starts from what it says: a public seed, its parent, or undisclosed weights, C4 its step sizes are those of the
 * schedule (PROTOCOL §19). Each statement must keep V1 as well. That each segment's proof is valid is
 * `verify`'s to say.
 *
 * @example
 * const verdict = verifyChain(segments.map(({ statement }) => statement), { parent });
 */
export function verifyChain(
  segments: readonly Uint8Array[],
  expected: RunExpectation = {},
): Verdict {
  const { schedule } = expected;
  const statements: Statement[] = [];
  for (const [i, bytes] of segments.entries()) {
    const statement = readStatement(bytes);
    if ("check" in statement) return reject(statement.check, `segment ${i}: ${statement.reason}`);
    statements.push(statement);
  }
  const first = statements[0];
  if (first === undefined) return reject("C2", "a run needs a segment, and there is none");
  for (const [i, next] of statements.slice(1).entries()) {
    const reason = neighbourFault(statements[i]!, next, schedule !== undefined);
    if (reason !== undefined) return reject("C1", `segment ${i + 1}: ${reason}`);
  }
  if (first.firstStep !== 0n)
    return reject("C2", `segment 0: firstStep is ${String(first.firstStep)}, a run starts at 0`);
  const startReason = startFault(first, expected);
  if (startReason !== undefined) return reject("C3", `segment 0: ${startReason}`);
  const sizeReason = schedule && scheduleFault(statements, schedule);
  return sizeReason === undefined ? { ok: true } : reject("C4", sizeReason);
}

/** Where a step size is not the schedule's. */
function scheduleFault(
  statements: readonly Statement[],
  schedule: EtaSchedule,
): string | undefined {
  for (const [i, { eta, firstStep, tau }] of statements.entries()) {
    const expected = etaAt(schedule, firstStep);
    if (eta !== expected)
      return `segment ${i}: eta is ${String(eta)}, the schedule says ${String(expected)} from step ${String(firstStep)}`;
    // A change within a segment would count too late.
    const [begin, end] = [Number(firstStep), Number(firstStep) + 2 ** tau];
    const inside = schedule.find(({ fromStep }) => fromStep > begin && fromStep < end);
    if (inside !== undefined)
      return `segment ${i}: the schedule changes eta at step ${inside.fromStep}, within the segment`;
  }
  return undefined;
}

function neighbourFault(
  before: Statement,
  next: Statement,
  scheduled: boolean,
): string | undefined {
  for (const field of CONSTANT)
    if (!(scheduled && field === "eta") && !same(before[field], next[field]))
      return `${field} differs from the segment before`;
  const step = before.firstStep + BigInt(2 ** before.tau);
  if (next.firstStep !== step)
    return `firstStep is ${String(next.firstStep)}, the segment before ends at ${String(step)}`;
  // V1 implies this (startKind 0 needs firstStep 0); C1 says it all the same.
  if (next.startKind !== 1) return `startKind is ${next.startKind}, only the first may not be 1`;
  if (!equalBytes(next.start, before.weightsOut))
    return "start is not the weightsOut of the segment before";
  const bound = weightBound(before);
  if (next.W0 < bound)
    return `W0 = ${String(next.W0)} is below ${String(bound)}, the weight bound of the segment before`;
  return undefined;
}

/** What startKinds start from, as a run says it. */
const STARTS = ["a public seed", "a parent claim", "undisclosed weights"] as const;

function startFault(first: Statement, { parent, undisclosed }: RunExpectation): string | undefined {
  if (parent && undisclosed)
    return "a parent claim and undisclosed weights are given, a run starts from one of them";
  const kind = undisclosed ? 2 : parent ? 1 : 0;
  if (first.startKind !== kind)
    return `startKind is ${first.startKind}, ${STARTS[first.startKind]!}, but the run says that it starts from ${STARTS[kind]}`;
  if (undisclosed) {
    if (!equalBytes(first.start, undisclosed.modelCommitment))
      return "start is not the commitment to the undisclosed weights";
    return first.W0 === undisclosed.weightBound
      ? undefined
      : `W0 = ${String(first.W0)} is not the undisclosed weights' bound ${String(undisclosed.weightBound)}`;
  }
  if (!parent) return undefined;
  if (!equalBytes(first.start, parent.modelCommitment))
    return "start is not the parent's model commitment";
  return first.W0 >= parent.weightBound
    ? undefined
    : `W0 = ${String(first.W0)} is below the parent's weight bound ${String(parent.weightBound)}`;
}

function same(a: Statement[keyof Statement], b: Statement[keyof Statement]): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return equalBytes(a, b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, i) => value === b[i]);
  return a === b;
}

const reject = (check: string, reason: string): Verdict => ({ ok: false, check, reason });
