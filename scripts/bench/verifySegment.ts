/**
 * Verifies one segment in a process of its own, on its one thread. From stdin a VerifyRequest, on stdout a VerifyReport.
 */
import { readFileSync } from "node:fs";
import { readGenerators, SampleList } from "../../src/protocol/index.ts";
import { type Verdict, verify } from "../../src/verifier/index.ts";
import { packageFile } from "../lib/package.ts";
import { answer } from "./part.ts";
import { readSegmentFiles } from "./segmentFiles.ts";
import { Stopwatch } from "../../src/prover/stopwatch.ts";

export interface VerifyRequest {
  readonly folder: string;
}

export interface VerifyReport {
  readonly verdict: Verdict;
  /** Of the process's first verification, when nothing is compiled yet. */
  readonly phases: Record<string, number>;
  /** Seconds of a second one. */
  readonly againSeconds: number;
  /** What is paid once a run: hashing the list of sample commitments and the generators. */
  readonly onceSeconds: number;
  readonly peakBytes: number;
}

function verifySegment({ folder }: VerifyRequest): VerifyReport {
  const files = readSegmentFiles(folder);
  const table = new Uint8Array(readFileSync(packageFile("data/generators.bin")));
  const once = new Stopwatch();
  once.at("once");
  const generators = readGenerators(table) ?? table;
  const samples = new SampleList(files.samples);
  samples.root({ features: 0, labels: 0, fA: 0, sigma: 0, x0: 0, y0: 0 }); // hashes the list, whatever the parameters
  once.stop();

  const commitments = {
    samples,
    weightsOut: files.weightsOut,
    ...(files.weightsIn.length > 0 && { weightsIn: files.weightsIn }),
  };
  const measured = [0, 1].map(() => {
    const watch = new Stopwatch();
    watch.at("statement");
    const verdict = verify(files.statement, files.proof, commitments, {
      generators,
      onProgress: (phase) => watch.at(phase),
    });
    watch.stop();
    return { verdict, watch };
  });
  return {
    verdict: measured.find(({ verdict }) => !verdict.ok)?.verdict ?? { ok: true },
    phases: measured[0]!.watch.seconds,
    againSeconds: measured[1]!.watch.total,
    onceSeconds: once.total,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

await answer(verifySegment);
