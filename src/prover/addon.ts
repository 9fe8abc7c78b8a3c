import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ProverError } from "./errors.ts";

/** Called with the phase's name and how far it is, from 0 to 1. */
export type NativeProgress = (phase: string, fraction: number) => void;

/** A running job of the addon; cancelling it makes its promise reject with code "Cancelled". */
export interface NativeJob {
  cancel(): void;
}

/** Row commitments (64 bytes each) with their blindings (32 bytes each, secret). */
export interface CommittedRows {
  rows: Uint8Array;
  blindings: Uint8Array;
}

/** A segment's trace, held where it was trained (host memory, a GPU's) until released or collected. */
export interface NativeTrace {
  readonly bytes: number;
  release(): void;
}

/** The weights that a segment's training ended in, held there likewise: the next segment starts from them where they are. */
export interface NativeWeights {
  readonly bytes: number;
  release(): void;
}

/** A segment's batch, sent to where it will be trained, likewise. */
export interface NativeBatch {
  readonly bytes: number;
  release(): void;
}

/** What a training segment gives: its trace, W^out, and loss and correct predictions a step. */
export interface NativeTraining {
  trace: NativeTrace;
  weights: NativeWeights;
  loss: Float64Array;
  correct: Uint32Array;
  /** T × L, step by step: max |z_l| of each layer. */
  largestPreActivations: Float64Array;
  /** T × (L − 1): max |g_l| before ReLU's mask. */
  largestGradients: Float64Array;
}

export interface NativeProofInput {
  statement: Uint8Array;
  trace: NativeTrace;
  key: Uint8Array;
  nonce: Uint8Array;
  samplePoints: Uint8Array;
  weightsIn?: CommittedRows;
  weightsOut: CommittedRows;
  memoryLimit?: number;
  /** Which of the chosen devices proves; the first unless given. */
  device?: number;
}

/** What the addon finds of CUDA; `reason` says why no device is usable and is empty where one is. */
export interface CudaInfo {
  devices: {
    name: string;
    model: string;
    computeCapability: string;
    memoryBytes: number;
    multiprocessors: number;
  }[];
  runtime: string;
  driver: string;
  reason: string;
}

/** The addon as native/addon exports it. `statement` is always TPS1 bytes (PROTOCOL §5). */
export interface NativeAddon {
  /** `devices` are the chosen ones, the first of which trains; `backend` is all of them: "cpu", "cuda:0" or "cuda:0,cuda:1". */
  info(): {
    version: string;
    backend: string;
    devices: string[];
    threads: number;
    cpu: string;
    cuda: CudaInfo;
  };
  /** "auto", "cpu", "cuda:0", several as "cuda:0,cuda:1", or "cuda:all": what later operations run on. */
  selectDevice(device: string): void;
  setThreads(threads: number): void;
  loadGenerators(table: Uint8Array): void;
  schedule(statement: Uint8Array): BigUint64Array;
  initialWeights(statement: Uint8Array): BigInt64Array;
  predictMemory(statement: Uint8Array): { train: number; prove: number };
  createJob(): NativeJob;
  commitSamples(
    rows: Int32Array,
    columns: number,
    firstIndex: number,
    key: Uint8Array,
    nonce: Uint8Array,
    job: NativeJob,
    onProgress?: NativeProgress,
  ): Promise<Uint8Array>;
  commitWeights(
    statement: Uint8Array,
    weights: BigInt64Array | NativeWeights,
    job: NativeJob,
  ): Promise<CommittedRows>;
  readWeights(weights: NativeWeights, job: NativeJob): Promise<BigInt64Array>;
  sendBatch(statement: Uint8Array, batch: Int32Array, job: NativeJob): Promise<NativeBatch>;
  train(
    statement: Uint8Array,
    batch: Int32Array | NativeBatch,
    weightsIn: BigInt64Array | Int32Array | NativeWeights,
    job: NativeJob,
    onProgress?: NativeProgress,
    memoryLimit?: number,
  ): Promise<NativeTraining>;
  prove(input: NativeProofInput, job: NativeJob, onProgress?: NativeProgress): Promise<Uint8Array>;
}

const name = "trainproof_native.node";

/** The package's folder: the nearest one above this file that holds package.json. */
function packageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, "package.json"))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new ProverError("AddonMissing", "package.json was not found");
    folder = parent;
  }
  return folder;
}

function candidates(root: string): string[] {
  const chosen = process.env["TRAINPROOF_ADDON"];
  const built = ["release", "debug"].map((preset) =>
    path.join(root, "build", "native", preset, name),
  );
  return chosen === undefined || chosen === "" ? built : [path.resolve(chosen)];
}

const FUNCTIONS = Object.keys({
  info: true,
  selectDevice: true,
  setThreads: true,
  loadGenerators: true,
  schedule: true,
  initialWeights: true,
  predictMemory: true,
  createJob: true,
  commitSamples: true,
  commitWeights: true,
  readWeights: true,
  sendBatch: true,
  train: true,
  prove: true,
} satisfies Record<keyof NativeAddon, true>) as (keyof NativeAddon)[];

let loaded: NativeAddon | undefined;

/**
 * Loads the native prover, once.
 *
 * TRAINPROOF_ADDON names another file than the one that `npm run build:native` makes.
 *
 * @throws ProverError "AddonMissing" that says where it was looked for and how to build it.
 */
export function loadAddon(): NativeAddon {
  if (loaded !== undefined) return loaded;
  const root = packageRoot();
  const files = candidates(root);
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined) {
    throw new ProverError(
      "AddonMissing",
      [
        "the native prover is not built; training and proving need it, verifying does not.",
        `  Looked for: ${files.map((f) => path.relative(process.cwd(), f)).join(", ")}`,
        "  Way out: install a C++20 compiler and CMake (Debian: apt-get install g++ cmake), then: npm run build:native",
      ].join("\n"),
    );
  }
  let addon: Partial<NativeAddon>;
  try {
    addon = createRequire(import.meta.url)(file) as NativeAddon;
  } catch (cause) {
    throw new ProverError(
      "AddonMissing",
      [
        `the native prover ${path.relative(process.cwd(), file)} cannot be loaded: ${(cause as Error).message}`,
        "  It may have been built for another platform or C++ library. Way out: npm run build:native",
      ].join("\n"),
      { cause },
    );
  }
  const missing = FUNCTIONS.filter((called) => typeof addon[called] !== "function");
  if (missing.length > 0) {
    throw new ProverError(
      "AddonMissing",
      [
        `the native prover ${path.relative(process.cwd(), file)} lacks ${missing.join(", ")}`,
        "  It was built from other sources than these. Way out: npm run build:native",
      ].join("\n"),
    );
  }
  loaded = addon as NativeAddon;
  return loaded;
}

/** The file of PROTOCOL §2's generator table. */
export function generatorsFile(): string {
  return path.join(packageRoot(), "data", "generators.bin");
}
