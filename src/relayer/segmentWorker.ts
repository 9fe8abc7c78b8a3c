/** The worker thread of segmentPool.ts: verifies the segments that it is sent, one after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { readGenerators, SampleList } from "../protocol/index.ts";
import { type Phase, type Verdict, verify } from "../verifier/index.ts";

/** What every worker gets once. */
export interface WorkerData {
  readonly samples: Uint8Array;
  readonly generators: Uint8Array;
}

/** A segment to verify. */
export interface WorkerJob {
  readonly statementBytes: Uint8Array;
  readonly proof: Uint8Array;
  readonly weightsIn: Uint8Array | undefined;
  readonly weightsOut: Uint8Array;
}

/** A phase of the segment begins, or its verdict. What verify throws ends the worker as an error event. */
export type WorkerAnswer = { readonly phase: Phase } | { readonly verdict: Verdict };

const { samples, generators } = workerData as WorkerData;
const list = new SampleList(samples);
const table = readGenerators(generators) ?? generators;
const answer = (message: WorkerAnswer): void => parentPort!.postMessage(message);

parentPort!.on("message", ({ statementBytes, proof, weightsIn, weightsOut }: WorkerJob) => {
  const commitments = { samples: list, weightsOut, ...(weightsIn && { weightsIn }) };
  const verdict = verify(statementBytes, proof, commitments, {
    generators: table,
    onProgress: (phase) => answer({ phase }),
  });
  answer({ verdict });
});
