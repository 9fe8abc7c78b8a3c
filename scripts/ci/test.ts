/**
 * The runner behind `npm test`: builds, lints, type-checks and runs every suite, goes on after a failure, and ends with one line
 * `N passed, N failed` over all of them. `node scripts/ci/test.ts native` runs the native part only.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const node = process.execPath;
const bin = (name: string) => path.join(root, "node_modules", ".bin", name);
const work = mkdtempSync(path.join(os.tmpdir(), "trainproof-test-"));

/** A hang must not look like a pass, nor last: twice what mocha takes on two cores. */
const stepLimit = 40 * 60_000;

interface Counts {
  passed: number;
  failed: number;
}
const total: Counts = { passed: 0, failed: 0 };
const failures: string[] = [];

function count(name: string, { passed, failed }: Counts): void {
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(`${name}: ${failed} failed`);
}

function run(
  command: string,
  args: string[],
  capture = false,
  environment: Record<string, string> = {},
): { ok: boolean; output: string } {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: stepLimit,
    stdio: ["ignore", capture ? "pipe" : "inherit", "inherit"],
  });
  return { ok: status === 0, output: stdout ?? "" };
}

/** A step that is not a suite: it counts only when it fails. */
function step(name: string, command: string, args: string[]): boolean {
  const started = Date.now();
  console.log(`\n== ${name}`);
  const { ok } = run(command, args);
  if (!ok) count(name, { passed: 0, failed: 1 });
  console.log(
    `== ${name}: ${ok ? "ok" : "FAILED"} (${Math.round((Date.now() - started) / 1000)} s)`,
  );
  return ok;
}

interface MochaReport {
  stats: { passes: number; failures: number };
}

function mochaSuite(): void {
  console.log("\n== mocha");
  const file = path.join(work, "mocha.json");
  const { ok } = run(node, [
    bin("mocha"),
    "--reporter",
    path.join(root, "scripts/ci/mochaReporter.cjs"),
    "--reporter-option",
    `output=${file}`,
  ]);
  if (!existsSync(file)) return count("mocha (no report)", { passed: 0, failed: 1 });
  const { stats } = JSON.parse(readFileSync(file, "utf8")) as MochaReport;
  // A failing hook or an uncaught error fails the run, too.
  const failed = ok && stats.passes > 0 ? stats.failures : Math.max(1, stats.failures);
  count("mocha", { passed: stats.passes, failed });
}

function soliditySuite(): void {
  console.log("\n== Solidity");
  const { ok, output } = run(node, [bin("hardhat"), "test", "solidity"], true);
  process.stdout.write(output);
  const passed = Number(/(\d+) passing/.exec(output)?.[1] ?? 0);
  const failed = Number(/(\d+) failing/.exec(output)?.[1] ?? 0);
  // No test at all is no pass.
  count("Solidity", { passed, failed: ok && passed > 0 ? failed : Math.max(1, failed) });
}

interface CtestListing {
  tests: {
    name: string;
    command?: string[];
    properties?: { name: string; value: unknown }[];
  }[];
}
type NativeTest = CtestListing["tests"][number];

/** A property of a test that is a list of strings. */
function listProperty({ properties = [] }: NativeTest, name: string): string[] {
  const value = properties.find((property) => property.name === name)?.value;
  return Array.isArray(value) ? value.map(String) : [];
}

/**
 * Each native test program prints a line for each test and ends with `N passed, N failed`; those with the label `exit-status` are
 * one test each.
 */
function nativeSuite(preset: string): void {
  const built = step(`native build (${preset})`, node, [
    "scripts/ci/buildNative.mjs",
    "--preset",
    preset,
    "--all",
  ]);
  if (!built) return;
  const folder = path.join(root, "build", "native", preset);
  const listing = run("ctest", ["--test-dir", folder, "--show-only=json-v1"], true);
  const { tests } = JSON.parse(listing.output) as CtestListing;
  if (tests.length === 0) return count(`native (${preset}), no tests`, { passed: 0, failed: 1 });
  for (const test of tests) {
    const { name } = test;
    const [program, ...args] = test.command ?? [];
    if (program === undefined) {
      count(`${name} (${preset}), not built`, { passed: 0, failed: 1 });
      continue;
    }
    const environment: Record<string, string> = {};
    for (const entry of listProperty(test, "ENVIRONMENT")) {
      const [variable = "", value = ""] = entry.split("=", 2);
      environment[variable] = value;
    }
    const { ok, output } = run(program, args, true, environment);
    const last = /(\d+) passed, (\d+) failed\s*$/.exec(output);
    let counts = { passed: 0, failed: 1 };
    if (last) counts = { passed: Number(last[1]), failed: Number(last[2]) };
    else if (ok && listProperty(test, "LABELS").includes("exit-status"))
      counts = { passed: 1, failed: 0 };
    if (!ok && counts.failed === 0) counts.failed = 1;
    if (counts.failed > 0) process.stdout.write(output);
    console.log(`${name} (${preset}): ${counts.passed} passed, ${counts.failed} failed`);
    count(`${name} (${preset})`, counts);
  }
}

function nativeSuites(): void {
  if (!existsSync(path.join(root, "native", "CMakeLists.txt"))) {
    console.log("\n== native: skipped, this checkout has no native/CMakeLists.txt");
    return;
  }
  nativeSuite("release");
  nativeSuite("asan");
}

/**
 * A program of its own (testCuda.ts, testExplorer.ts, testIndexer.ts). Without what it needs of the machine it says what is
 * missing, which is no failure.
 */
function ownProgram(name: string, file: string): void {
  console.log(`\n== ${name}`);
  const { ok, output } = run(node, [file], true);
  process.stdout.write(output);
  if (ok && /^skipped: /m.test(output)) return;
  const last = /(\d+) passed, (\d+) failed\s*$/.exec(output);
  const [passed, failed] = last ? [Number(last[1]), Number(last[2])] : [0, 1];
  count(name, { passed, failed: ok && passed > 0 ? failed : Math.max(1, failed) });
}

try {
  if (process.argv[2] === "native") {
    nativeSuites();
  } else {
    step("contracts", node, [bin("hardhat"), "build", "--quiet"]);
    step("contract artifact", node, ["scripts/ci/registryArtifact.ts", "--check"]);
    step("WebAssembly module", node, ["scripts/ci/buildWasm.mjs", "--check"]);
    nativeSuites();
    ownProgram("CUDA", "scripts/ci/testCuda.ts");
    step("build", node, [bin("tsc"), "-p", "tsconfig.build.json"]);
    step("lint", node, [bin("eslint"), ".", "--max-warnings", "0"]);
    step("format", node, [bin("prettier"), "--check", "--log-level", "warn", "."]);
    step("typecheck", node, [bin("tsc"), "-p", "tsconfig.json"]);
    step("typecheck (browser)", node, [bin("tsc"), "-p", "tsconfig.pure.json"]);
    step("typecheck (explorer)", node, [bin("tsc"), "-p", "explorer/tsconfig.json"]);
    mochaSuite();
    soliditySuite();
    ownProgram("queue", "scripts/ci/testQueue.ts");
    ownProgram("explorer", "scripts/ci/testExplorer.ts");
    ownProgram("indexer", "scripts/ci/testIndexer.ts");
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
