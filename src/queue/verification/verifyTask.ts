import { decodeStatement } from "../../protocol/index.ts";
import { inWorkers } from "../../relayer/segmentPool.ts";
import type { SegmentVerifier } from "../../relayer/segmentVerifier.ts";
import { secondsSince } from "../../service/index.ts";
import type { RunKey } from "../keyFile.ts";
import type { ObjectStore } from "../store/index.ts";
import type { JobTurn, WorkerContext, WorkerTask } from "../worker/context.ts";
import { faultOf, persistently } from "../worker/persistently.ts";
import { parseVerificationJob, type VerificationAnswer, type VerificationJob } from "./job.ts";
import { VerificationObjects } from "./objects.ts";

export interface VerifyingParts {
  readonly store: ObjectStore;
  readonly keys: readonly RunKey[];
  /** PROTOCOL §2's table. */
  readonly generators: Uint8Array;
  /** Of the code that verifies here (verifierBuild). */
  readonly build: string;
}

/**
 * Verifies segments with the third parties' verifier, in a thread of its own: so that this one tells Redis that it lives. The thread, with
 * its decoded generators and sample list, is kept until a job is of another run.
 */
export function verificationTask(
  { name: worker, metrics, log }: Pick<WorkerContext, "name" | "metrics" | "log">,
  { store, keys, generators, build }: VerifyingParts,
): WorkerTask<VerificationJob, VerificationAnswer> & { close(): Promise<void> } {
  const known = new Map(keys.map((key) => [key.runId, new VerificationObjects(store, key)]));
  let kept: { readonly samples: string; readonly verifier: SegmentVerifier } | undefined;
  const close = async () => {
    const { verifier } = kept ?? {};
    kept = undefined;
    await verifier?.close();
  };

  async function verifierFor(objects: VerificationObjects, job: VerificationJob) {
    const { samples } = job.objects;
    if (kept?.samples === samples) return kept.verifier;
    await close();
    const verifier = inWorkers(1, await objects.getSamples(samples), generators);
    kept = { samples, verifier };
    return verifier;
  }

  async function work(
    job: VerificationJob,
    { signal, begin }: JobTurn,
  ): Promise<VerificationAnswer> {
    const objects = known.get(job.runId)!;
    const began = performance.now();
    try {
      const [segment, verifier] = await persistently(
        async () => [await objects.getSegment(job), await verifierFor(objects, job)] as const,
        signal,
      );
      metrics.phase("fetch", secondsSince(began));
      await begin();
      const statement = decodeStatement(segment.statementBytes);
      const verifying = performance.now();
      metrics.device(true);
      const onPhase = (phase: string) => log.debug({ segment: job.segment, phase }, "progress");
      const verdict = await Promise.race([
        verifier.verify({ index: job.segment, statement, ...segment }, onPhase),
        abortion(signal),
      ]).finally(() => metrics.device(false));
      metrics.phase("verify", secondsSince(verifying));
      const sealed = objects.sealVerdict(job, worker, verdict);
      return { ok: true, worker, verdict: sealed, seconds: secondsSince(began) };
    } catch (error) {
      await close(); // a thread that has failed, or is at what nobody waits for
      signal.throwIfAborted();
      return { ok: false, worker, ...faultOf(error, "verifier") };
    }
  }

  return {
    doing: "verifying",
    done: "verified",
    parse: parseVerificationJob,
    refusal: ({ runId, build: wanted }) =>
      !known.has(runId)
        ? `no key ${runId}; name its file with --key-file`
        : wanted === build
          ? undefined
          : `the verifier wants build ${wanted} of it, this is ${build}: install the same`,
    work,
    close,
  };
}

/** Rejects when the signal aborts. */
function abortion(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the signal's own reason
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  return aborted;
}
