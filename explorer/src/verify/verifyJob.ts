import { type PublicRun, readRun } from "../../../src/artifact/published.ts";
import { fromHex, readGenerators } from "../../../src/protocol/index.ts";
import { judgeClaim } from "../../../src/relayer/judgeClaim.ts";
import { judgeRun, type JudgeRunOptions } from "../../../src/relayer/judgeRun.ts";
import { inThisThread } from "../../../src/relayer/segmentVerifier.ts";
import { PHASES } from "../../../src/verifier/index.ts";
import { TAB_LIMITS } from "./limits.ts";
import type { Answer, RunFacts, VerifyJob } from "./messages.ts";
import { openSource } from "./sources.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Verifies what the job names, as Node does: the same reader, the same judge, the same verifier. Throws where there is no verdict. */
export async function verifyJob(
  { generators, source, facts, sample: size }: VerifyJob,
  answer: (message: Answer) => void,
): Promise<void> {
  const watch = new Stopwatch("reading");
  const table = await fetchTable(generators);
  const sample = size !== undefined && { size, seed: crypto.getRandomValues(new Uint8Array(32)) };
  let read: RunFacts | undefined;
  const open = async (from: VerifyJob["source"], options = {}) =>
    readRun(openSource(from, TAB_LIMITS), { ...options, limits: TAB_LIMITS });
  const announce = (run: PublicRun): PublicRun => {
    read = factsOf(run);
    answer({ kind: "read", run: read });
    return run;
  };
  const verify = async (run: PublicRun, bound: Pick<JudgeRunOptions, "parent" | "plan">) => {
    const begun = new Set<number>();
    const onProgress = (segment: number, phase: string, places: number) => {
      watch.begin(phase);
      const place = begun.add(segment).size - 1;
      const done = place * PHASES.length + PHASES.findIndex((name) => name === phase);
      const all = places * PHASES.length;
      answer({ kind: "phase", segment, place, places, phase, done, all });
    };
    // Each segment is read before its first phase.
    const readSegment: PublicRun["segments"] = async function* (indices) {
      for await (const segment of run.segments(indices)) {
        yield segment;
        watch.begin("reading");
      }
    };
    return judgeRun(
      { ...run, segments: readSegment },
      () => inThisThread(run.samples, table, () => Promise.resolve()),
      { ...bound, ...(sample && { sample }), onProgress },
    );
  };

  const result = facts
    ? await judgeClaim(facts, {
        // The place given is the claim's; its parent has its own.
        read: async (claim, expected) =>
          claim.claimId === facts.claim.claimId
            ? announce(await open(source, { expected }))
            : open({ kind: "url", url: claim.uri }, { expected }),
        verify,
      })
    : await open(source).then((run) => verify(announce(run), parentOf(run)));
  const { verdict, coverage, segments, steps, proofBytes, seconds, timings } = result;
  const { undisclosedStart } = result;
  answer({
    kind: "done",
    verification: {
      result: {
        ...{ verdict, coverage, segments, steps, proofBytes, seconds, timings },
        ...(undisclosedStart !== undefined && { undisclosedStart }),
      },
      ...(read && { run: read }),
      phases: watch.laps(),
      milliseconds: watch.total(),
    },
  });
}

async function fetchTable(url: string) {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`the table of generators is missing: HTTP status ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return readGenerators(bytes) ?? bytes;
}

/** Without a chain, what a run continues is its publisher's word. */
function parentOf({ config: { start } }: PublicRun): Pick<JudgeRunOptions, "parent"> {
  if (!("parent" in start)) return {};
  const { modelCommitment, weightBound } = start.parent;
  return {
    parent: { modelCommitment: fromHex(modelCommitment), weightBound: BigInt(weightBound) },
  };
}

const factsOf = ({ source, proofDigest, manifest, config, segmentCount }: PublicRun): RunFacts => ({
  source,
  proofDigest,
  config,
  segments: segmentCount,
  dataRoot: manifest.dataRoot,
  modelCommitment: manifest.modelCommitment,
});
