/**
 * `npm run test:cuda`: the CUDA backend's tests, on a GPU where one is usable and else on ptxsim, a simulator that runs the kernels
 * on the CPU with checks of bounds, races and deadlocks. Ends with `N passed, N failed`, or with `skipped: …` where nvcc or the
 * simulator is missing.
 *
 * TRAINPROOF_PTXSIM names a built ptxsim folder; else its sources beside the checkout are built into build/ptxsim.
 */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { SampleList } from "../../src/protocol/index.ts";
import { verify } from "../../src/verifier/index.ts";
import { checkVerbs } from "./cudaVerbs.ts";

const root = path.resolve(import.meta.dirname, "../..");
const buildFolder = path.join(root, "build/native/ptxsim");

let passed = 0;
const failures: string[] = [];
function check(name: string, ok: boolean, detail = ""): void {
  console.log(`${ok ? "ok" : "FAIL"} ${name}${detail === "" ? "" : `: ${detail}`}`);
  if (ok) passed += 1;
  else failures.push(name);
}

function run(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): SpawnSyncReturns<string> {
  return spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 12 * 60_000,
    env: { ...process.env, ...env },
  });
}

/** Ends with the output where a step of the build fails. */
function must(name: string, { status, stdout, stderr, error }: SpawnSyncReturns<string>): void {
  if (status === 0) return;
  console.log(`${stdout}${stderr}`.split("\n").slice(-40).join("\n"));
  console.log(`FAIL ${name}${error ? `: ${error.message}` : ""}\n0 passed, 1 failed`);
  process.exit(1);
}

function skip(missing: string): never {
  console.log(`skipped: the CUDA tests need ${missing}`);
  process.exit(0);
}

const newest = (folder: string): number =>
  Math.max(...readdirSync(folder).map((name) => statSync(path.join(folder, name)).mtimeMs));

/** The folder with libptxsim.so; undefined where there is no simulator. */
function simulator(): string | undefined {
  const given = process.env["TRAINPROOF_PTXSIM"];
  if (given) {
    if (existsSync(path.join(given, "libptxsim.so"))) return path.resolve(given);
    skip(`a built ptxsim: ${given}, which TRAINPROOF_PTXSIM names, has no libptxsim.so`);
  }
  const sources = path.resolve(root, "../shared/ptxsim");
  if (!existsSync(path.join(sources, "build.sh"))) return undefined;
  const built = path.join(root, "build/ptxsim");
  const library = path.join(built, "libptxsim.so");
  if (existsSync(library) && statSync(library).mtimeMs > newest(path.join(sources, "src"))) {
    return built;
  }
  mkdirSync(built, { recursive: true });
  // The originals may be read-only.
  cpSync(sources, built, { recursive: true });
  run("chmod", ["-R", "u+w", built]);
  must("building ptxsim", run("sh", [path.join(built, "build.sh")]));
  return built;
}

/** A native test program; each prints `N passed, N failed` at its end. */
function program(name: string, file: string, env: Record<string, string>): void {
  const started = Date.now();
  const { status, stdout, stderr } = run(path.join(buildFolder, file), [], env);
  const counts = /(\d+) passed, (\d+) failed\s*$/.exec(stdout);
  const [good, bad] = counts ? [Number(counts[1]), Number(counts[2])] : [0, 1];
  const seconds = Math.round((Date.now() - started) / 1000);
  const failed = status === 0 ? bad : Math.max(1, bad);
  if (failed > 0) console.log(`${stdout}${stderr}`);
  console.log(`${name}: ${good} passed, ${failed} failed (${seconds} s)`);
  passed += good;
  for (let i = 0; i < failed; ++i) failures.push(name);
}

interface Segment {
  proof: Uint8Array;
  accepted: boolean;
  reason: string;
}

const generators = new Uint8Array(readFileSync(path.join(root, "data/generators.bin")));

/** A segment that the native test program trains and proves on `device`, and what the verifier says of it. */
function segment(device: string, options: string[], env: Record<string, string> = {}): Segment {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-cuda-"));
  try {
    const tool = path.join(buildFolder, "prover/trainproof_test_segment");
    const args = [folder, `device=${device}`, "randomness=7", ...options];
    const { status, stderr } = run(tool, args, env);
    if (status !== 0) return { proof: new Uint8Array(), accepted: false, reason: stderr };
    const read = (name: string) => new Uint8Array(readFileSync(path.join(folder, name)));
    const weightsIn = read("weightsIn.bin");
    const verdict = verify(
      read("statement.bin"),
      read("proof.bin"),
      {
        samples: new SampleList(read("samples.bin")),
        ...(weightsIn.length > 0 ? { weightsIn } : {}),
        weightsOut: read("weightsOut.bin"),
      },
      { generators },
    );
    return {
      proof: read("proof.bin"),
      accepted: verdict.ok,
      reason: verdict.ok ? "" : `${verdict.check} ${verdict.reason}`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nvcc = run("nvcc", ["--version"]);
if (nvcc.error || nvcc.status !== 0) skip("nvcc, which is not on PATH (the CUDA toolkit)");
const gpu = run("nvidia-smi", ["-L"]).status === 0;
const ptxsim = gpu ? "" : simulator();
if (ptxsim === undefined) {
  skip("a GPU, or ptxsim: set TRAINPROOF_PTXSIM to a built one");
}
console.log(gpu ? "on a GPU" : `on the simulator ${path.relative(root, ptxsim)}`);
const targets = [
  ...[
    "cuda_memory_test",
    "cuda_conformance_test",
    "cuda_twin_test",
    "cuda_training_test",
    "cuda_errors_test",
  ],
  ...["cuda_traffic_test", ...(gpu ? [] : ["cuda_devices_test"])],
  ...["trainproof_test_segment", "trainproof_native"],
];
must(
  "building",
  run(process.execPath, [
    path.join(root, "scripts/ci/buildNative.mjs"),
    ...["--preset", "ptxsim", "--define", `TRAINPROOF_PTXSIM=${ptxsim}`],
    ...targets.flatMap((target) => ["--target", target]),
  ]),
);

const suites: [string, Record<string, string>][] = [["", {}]];
if (!gpu) {
  for (const seed of ["1", "2", "3"]) suites.push([`, PTXSIM_SEED=${seed}`, { PTXSIM_SEED: seed }]);
  suites.push([", PTXSIM_RACECHECK=2", { PTXSIM_RACECHECK: "2" }]);
}
program("cuda_memory_test", "backend/cuda_memory_test", {});
for (const [how, env] of suites) {
  program(`cuda_conformance_test${how}`, "backend/cuda_conformance_test", env);
  program(`cuda_twin_test${how}`, "backend/cuda_twin_test", env);
  program(`cuda_training_test${how}`, "backend/cuda_training_test", env);
}
program("cuda_errors_test", "prover/cuda_errors_test", {});
program("cuda_traffic_test", "prover/cuda_traffic_test", {});
if (!gpu) program("cuda_devices_test", "prover/cuda_devices_test", {});

for (const options of [
  ["widths=5,4,3", "tau=1", "beta=1", "b=8"],
  ["widths=9,6,3", "tau=1", "beta=2", "b=8", "start=1"],
  ["widths=5,4,3", "tau=1", "beta=1", "b=8", "start=2"],
  ["widths=3,7,2", "tau=2", "beta=1", "b=16", "kappa=9", "start=2"],
]) {
  const name = `a proof of ${options.join(" ")}`;
  const onGpu = segment("cuda:0", options);
  check(`${name} is accepted`, onGpu.accepted, onGpu.reason);
  const onCpu = segment("cpu", options);
  check(`${name} is the CPU's byte for byte`, Buffer.from(onGpu.proof).equals(onCpu.proof));
}

await checkVerbs(check, path.join(buildFolder, "trainproof_native.node"), !gpu);

for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
